"""The library: articles in, sentences out. The one door of this package to what is stored.

An article is added in four steps, each safe to be the last one that happens: the new version is written unseen, its
vectors are put into the vector index, the pointer flips, the old version goes. What a crash leaves behind is
swept when the library is opened, and a vector index that does not fit the ledger, or fails, is made anew from it.
"""

import contextlib
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice
from pathlib import Path

import numpy as np

from index.articles import Article, is_id
from index.encoders.base import Encoder, Vectors
from index.errors import (
    ArticleNotFoundError,
    EncoderError,
    ManifestMismatchError,
    StorageError,
    VectorIndexError,
    WeightsError,
)
from index.ingest import Added, Change, Ingest, Refused, plan
from index.jobs.records import Limits
from index.jobs.store import JobStore
from index.ledger import Database, Indexed, Reader, Readings, Sources, Writer
from index.manifest import Manifest
from index.mending import MendingIndex
from index.preparing import prepare
from index.rerankers import Reranker
from index.retrieval import LIMIT, Retriever
from index.search import Filters, Found
from index.vectors import VectorIndex, discard

__all__ = ["Library"]

_log = logging.getLogger(__name__)
_REBUILD_PASSAGES = 1_000
_SCRUBBED_AT_ONCE = 64_000_000  # bytes of a ledger, a second and a half; a larger one is scrubbed when it is closed


