"""The library: articles in, sentences out. The one door of this package to what is stored.

An article is added in four steps, each safe to be the last one that happens: the new version is written unseen, its
vectors are put into the vector index, the pointer flips, the old version goes. What a crash leaves behind is
swept when the library is opened, and a vector index that does not fit the ledger is made anew from it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import islice
from pathlib import Path

import numpy as np

from index.articles import Article
from index.encoders.base import Encoder, PassageText, Vectors
from index.errors import ArticleNotFoundError, IdTakenError, StorageError
from index.ledger import Database, Indexed, Reader, Writer
from index.manifest import Manifest
from index.passages import Segments, segment
from index.retrieval import Retriever
from index.search import Filters, Found
from index.vectors import VectorIndex, discard
from index.words import index_words

__all__ = ["Added", "Change", "Library"]

_REBUILD_PASSAGES = 1_000


class Change(StrEnum):
    """What adding an article did."""

    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class Added:
    """What became of an article: the change, and how many passages had to be encoded."""

    id: str
    version: str
    change: Change
    encoded: int


class Library:
    """Open the library in `folder`. The caller owns the folder, and uses one thread for all but `reader`.

    The encoder and the vector index are opened by the first call that needs them.
    Raises ManifestMismatchError there if the index was made with something else.
    """

    def __init__(self, folder: Path, encoder: Callable[[], Encoder]) -> None:
        self._folder = folder
        self._make_encoder = encoder
        self._database = Database(folder / "ledger.db")
        self._writer = Writer(self._database)
        self.reader = Reader(self._database)

    def add(self, article: Article) -> Added:
        """Add an article, or replace the one of the same id.

        Raises IdTakenError where an id made from a path belongs to a file in another place.
        """
        stored = self.reader.find(article.id)
        if stored and (stored.version, stored.meta_version) == (article.version, article.meta_version):
            return Added(article.id, article.version, Change.UNCHANGED, 0)
        if stored:
            _check_same_source(article, stored)
        if stored and (stored.version, stored.language) == (article.version, article.language):
            self._writer.update_metadata(article, index_words(article.title or "", article.language))
            return Added(article.id, article.version, Change.UPDATED, 0)
        vector_index = self._vectors  # opened before anything is written, since opening sweeps what is unfinished
        indexed = self._index(article)
        key = self._writer.write_version(article)
        sentence_keys = self._writer.write_passages(key, self._generation, indexed)
        vector_index.add(sentence_keys, np.concatenate([vectors.sentences for vectors in indexed.vectors]))
        self._writer.publish(article.id, key)
        self._drop_leftovers(article.id)
        return Added(article.id, article.version, Change.UPDATED if stored else Change.ADDED, len(indexed.vectors))

    def remove(self, article_id: str) -> None:
        """Remove an article. Raises ArticleNotFoundError for an unknown id."""
        if self.reader.find(article_id) is None:
            raise ArticleNotFoundError(f"there is no article {article_id[:140]!r}; `pullquote list` shows the ids")
        self._writer.hide(article_id)
        self._drop_leftovers(article_id)

    def search(
        self, questions: Sequence[str], *, limit: int = 8, budget_tokens: int = 350, filters: Filters | None = None
    ) -> Found:
        """Return the passages and the evidence for one or several questions; see Retriever.search."""
        retriever = Retriever(self._database, self._generation, self._vectors, self.encoder)
        return retriever.search(questions, limit=limit, budget_tokens=budget_tokens, filters=filters or Filters())

    def check(self) -> int:
        """Touch ledger, vector index and encoder; return the number of vectors. Raises StorageError if they differ."""
        self.encoder.encode_query("ready")
        sentences = self.reader.totals().sentences
        if len(self._vectors) != sentences:
            raise StorageError(
                f"the vector index holds {len(self._vectors)} of {sentences} sentences; restart to rebuild it"
            )
        return sentences

    def reindex(self, on_article: Callable[[str], None] = lambda _: None) -> int:
        """Make sentences and vectors of every article anew with the present encoder, swap, and return how many."""
        generation = self._writer.new_generation(self._manifest, live=False)
        keys = self._writer.live_versions()
        for article_id, version_key in keys:
            article = self.reader.article(article_id)
            self._writer.write_passages(version_key, generation.number, self._index(article))
            on_article(article_id)
        fresh = self._open_vectors(generation.number)
        fresh.close()
        self._writer.switch_generation(generation.number)
        self.__dict__.pop("_generation", None)
        if vectors := self.__dict__.pop("_vectors", None):
            vectors.close()
        self._discard_other_vectors(generation.number)
        return len(keys)

    def close(self) -> None:
        """Release the files."""
        if vectors := self.__dict__.pop("_vectors", None):
            vectors.close()
        self._database.close()

    @cached_property
    def encoder(self) -> Encoder:
        """Return the encoder, made by the first call."""
        return self._make_encoder()

    @cached_property
    def _manifest(self) -> Manifest:
        return Manifest.of(self.encoder)

    @cached_property
    def _generation(self) -> int:
        live = self._writer.live_generation() or self._writer.new_generation(self._manifest, live=True)
        self._manifest.check(live.manifest)
        return live.number

    @cached_property
    def _vectors(self) -> VectorIndex:
        generation = self._generation
        self._writer.sweep()
        self._discard_other_vectors(generation)
        folder = self._vector_folder(generation)
        if VectorIndex.intact(folder):
            vectors = VectorIndex(folder)
            if len(vectors) == self.reader.totals().sentences:
                return vectors
            vectors.close()
        discard(folder)
        return self._open_vectors(generation)

    def _open_vectors(self, generation: int) -> VectorIndex:
        """Make the vector index of `generation` from the ledger; needs no encoder."""
        vectors = VectorIndex(self._vector_folder(generation))
        for batch in _batches(self._writer.sentence_vectors(self.encoder.dimension, generation)):
            vectors.add([key for keys, _ in batch for key in keys], np.concatenate([rows for _, rows in batch]))
        return vectors

    def _vector_folder(self, generation: int) -> Path:
        return self._folder / "vectors" / str(generation)

    def _discard_other_vectors(self, generation: int) -> None:
        for folder in (self._folder / "vectors").glob("*"):
            if folder != self._vector_folder(generation):
                discard(folder)

    def _drop_leftovers(self, article_id: str) -> None:
        self._vectors.remove(self._writer.leftovers(article_id))
        self._writer.sweep(article_id)

    def _index(self, article: Article) -> Indexed:
        segments = segment(article.text, article.language, self.encoder)
        return Indexed(
            segments=segments,
            words=tuple(
                tuple(index_words(article.text[sentence.start : sentence.end], article.language))
                for sentence in segments.sentences
            ),
            title_words=tuple(index_words(article.title or "", article.language)),
            vectors=tuple(self.encoder.encode_passages(_passage_texts(article.text, segments))),
        )


def _batches(rows: Iterable[tuple[list[int], Vectors]]) -> Iterator[list[tuple[list[int], Vectors]]]:
    """Cut into batches of some thousand sentences; the vector index takes one call of many far faster."""
    remaining = iter(rows)
    while batch := list(islice(remaining, _REBUILD_PASSAGES)):
        yield batch


def _passage_texts(text: str, segments: Segments) -> list[PassageText]:
    texts = []
    for passage in segments.passages:
        inside = segments.sentences[passage.first : passage.last + 1]
        offset = inside[0].start
        spans = tuple((sentence.start - offset, sentence.end - offset) for sentence in inside)
        texts.append(PassageText(text[offset : inside[-1].end], spans))
    return texts


def _check_same_source(article: Article, stored: Article) -> None:
    """Refuse a second file of the same relative path, which would replace the first unasked."""
    from_path = article.origins.get("id") == stored.origins.get("id") == "path"
    if from_path and article.source != stored.source:
        raise IdTakenError(
            f"{article.source}: its id {article.id!r} already belongs to {stored.source}; "
            "give it an `id` or a `url` of its own, or remove the other first"
        )
