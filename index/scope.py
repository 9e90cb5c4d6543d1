"""Scope: which live versions a search may look at, as a condition that every leg of it carries."""

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection

from index.dates import utc_days
from index.search import Filters

__all__ = ["EVERYTHING", "LIVE", "Scope", "resolve"]

LIVE = "JOIN versions v ON v.key = p.version_key JOIN articles a ON a.live_version = v.key"
"""Joins passages `p` with their versions `v` where these are live."""

_COLUMNS = {"article_ids": "article_id", "outlets": "outlet", "authors": "author", "languages": "language"}


@dataclass(frozen=True)
class Scope:
    """A condition on versions `v`, what it is asked with, and how many live articles it admits and leaves undated."""

    condition: str = "1"
    parameters: Mapping[str, object] = field(default_factory=dict)
    n_articles: int = 0
    n_undated: int = 0

    @property
    def everything(self) -> bool:
        """Tell whether nothing is filtered."""
        return self.condition == "1"


EVERYTHING = Scope()


def resolve(connection: Connection, filters: Filters) -> Scope:
    """Return the scope of `filters`, with its numbers of articles."""
    conditions = ["1"]
    parameters: dict[str, object] = {}
    for name, column in _COLUMNS.items():
        if wanted := getattr(filters, name):
            conditions.append(f"v.{column} IN (SELECT value FROM json_each(:{name}))")
            # nothing stored holds a NUL, and SQLite would read what stands before one
            values = (unicodedata.normalize("NFC", value.strip()) for value in wanted)
            parameters[name] = json.dumps([value for value in values if "\0" not in value])
    described = " AND ".join(conditions)
    for name, comparison in (("published_from", ">="), ("published_to", "<")):
        if day := getattr(filters, name):
            conditions.append(f"v.published_day {comparison} :{name}")
            parameters[name] = utc_days(day)[0].toordinal()
    condition = " AND ".join(conditions)
    n_articles = _count(connection, condition, parameters)
    if condition == described:
        return Scope(condition, parameters, n_articles)
    n_undated = _count(connection, f"{described} AND v.published_day IS NULL", parameters)
    return Scope(condition, parameters, n_articles, n_undated)


def _count(connection: Connection, condition: str, parameters: Mapping[str, object]) -> int:
    counted = f"SELECT count(*) FROM versions v JOIN articles a ON a.live_version = v.key WHERE {condition}"
    return int(connection.exec_driver_sql(counted, dict(parameters)).scalar_one())
