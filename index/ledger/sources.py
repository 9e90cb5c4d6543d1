"""What is followed, and what was seen of it at the last look."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal, TypeVar

from sqlalchemy import Connection, and_, case, delete, exists, func, select, update
from sqlalchemy.dialects.sqlite import insert

from index.errors import SourceNotFoundError
from index.ledger.database import Database
from index.ledger.schema import articles, items, sources

__all__ = ["Item", "ItemKind", "Source", "SourceKind", "Sources"]

SourceKind = Literal["feed", "sitemap", "folder"]
"""Kinds of sources that can be followed."""

ItemKind = Literal["listing", "page", "file"]
"""Kinds of items: a feed or sitemap itself, a page that one names, an article in a file."""

_COLUMNS = ("place", "kind", "listing", "article_id", "etag", "last_modified", "told")
_GROUP = 500
_T = TypeVar("_T")


@dataclass(frozen=True)
class Item:
    """What was seen at a place of a source: an address, or a file with the id of one of its articles.

    `listing` is the feed, sitemap or file that it stands in. `article_id` is None where no article came of it, or it is
    not there any more; `etag` and `last_modified` are those of the answer which that article was made of, and `told`
    is what the listing said then, with what a look keeps beside it (`index.sources.seen`). `shared` tells that another
    source leads to the article too.
    """

    place: str
    kind: ItemKind
    listing: str | None = None
    article_id: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    told: Mapping[str, str] = field(default_factory=dict)
    shared: bool = False


@dataclass(frozen=True)
class Source:
    """A source: its number, its address or folder, and when it was added and last read (UTC, ISO 8601)."""

    key: int
    place: str
    kind: SourceKind
    added_at: str
    synced_at: str | None
    articles: int


class Sources:
    """Keep the sources. Safe for several threads; each method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[Source]:
        """Return the sources in the order in which they were added."""
        live = and_(articles.c.id == items.c.article_id, articles.c.live_version.is_not(None))
        counted = select(func.count(items.c.article_id.distinct())).join(articles, live)
        counted = counted.where(items.c.source_key == sources.c.key)
        statement = select(sources, counted.scalar_subquery().label("articles")).order_by(sources.c.key)
        with self._database.begin() as connection:
            return [Source(**row) for row in connection.execute(statement).mappings()]

    def add(self, place: str, kind: SourceKind) -> Source:
        """Follow a source, and return it; one that is followed already stays as it is, but for its kind."""
        with self._database.write() as connection:
            values = {"place": place, "kind": kind, "added_at": _now()}
            row = insert(sources).values(values).on_conflict_do_update(index_elements=["place"], set_={"kind": kind})
            key = connection.execute(row.returning(sources.c.key)).scalar_one()
        return next(source for source in self.all() if source.key == key)

    def remove(self, key: int) -> None:
        """Follow a source no longer; its articles stay. Raises SourceNotFoundError."""
        with self._database.write() as connection:
            _check(connection, key)
            connection.execute(delete(sources).where(sources.c.key == key))

    def items(self, key: int, *, offset: int = 0, limit: int = 1_000) -> list[Item]:
        """Return what was seen of a source, by place. Raises SourceNotFoundError."""
        live = exists().where(and_(articles.c.id == items.c.article_id, articles.c.live_version.is_not(None)))
        other = items.alias()
        shared = exists().where(and_(other.c.article_id == items.c.article_id, other.c.source_key != key))
        columns = [items.c[name] for name in _COLUMNS if name != "article_id"]
        statement = (
            select(*columns, case((live, items.c.article_id)).label("article_id"), shared.label("shared"))
            .where(items.c.source_key == key)
            .order_by(items.c.place)
        )
        with self._database.begin() as connection:
            _check(connection, key)
            rows = connection.execute(statement.offset(offset).limit(limit)).mappings()
            return [Item(**{**row, "shared": bool(row["shared"])}) for row in rows]

    def note(self, key: int, seen: Sequence[Item], dropped: Sequence[str] = (), *, synced: bool = False) -> None:
        """Keep what was seen of a source, and forget the items at some places. Raises SourceNotFoundError.

        `synced` says that it was read to its end just now.
        """
        with self._database.write() as connection:
            _check(connection, key)
            for rows in _batches([{"source_key": key, **_values(item)} for item in seen]):
                row = insert(items)
                new = {name: row.excluded[name] for name in _COLUMNS if name != "place"}
                connection.execute(row.on_conflict_do_update(index_elements=["source_key", "place"], set_=new), rows)
            for places in _batches(dropped):
                connection.execute(delete(items).where(items.c.source_key == key, items.c.place.in_(places)))
            if synced:
                connection.execute(update(sources).where(sources.c.key == key).values(synced_at=_now()))


def _check(connection: Connection, key: int) -> None:
    if connection.execute(select(sources.c.key).where(sources.c.key == key)).one_or_none() is None:
        raise SourceNotFoundError(f"there is no source {key}; `pullquote sources list` shows them")


def _values(item: Item) -> dict[str, object]:
    return {name: getattr(item, name) for name in _COLUMNS if name != "told"} | {"told": dict(item.told)}


def _batches(rows: Sequence[_T]) -> Iterator[list[_T]]:
    for begin in range(0, len(rows), _GROUP):
        yield list(rows[begin : begin + _GROUP])


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
