"""What files were read as, so that the same bytes need not be read again."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, insert, select

from index.ledger.database import Database
from index.ledger.schema import articles, readings, versions

__all__ = ["Reading", "Readings"]

_TOLD = ("ignored", "warnings")
_OWN = ("place", "key", "named", *_TOLD)
_OF_VERSION = ("article_id", "version", "meta_version")
_LIVE = articles.c.live_version == versions.c.key

_FIND = (
    select(*(readings.c[name] for name in _OWN), *(versions.c[name] for name in _OF_VERSION))
    .join(versions, (versions.c.key == readings.c.version_key) & (versions.c.meta_version == readings.c.meta_version))
    .join(articles, _LIVE)
    .where(readings.c.place == bindparam("at"))
)
_GIVEN = (bindparam(f"new_{name}", type_=readings.c[name].type) for name in _OWN)
_KEEP = (
    insert(readings)
    .prefix_with("OR REPLACE")
    .from_select(
        [*_OWN, "version_key", "meta_version"],
        select(*_GIVEN, versions.c.key, versions.c.meta_version)
        .join(articles, _LIVE)
        .where(*(versions.c[name] == bindparam(f"new_{name}") for name in _OF_VERSION)),
    )
)


@dataclass(frozen=True)
class Reading:
    """What the file at a place was read as.

    `key` stands for its bytes and for all else that decides what comes of them. `named` is the id that it gives its
    article, `article_id` the one that this is stored under; `ignored` and `warnings` are what was told of it.
    """

    place: str
    key: str
    named: str
    article_id: str
    version: str
    meta_version: str
    ignored: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


class Readings:
    """Keep readings. Safe for several threads; each method is one transaction.

    A reading holds while the version that it gave is live, and goes with it.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, place: str) -> Reading | None:
        """Return what the file at a place was read as, or None where its article is not as that left it."""
        with self._database.begin() as connection:
            row = connection.execute(_FIND, {"at": place}).mappings().one_or_none()
        return Reading(**{**row, **{name: tuple(row[name]) for name in _TOLD}}) if row else None

    def keep(self, kept: Sequence[Reading]) -> None:
        """Keep readings; one whose article has changed meanwhile is dropped."""
        rows = [{f"new_{name}": value for name, value in vars(reading).items()} for reading in kept]
        if rows:
            with self._database.write() as connection:
                connection.execute(_KEEP, rows)
