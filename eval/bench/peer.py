"""The peer: what a user of LangChain and Chroma writes first. Chunks of 1,000 characters, the best ten by cosine.

Example: `python -m eval.bench.peer --data ../shared/data --model data/models/sentence-transformers--all-MiniLM-L6-v2`

It runs in a process of its own and prints one JSON object: seconds to index, milliseconds a query, and of each question
the rank of the first chunk of its paragraph and the tokens read until a right answer has been read (null: never).
"""

import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from langchain_core.embeddings import Embeddings

from eval.bench.children import arguments, emit
from eval.bench.data import Document, SpanQuestion, read_squad
from eval.bench.errors import ChildError
from eval.bench.metrics import first_rank, lies_within, mostly_within
from service.offline import force_offline

if TYPE_CHECKING:
    from langchain_chroma import Chroma

__all__ = ["Chunk", "chunk_rank", "tokens_until_answer"]

_CHUNK_CHARS = 1_000
_OVERLAP_CHARS = 200
_K = 10
_WARM_UP = 10


@dataclass(frozen=True)
class Chunk:
    """A retrieved chunk: its text, and where that begins in its article."""

    article_id: str
    start: int
    text: str

    @property
    def span(self) -> tuple[int, int]:
        """Return its half-open offsets."""
        return self.start, self.start + len(self.text)


def chunk_rank(chunks: Sequence[Chunk], question: SpanQuestion) -> int | None:
    """Return the rank of the first chunk that lies mostly in the question's paragraph."""
    return first_rank(
        chunk.article_id == question.article_id and mostly_within(chunk.span, question.paragraph) for chunk in chunks
    )


def tokens_until_answer(
    chunks: Sequence[Chunk], question: SpanQuestion, count_tokens: Callable[[str], int]
) -> int | None:
    """Return how many tokens a reader of the chunks, the best first, has read at the end of a right answer."""
    read = 0
    counts: list[int] = []
    for chunk in chunks:
        if chunk.article_id == question.article_id:
            held = [answer for answer in question.answers if lies_within(answer, chunk.span)]
            counts.extend(read + count_tokens(chunk.text[: end - chunk.start]) for _, end in held)
        read += count_tokens(chunk.text)
    return min(counts, default=None)


class _SentenceTransformerEmbeddings(Embeddings):
    """The model's own `encode` as LangChain's embeddings, which is what langchain-huggingface does.

    That package (1.2.3) wants huggingface_hub < 2 and cannot be installed beside ours.
    """

    def __init__(self, folder: Path) -> None:
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415

        self.model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        vectors: list[list[float]] = self.model.encode(texts).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]


def main() -> None:
    """Measure, and print one JSON object."""
    parser = arguments(__doc__)
    parser.add_argument("--model", type=Path, required=True, help="folder of the sentence-transformers model")
    options = parser.parse_args()
    force_offline()
    documents, questions = read_squad(options.data, options.limit)
    embeddings = _embeddings(options.model)
    with tempfile.TemporaryDirectory(prefix="pullquote-peer-", ignore_cleanup_errors=True) as folder:
        store, n_chunks, seconds = _index(documents, embeddings, folder)
        times, found = _query(store, questions)
    count = _token_counter(embeddings)
    measured = {
        "articles": len(documents),
        "characters": sum(len(document.text) for document in documents),
        "chunks": n_chunks,
        "seconds": seconds,
        "query_ms": times,
        "ranks": [chunk_rank(chunks, q) for chunks, q in zip(found, questions, strict=True)],
        "tokens": [tokens_until_answer(chunks, q, count) for chunks, q in zip(found, questions, strict=True)],
    }
    emit(measured)


def _embeddings(model: Path) -> "_SentenceTransformerEmbeddings":
    try:
        import langchain_chroma  # noqa: F401, PLC0415  (an extra; and a second that is not to be measured)
    except ImportError as exc:
        raise ChildError(f"the peer is not installed ({exc}); run `make .venv/bench.stamp`") from exc
    embeddings = _SentenceTransformerEmbeddings(model)
    embeddings.embed_documents(["warm up"])
    return embeddings


def _index(
    documents: Sequence[Document], embeddings: "_SentenceTransformerEmbeddings", folder: str
) -> tuple["Chroma", int, float]:
    """Return the store, the number of chunks, and the seconds from the articles to the first reply."""
    from langchain_chroma import Chroma  # noqa: PLC0415
    from langchain_core.documents import Document as Text  # noqa: PLC0415
    from langchain_text_splitters import RecursiveCharacterTextSplitter  # noqa: PLC0415

    splitter = RecursiveCharacterTextSplitter(
        chunk_size=_CHUNK_CHARS, chunk_overlap=_OVERLAP_CHARS, add_start_index=True
    )
    texts = [Text(document.text, metadata={"id": document.id}) for document in documents]
    began = time.perf_counter()
    chunks = splitter.split_documents(texts)
    store = Chroma.from_documents(
        chunks, embeddings, persist_directory=folder, collection_metadata={"hnsw:space": "cosine"}
    )
    store.similarity_search("warm up", k=1)
    return store, len(chunks), time.perf_counter() - began


def _query(store: "Chroma", questions: Sequence[SpanQuestion]) -> tuple[list[float], list[list[Chunk]]]:
    times: list[float] = []
    found: list[list[Chunk]] = []
    for question in questions[:_WARM_UP]:
        store.similarity_search(question.text, k=_K)
    for question in questions:
        began = time.perf_counter()
        chunks = store.similarity_search(question.text, k=_K)
        times.append((time.perf_counter() - began) * 1_000)
        found.append([Chunk(c.metadata["id"], c.metadata["start_index"], c.page_content) for c in chunks])
    return times, found


def _token_counter(embeddings: "_SentenceTransformerEmbeddings") -> Callable[[str], int]:
    tokenizer: Any = embeddings.model.tokenizer
    return lambda text: len(tokenizer.tokenize(text))


if __name__ == "__main__":
    main()