class Library:
    """Open the library in `folder`.

    The caller owns the folder, and uses one thread for all but `reader`, `sources`, `readings` and `jobs`.

    `limits` are those of jobs.
    The encoder and the vector index are opened by the first call that needs them.
    Raises ManifestMismatchError there if the index was made with something else.
    """

    def __init__(
        self,
        folder: Path,
        encoder: Callable[[], Encoder],
        reranker: Reranker | None = None,
        limits: Limits | None = None,
    ) -> None:
        self._folder = folder
        self._make_encoder = encoder
        self._reranker = reranker
        self._database = Database(folder / "ledger.db")
        self._writer = Writer(self._database)
        self.reader = Reader(self._database)
        self.sources = Sources(self._database)
        self.readings = Readings(self._database)
        self.jobs = JobStore(self._database, folder / "spool", limits)

    def add(self, article: Article) -> Added:
        """Add an article, or replace the one of the same id.

        Raises IdTakenError where an id made from a path belongs to a file in another place, and EncoderError.
        """
        (outcome,) = self.add_all([article])
        if isinstance(outcome, Refused):
            raise outcome.error
        return outcome

    def add_all(self, articles: Iterable[Article]) -> Iterator[Added | Refused]:
        """Add articles, or replace those of the same ids; yield what became of each, in their order.

        Passages are encoded across articles, and written while the next are encoded. Raises StorageError; those
        that were told are added then, and nothing is there in part.
        """
        try:
            yield from Ingest(lambda: self.encoder, self._settle, self._write).run(map(self.reader.known, articles))
        finally:
            self._forget_statistics()

    def remove(self, article_id: str) -> None:
        """Remove an article, its words from the disk, and what waits in jobs to become it.

        Raises ArticleNotFoundError for an unknown id.
        """
        unknown = ArticleNotFoundError(f"there is no article {article_id[:140]!r}; `pullquote list` shows the ids")
        if not is_id(article_id):
            raise unknown
        ids = self.reader.ids_of(article_id)
        article_id, waited = ids[0], self.jobs.forget(ids)
        # one that a full disk left hidden and not swept is removed by the same again
        if self.reader.live(article_id) is None and not self._writer.leftovers([article_id]):
            if waited:
                return
            raise unknown
        openable = self._vectors_can_be_opened()  # before it is hidden: an index that does not fit is made anew
        self._writer.hide(article_id)
        if openable:
            self._drop_leftovers([article_id])
        else:
            self._writer.sweep([article_id])
        self._scrub(at_most=_SCRUBBED_AT_ONCE)
        self._forget_statistics()

    def search(
        self, questions: Sequence[str], *, limit: int = LIMIT, budget_tokens: int = 350, filters: Filters | None = None
    ) -> Found:
        """Return the passages and the evidence for one or several questions; see Retriever.search."""
        return self._retriever.search(questions, limit=limit, budget_tokens=budget_tokens, filters=filters or Filters())

    def check(self) -> int:
        """Touch ledger, vector index and encoder; return the number of vectors.

        The first call reads the whole ledger (100 MB in .3 s); a vector index that does not fit is made anew.
        Raises LedgerDamagedError and StorageError.
        """
        self.encoder.encode_query("ready")
        self._whole  # noqa: B018
        sentences = self.reader.totals().sentences
        if len(self._vectors) != sentences:
            self._vectors.renew()
        if (n := len(self._vectors)) != sentences:
            raise StorageError(f"the vector index holds {n} of {sentences} sentences; restore a backup of the ledger")
        return sentences

    def reindex(self, on_article: Callable[[str], None] = lambda _: None) -> int:
        """Make sentences and vectors of every article anew with the present encoder, swap, and return how many."""
        self._writer.sweep()  # of attempts that were given up
        generation = self._writer.new_generation(self.manifest, live=False)
        keys = self._writer.live_versions()
        for article_id, version_key in keys:
            article = self.reader.article(article_id)
            try:
                prepared = prepare(article, self.encoder)
                vectors = tuple(self.encoder.encode_passages(prepared.texts))
            except EncoderError as exc:
                raise EncoderError(f"article {article_id}: {exc}; nothing was changed") from exc
            self._writer.write_again(version_key, generation.number, Indexed(article, prepared, vectors))
            on_article(article_id)
        fresh = self._open_vectors(generation.number)
        fresh.close()
        self._writer.switch_generation(generation.number)
        for made_before in ("_generation", "_retriever"):
            self.__dict__.pop(made_before, None)
        if vectors_before := self.__dict__.pop("_vectors", None):
            vectors_before.close()
        self._discard_other_vectors(generation.number)
        return len(keys)

    def close(self) -> None:
        """Release the files."""
        if vectors := self.__dict__.pop("_vectors", None):
            vectors.close()
        self._scrub()
        self._database.close()

    @cached_property
    def encoder(self) -> Encoder:
        """Return the encoder, made by the first call."""
        return self._make_encoder()

    @cached_property
    def manifest(self) -> Manifest:
        """Return what sentences and vectors are made with."""
        return Manifest.of(self.encoder)

    @cached_property
    def _generation(self) -> int:
        live = self._writer.live_generation() or self._writer.new_generation(self.manifest, live=True)
        self.manifest.check(live.manifest)
        return live.number

    @cached_property
    def _retriever(self) -> Retriever:
        return Retriever(self._database, self._generation, self._vectors, self.encoder, self._reranker)

    @cached_property
    def _whole(self) -> bool:
        self._database.check()
        return True

    @cached_property
    def _vectors(self) -> MendingIndex:
        generation = self._generation
        self._writer.sweep()
        self._scrub(at_most=_SCRUBBED_AT_ONCE)
        self._discard_other_vectors(generation)
        index = self._intact_vectors(generation)
        if index is None:
            index = self._open_vectors(generation)
        return MendingIndex(index, lambda: self._open_vectors(generation))

    def _intact_vectors(self, generation: int) -> VectorIndex | None:
        """Open the vector index that is there, or return None where it is not to be trusted."""
        folder = self._vector_folder(generation)
        if not VectorIndex.intact(folder):
            return None
        with contextlib.suppress(VectorIndexError):
            vectors = VectorIndex(folder)
            with contextlib.suppress(VectorIndexError):
                vectors.nearest(np.ones(self.encoder.dimension, dtype=np.float32), 1)  # reads it all, while it is whole
                if len(vectors) == self.reader.totals().sentences:
                    return vectors
            vectors.give_up()
        return None

    def _open_vectors(self, generation: int) -> VectorIndex:
        """Make the vector index of `generation` from the ledger; needs no encoder."""
        folder = self._vector_folder(generation)
        discard(folder)
        vectors = VectorIndex(folder)
        try:
            for batch in _batches(self._writer.sentence_vectors(self.encoder.dimension, generation)):
                vectors.add([key for keys, _ in batch for key in keys], np.concatenate([rows for _, rows in batch]))
        except BaseException:
            vectors.give_up()
            raise
        return vectors

    def _vector_folder(self, generation: int) -> Path:
        return self._folder / "vectors" / str(generation)

    def _discard_other_vectors(self, generation: int) -> None:
        for folder in (self._folder / "vectors").glob("*"):
            if folder != self._vector_folder(generation):
                discard(folder)

    def _settle(self, article: Article) -> Added | Change:
        """Finish what needs no encoding; else return the change to be made."""
        live = self.reader.live(article.id)
        change = plan(article, live)
        if change is Change.UNCHANGED:
            return Added(article.id, article.version, change, 0)
        made_from = (article.version, article.title, article.language)
        if live and (live.version, live.title, live.language) == made_from:
            self._writer.update_metadata(article)
            return Added(article.id, article.version, change, 0)
        self._vectors  # noqa: B018  (opened before anything is written, since opening sweeps what is unfinished)
        return change

    def _write(self, indexed: Sequence[Indexed]) -> None:
        keys, sentence_keys = self._writer.write_versions(indexed, self._generation)
        rows = [vectors.sentences for item in indexed for vectors in item.vectors]
        self._vectors.add(sentence_keys, np.concatenate(rows))
        published = [(item.article.id, key) for item, key in zip(indexed, keys, strict=True)]
        self._writer.publish(published)
        self._drop_leftovers([article_id for article_id, _ in published])
        self._forget_statistics()

    def _vectors_can_be_opened(self) -> bool:
        try:
            self._vectors  # noqa: B018
        except (EncoderError, ManifestMismatchError, WeightsError):
            return False
        return True

    def _drop_leftovers(self, article_ids: Sequence[str]) -> None:
        if leftovers := self._writer.leftovers(article_ids):
            self._vectors.remove(leftovers)
        self._writer.sweep(article_ids)

    def _scrub(self, *, at_most: int | None = None) -> None:
        """Take the words of removed articles off the disk; where that fails, or is put off, the next one does it."""
        try:
            self._database.scrub(at_most=at_most)
        except StorageError as exc:
            _log.warning("words of removed articles are still on the disk, until the next removal or start: %s", exc)

    def _forget_statistics(self) -> None:
        """Let the next search count passages and words anew."""
        if "_retriever" in self.__dict__:
            self._retriever.forget()


def _batches(rows: Iterable[tuple[list[int], Vectors]]) -> Iterator[list[tuple[list[int], Vectors]]]:
    """Cut into batches of some thousand sentences; the vector index takes one call of many far faster."""
    remaining = iter(rows)
    while batch := list(islice(remaining, _REBUILD_PASSAGES)):
        yield batch
