"""Ingest: many articles into a library, encoded across articles while the ones before are written."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from index.articles import Article
from index.encoders.base import Encoder
from index.errors import EncoderError, IdTakenError, IndexingError, ManifestMismatchError, StorageError, WeightsError
from index.ledger import Indexed, Live
from index.preparing import Prepared, prepare

__all__ = ["Added", "Change", "Ingest", "Refused", "plan"]

_BATCH_PASSAGES = 128  # about a second of encoding
_BATCH_ARTICLES = 64


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


@dataclass(frozen=True)
class Refused:
    """An article that was not added, and why; what was there of it before is there still."""

    article: Article
    error: Exception


@dataclass(frozen=True)
class _Waiting:
    """An article that must be encoded."""

    article: Article
    change: Change
    prepared: Prepared


def plan(article: Article, live: Live | None) -> Change:
    """Return what adding an article would do. Raises IdTakenError for another file of the same relative path.

    Without that, the second would replace the first unasked.
    """
    if live is None:
        return Change.ADDED
    if (live.version, live.meta_version) == (article.version, article.meta_version):
        return Change.UNCHANGED
    from_path = article.origins.get("id") == live.origins.get("id") == "path"
    if from_path and article.source != live.source:
        raise IdTakenError(
            f"{article.source}: its id {article.id!r} already belongs to {live.source}; "
            "give it an `id` or a `url` of its own, or remove the other first"
        )
    return Change.UPDATED


class Ingest:
    """Add articles and tell what became of each, in their order.

    `encoder` is asked for where an article has to be encoded. `settle` finishes what needs no encoding, or returns the
    change to be made; `write` stores what was encoded, in a thread of its own while the next are encoded. What is wrong
    with the library itself ends it: StorageError, ManifestMismatchError, WeightsError.
    """

    def __init__(
        self,
        encoder: Callable[[], Encoder],
        settle: Callable[[Article], Added | Change],
        write: Callable[[Sequence[Indexed]], None],
    ) -> None:
        self._encoder = encoder
        self._settle = settle
        self._write = write
        self._batch: list[Added | Refused | _Waiting] = []
        self._written: Future[list[Added | Refused]] | None = None
        self._in_work: set[str] = set()

    def run(self, articles: Iterable[Article]) -> Iterator[Added | Refused]:
        """Add `articles`; what is given up half-way has added those that were told, and leaves nothing in part."""
        with ThreadPoolExecutor(1, "writer") as writer:
            for article in articles:
                if article.id in self._in_work:
                    yield from self._drain(writer)
                self._batch.append(self._taken(article))
                if self._full:
                    yield from self._turn(writer)
            yield from self._drain(writer)

    def _taken(self, article: Article) -> Added | Refused | _Waiting:
        try:
            settled = self._settle(article)
            if isinstance(settled, Added):
                return settled
            waiting = _Waiting(article, settled, prepare(article, self._encoder()))
        except (ManifestMismatchError, StorageError, WeightsError):
            raise  # of the library, not of this article
        except IndexingError as exc:
            return Refused(article, exc)
        self._in_work.add(article.id)
        return waiting

    @property
    def _full(self) -> bool:
        passages = sum(len(item.prepared.texts) for item in self._batch if isinstance(item, _Waiting))
        return passages >= _BATCH_PASSAGES or len(self._batch) >= _BATCH_ARTICLES

    def _turn(self, writer: ThreadPoolExecutor) -> Iterator[Added | Refused]:
        """Encode the batch and give it to the writer; yield what became of the one before."""
        batch, self._batch = self._batch, []
        waiting = [item for item in batch if isinstance(item, _Waiting)]
        indexed = _encoded(waiting, self._encoder()) if waiting else {}
        if self._written:
            yield from self._written.result()
        self._in_work = {item.article.id for item in waiting}
        self._written = writer.submit(self._finished, batch, indexed)

    def _drain(self, writer: ThreadPoolExecutor) -> Iterator[Added | Refused]:
        yield from self._turn(writer)
        if self._written:
            yield from self._written.result()
        self._written = None
        self._in_work = set()

    def _finished(
        self, batch: Sequence[Added | Refused | _Waiting], indexed: dict[str, Indexed | EncoderError]
    ) -> list[Added | Refused]:
        if stored := [item for item in indexed.values() if isinstance(item, Indexed)]:
            self._write(stored)
        return [_told(item, indexed) if isinstance(item, _Waiting) else item for item in batch]


def _told(item: _Waiting, indexed: dict[str, Indexed | EncoderError]) -> Added | Refused:
    outcome = indexed[item.article.id]
    if isinstance(outcome, EncoderError):
        return Refused(item.article, outcome)
    return Added(item.article.id, item.article.version, item.change, len(item.prepared.texts))


def _encoded(waiting: Sequence[_Waiting], encoder: Encoder) -> dict[str, Indexed | EncoderError]:
    """Encode all passages of a batch at once; where that fails, each article apart, to name the one it is."""
    try:
        vectors = iter(encoder.encode_passages([text for item in waiting for text in item.prepared.texts]))
    except EncoderError as exc:
        if len(waiting) == 1:
            return {waiting[0].article.id: exc}
        return {key: value for item in waiting for key, value in _encoded([item], encoder).items()}
    return {
        item.article.id: Indexed(item.article, item.prepared, tuple(islice(vectors, len(item.prepared.texts))))
        for item in waiting
    }
