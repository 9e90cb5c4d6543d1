"""Rows of the ledger as jobs and items, and the steps that several writes share."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime

from sqlalchemy import Connection, Row, RowMapping, delete, exists, func, select, update

from index.articles import Article, derived_id, is_id
from index.errors import AddressError
from index.jobs.records import ENDED, Fetch, Item, ItemKind, ItemState, Job, Named, NewItem
from index.ledger.job_tables import job_articles, job_items, job_removals, jobs
from index.urls import normalise_url

__all__ = [
    "OPEN",
    "article_from",
    "article_to",
    "close_jobs",
    "end_items",
    "expected_id",
    "item_of",
    "jobs_of",
    "known_of",
    "new_row",
    "now",
    "removed",
    "unfinished",
]

OPEN = job_items.c.state.not_in(ENDED)
"""Holds for items that have not ended."""


def now() -> str:
    """Return the moment in UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def article_to(article: Article) -> Mapping[str, object]:
    """Return an article as JSON."""
    return {**asdict(article), "origins": dict(article.origins)}


def article_from(stored: Mapping[str, object]) -> Article:
    """Return the article in `stored`."""
    article = Article(**stored)  # type: ignore[arg-type]
    return replace(article, pages=tuple((number, start) for number, start in article.pages))


def item_of(row: RowMapping) -> Item:
    """Return the item in a row."""
    stored = dict(row["fetched"] or {})
    named = stored.pop("named", None)
    return Item(
        **{name: row[name] for name in Item.__dataclass_fields__ if name not in ("fetched", "named", "warnings")},
        fetched=Fetch(**{**stored, "redirects": tuple(stored.get("redirects", ()))}) if stored else None,
        named=Named(**named) if named else None,
        warnings=tuple(row["warnings"]),
    )


def known_of(named: Named | None, fetch: Fetch | None = None) -> dict[str, object]:
    """Return what is kept of an address besides its bytes."""
    return {**(asdict(fetch) if fetch else {}), **({"named": asdict(named)} if named else {})}


def new_row(job: int, item: NewItem, spooled: str | None) -> dict[str, object]:
    """Return the row of a new item, whose bytes have the name `spooled` in the spool."""
    return {
        "job": job,
        "kind": item.kind,
        "name": item.name,
        "state": "fetched" if spooled else "queued",
        "spool": spooled,
        "spool_bytes": len(item.data),
        "fetched": known_of(item.named),
        "article_id": expected_id(item.kind, item.name),
        "warnings": [],
    }


def expected_id(kind: ItemKind, name: str) -> str | None:
    """Return the id that an item's article will have unless it says another; None where only reading it tells."""
    if kind in ("file", "listing"):
        return None
    try:
        return name if kind == "article" and is_id(name) else derived_id(normalise_url(name))
    except AddressError:
        return None


def unfinished(connection: Connection) -> tuple[int, int, int]:
    """Return how many jobs, items and bytes of the spool are waiting."""
    n_jobs = connection.execute(select(func.count()).select_from(jobs).where(jobs.c.ended_at.is_(None))).scalar_one()
    waiting = select(func.count(), func.coalesce(func.sum(job_items.c.spool_bytes), 0)).where(OPEN)
    n_items, n_bytes = connection.execute(waiting).one()
    return n_jobs, n_items, n_bytes


def removed(connection: Connection, job: int, article_id: str) -> bool:
    """Tell whether an article was removed since a job began."""
    key = (job_removals.c.job == job) & (job_removals.c.article_id == article_id)
    return connection.execute(select(job_removals.c.job).where(key)).first() is not None


def end_items(connection: Connection, keys: Iterable[int], state: ItemState, **values: object) -> list[str]:
    """End items, and forget what they were made from; return the names of their bytes, which have to go too."""
    some = job_items.c.key.in_(select(func.json_each(json.dumps(list(keys))).table_valued("value").c.value))
    spooled = list(connection.execute(select(job_items.c.spool).where(some)).scalars())
    jobs_of_them = list(connection.execute(select(job_items.c.job).where(some).distinct()).scalars())
    of_them = job_articles.c.item.in_(select(job_items.c.key).where(some))
    connection.execute(delete(job_articles).where(of_them))
    ended = {"state": state, "spool": None, "spool_bytes": 0, "fetched": None, **values}
    connection.execute(update(job_items).where(some).values(ended))
    close_jobs(connection, jobs_of_them)
    return [name for name in spooled if name]


def close_jobs(connection: Connection, numbers: Iterable[int]) -> None:
    """End those of these jobs that have nothing left to do."""
    for number in numbers:
        waits = exists().where(job_items.c.job == number, OPEN)
        done = update(jobs).where(jobs.c.number == number, jobs.c.ended_at.is_(None), ~waits)
        if connection.execute(done.values(ended_at=now())).rowcount:
            connection.execute(delete(job_removals).where(job_removals.c.job == number))


def jobs_of(connection: Connection, rows: Iterable[Row[*tuple[object, ...]]]) -> list[Job]:
    """Return jobs with the counts of their items."""
    return [_job(connection, row) for row in rows]


def _job(connection: Connection, row: Row[*tuple[object, ...]]) -> Job:
    counted = (
        select(job_items.c.state, job_items.c.change, func.count().label("n"))
        .where(job_items.c.job == row.number)
        .group_by(job_items.c.state, job_items.c.change)
    )
    states: dict[str, int] = {}
    changes: dict[str, int] = {}
    for state, change, n in connection.execute(counted):
        states[state] = states.get(state, 0) + n
        if change:
            changes[change] = changes.get(change, 0) + n
    return Job(row.id, row.created_at, row.ended_at, bool(row.cancelled), states, changes)
