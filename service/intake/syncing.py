"""Keeping up with the sources that are followed."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from index import Article, Refused
from index.errors import IndexingError, LibraryBusyError, ManifestMismatchError, StorageError, WeightsError
from index.ledger import Source
from service.contract import PutBody
from service.intake.intake import Intake, Store
from service.intake.looks import Looks, is_address
from service.intake.tally import Tally

__all__ = ["AddAll", "Synced", "follow", "sync_all", "sync_source"]

AddAll = Callable[[Iterable[Article]], Iterator[PutBody | Refused]]
"""Add articles and yield what became of each; see Store."""

_OF_THE_LIBRARY = (LibraryBusyError, ManifestMismatchError, StorageError, WeightsError)


@dataclass(frozen=True)
class Synced:
    """A source that was read, and what became of what it holds."""

    source: Source
    tally: Tally = field(default_factory=Tally)


def sync_all(store: Store, looks: Looks, add_all: AddAll | None = None) -> Iterator[Synced]:
    """Read every source that is followed, one after the other, and yield what became of each."""
    for source in store.sources():
        synced = Synced(source)
        sync_source(store, looks, synced, add_all)
        yield synced


def sync_source(store: Store, looks: Looks, synced: Synced, add_all: AddAll | None = None) -> None:
    """Read a source, and apply what has changed. What was done is kept if it is broken off.

    What is wrong with this source is counted as a failure. Raises what is wrong with the library itself.
    """
    source = synced.source
    try:
        _sync(store, looks, synced, add_all)
    except _OF_THE_LIBRARY:
        raise
    except (IndexingError, OSError) as exc:
        synced.tally.fail(
            source.place, f"{source.place}: was not read to its end, which the next look tries again: {exc}"
        )


def _sync(store: Store, looks: Looks, synced: Synced, add_all: AddAll | None) -> None:
    source = synced.source
    known = store.items(source.key)
    intake = Intake(store, synced.tally, add_all=add_all, known=known)
    whole = False
    try:
        intake.take(looks.at_source(source.place, known, folder=source.kind == "folder"))
        whole = True
    finally:
        intake.settle(source.key, whole=whole)


def follow(place: str, store: Store, looks: Looks, tally: Tally, add_all: AddAll | None = None) -> None:
    """Add what is at an address or in a folder, and follow it from then on."""
    known = next((source for source in store.sources() if source.place == place), None)
    seen = store.items(known.key) if known else ()
    intake = Intake(store, tally, add_all=add_all, known=seen)
    whole = False
    try:
        intake.take(looks.at_source(place, seen, folder=not is_address(place)))
        whole = True
    finally:
        if kind := intake.kind or (known and known.kind):
            intake.settle(store.follow(place, kind).key, whole=whole)
        elif whole and not tally.failures:
            tally.fail(place, f"{place}: is a page, which is added and not followed; follow its feed or sitemap")
