"""Our side of the comparison, in a process of its own as the peer is.

Example: `python -m eval.bench.ours --data ../shared/data --texts texts.json`

It prints one JSON object: seconds to index, milliseconds a query, the number of passages and the encoder's number type.
The texts of these passages go to a file, for the bare encoder to be timed on the same.
"""

import json
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from eval.bench.children import arguments, emit
from eval.bench.data import Document, SpanQuestion, read_squad
from eval.bench.inside import encoder_dtype
from eval.bench.libraries import index_all, temporary_folder, to_article
from index import Article, Library
from index.encoders import Encoder, PassageText, PassageVectors, Vector
from service.encoders import make_encoder
from service.offline import force_offline
from service.settings import load_settings

__all__ = ["Overheard", "timed_index", "timed_queries"]

_LIMIT = 10
_WARM_UP = 10
_WARMING = "The Gannet Bridge opened on Monday. Ferries stopped the same evening."


class Overheard:
    """An encoder that remembers the texts it was given, and is otherwise `inner`."""

    def __init__(self, inner: Encoder) -> None:
        self.texts: list[str] = []
        self._inner = inner
        self.name, self.revision = inner.name, inner.revision
        self.dimension, self.max_tokens = inner.dimension, inner.max_tokens

    def token_spans(self, text: str) -> list[tuple[int, int]]:
        """Return what `inner` does."""
        return self._inner.token_spans(text)

    def encode_passages(self, passages: Sequence[PassageText]) -> list[PassageVectors]:
        """Return what `inner` does."""
        self.texts.extend(passage.text for passage in passages)
        return self._inner.encode_passages(passages)

    def encode_query(self, text: str) -> Vector:
        """Return what `inner` does."""
        return self._inner.encode_query(text)


def timed_index(library: Library, articles: Sequence[Article]) -> float:
    """Return the seconds from the articles to the first reply."""
    began = time.perf_counter()
    index_all(library, articles)
    library.search(["warm up"], limit=1)
    return time.perf_counter() - began


def timed_queries(library: Library, questions: Sequence[str]) -> list[float]:
    """Return the milliseconds of each search, encoder included, after some to warm up."""
    times: list[float] = []
    for question in questions[:_WARM_UP]:
        library.search([question], limit=_LIMIT)
    for question in questions:
        began = time.perf_counter()
        library.search([question], limit=_LIMIT)
        times.append((time.perf_counter() - began) * 1_000)
    return times


def main() -> None:
    """Measure, and print one JSON object."""
    parser = arguments(__doc__)
    parser.add_argument("--texts", type=Path, required=True, help="where to write the texts of the passages")
    options = parser.parse_args()
    force_offline()
    documents, questions = read_squad(options.data, options.limit)
    articles = [to_article(document) for document in documents]
    encoder = make_encoder(load_settings())
    _warm_up(encoder, questions[0])
    overheard = Overheard(encoder)
    with temporary_folder() as folder, closing(Library(folder, lambda: overheard)) as library:
        seconds = timed_index(library, articles)
        times = timed_queries(library, [question.text for question in questions])
    options.texts.write_text(json.dumps(overheard.texts), encoding="utf-8")
    measured = {
        "articles": len(articles),
        "characters": sum(len(article.text) for article in articles),
        "passages": len(overheard.texts),
        "seconds": seconds,
        "dtype": encoder_dtype(encoder),
        "query_ms": times,
    }
    emit(measured)


def _warm_up(encoder: Encoder, question: SpanQuestion) -> None:
    """Load model, tokenizer and libraries with an article of another library."""
    with temporary_folder() as folder, closing(Library(folder, lambda: encoder)) as library:
        index_all(library, [to_article(Document("warm-up", "Warm-up", _WARMING))])
        library.search([question.text])


if __name__ == "__main__":
    main()
