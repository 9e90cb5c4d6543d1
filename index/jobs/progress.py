"""How far items are: each step of an item is one transaction, and holds only while the item is as it was."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from urllib.parse import urlsplit

from sqlalchemy import Connection, Update, delete, func, insert, select, update

from index.articles import Article
from index.jobs.expanding import Held, expand
from index.jobs.records import FETCHED, Failure, Fetch, Item, ItemKind, ItemState, NewItem
from index.jobs.rows import OPEN, article_from, article_to, end_items, expected_id, item_of, known_of, new_row, removed
from index.jobs.spool import Spool
from index.ledger.database import Database
from index.ledger.job_tables import job_articles, job_items
from index.listings import Listing

__all__ = ["Progress", "ReadItem"]

ReadItem = tuple[str, Article | Failure, Sequence[str]]
"""What an item, or a part of it, was read into: its name, the article or why there is none, and warnings."""


class Progress:
    """Take items from step to step. Every method may raise StorageError, and is safe for any thread."""

    def __init__(self, database: Database, spool: Spool) -> None:
        self._database = database
        self._spool = spool

    def next(self, state: ItemState, kinds: Collection[ItemKind]) -> Item | None:
        """Return the item that waits longest in a state."""
        waits = select(job_items).where(job_items.c.state == state, job_items.c.kind.in_(kinds))
        with self._database.begin() as connection:
            row = connection.execute(waits.order_by(job_items.c.key).limit(1)).mappings().one_or_none()
        return item_of(row) if row else None

    def next_page(self, besides: Collection[Item]) -> Item | None:
        """Return the page that waits longest to be fetched, of another host than `besides`.

        The pages of one host wait for each other however they are fetched, and would hold up those of all others.
        """
        keys, hosts = {item.key for item in besides}, {_host(item.name) for item in besides}
        queued = (job_items.c.state == "queued") & job_items.c.kind.in_(FETCHED)
        waits = select(job_items.c.key, job_items.c.name).where(queued).order_by(job_items.c.key)
        with self._database.begin() as connection:
            rows = connection.execute(waits.execution_options(yield_per=100))
            key = next((row.key for row in rows if row.key not in keys and _host(row.name) not in hosts), None)
            rows.close()
            found = select(job_items).where(job_items.c.key == key)
            row = connection.execute(found).mappings().one_or_none() if key is not None else None
        return item_of(row) if row else None

    def n_fetched(self) -> int:
        """Count the pages that were fetched and are not read yet."""
        with self._database.begin() as connection:
            counted = select(func.count()).select_from(job_items)
            waits = counted.where(job_items.c.state == "fetched", job_items.c.kind.in_(FETCHED))
            return connection.execute(waits).scalar_one()

    def data(self, item: Item) -> bytes | None:
        """Return the bytes of an item, or None where they are gone."""
        return self._spool.get(item.spool) if item.spool else None

    def fetched(self, item: Item, fetch: Fetch, body: bytes) -> None:
        """Keep what was fetched for an item, unless it ended meanwhile."""
        name = self._spool.put(body)
        values = {"state": "fetched", "spool": name, "spool_bytes": len(body)}
        values |= {"fetched": known_of(item.named, fetch), "article_id": expected_id(item.kind, fetch.url)}
        try:
            with self._database.write() as connection:
                kept = connection.execute(_waiting(item).values(values)).rowcount
        except BaseException:
            self._spool.drop([name])
            raise
        if not kept:
            self._spool.drop([name])

    def fetch_again(self, item: Item) -> None:
        """Let a page whose bytes are gone be fetched anew."""
        without_bytes = {"spool": None, "spool_bytes": 0, "fetched": known_of(item.named)}
        with self._database.write() as connection:
            connection.execute(_waiting(item).values(state="queued", **without_bytes))

    def extracted(self, item: Item, read: Sequence[ReadItem]) -> None:
        """Keep what an item was read into, unless it ended meanwhile.

        An item that holds several articles is replaced by one for each.
        """
        with self._database.write() as connection:
            alive = connection.execute(_waiting(item).values(spool=None, spool_bytes=0, fetched=None)).rowcount
            if not alive:
                return
            keys = [item.key] if len(read) == 1 else _children(connection, item, len(read))
            for key, part in zip(keys, read, strict=True):
                _keep(connection, item.job, key, part)
        self._spool.drop([item.spool] if item.spool else [])

    def listed(self, item: Item, listing: Listing, *, max_entries: int, max_items: int) -> None:
        """End an item that turned out to be a listing, and add an item for what it names, unless it ended meanwhile.

        Both are one transaction: whenever the process ends, the listing is to be read still or all of it was taken.
        """
        with self._database.write() as connection:
            if not connection.execute(_waiting(item).values(article_id=None)).rowcount:
                return
            taken = expand(item, listing, _held(connection, item), max_entries=max_entries, max_items=max_items)
            if taken.items:
                connection.execute(insert(job_items), [new_row(item.job, each, None) for each in taken.items])
            told = {"reason": taken.reason, "warnings": list(taken.warnings)}
            dropped = end_items(connection, [item.key], "listed", **told)
        self._spool.drop(dropped)

    def waiting(self, *, most: int, most_chars: int) -> list[tuple[int, Article]]:
        """Return the articles that wait longest to be added, with the keys of their items: one at least."""
        rows = (
            select(job_articles.c.item, job_articles.c.chars, job_articles.c.article)
            .join(job_items, job_items.c.key == job_articles.c.item)
            .where(job_items.c.state == "extracted")
            .order_by(job_articles.c.item)
            .limit(most)
            .execution_options(yield_per=1)
        )
        found: list[tuple[int, Article]] = []
        chars = 0
        with self._database.begin() as connection:
            for row in connection.execute(rows):
                chars += row.chars
                if found and chars > most_chars:
                    break
                found.append((row.item, article_from(row.article)))
        return found

    def added(self, outcomes: Sequence[tuple[int, str | Failure]]) -> None:
        """Say what adding did to items: a change holds for one that was cancelled meanwhile, too."""
        with self._database.write() as connection:
            for key, outcome in outcomes:
                if isinstance(outcome, Failure):
                    end_items(connection, _still_open(connection, key), "failed", **asdict(outcome))
                else:
                    end_items(connection, [key], "live", change=outcome)

    def failed(self, key: int, failure: Failure) -> None:
        """End an item that failed, unless it ended meanwhile."""
        with self._database.write() as connection:
            dropped = end_items(connection, _still_open(connection, key), "failed", **asdict(failure))
        self._spool.drop(dropped)


def _host(address: str) -> str:
    """Return the host of an address, or what is no address itself: it fails at once, and waits for nothing."""
    try:
        return urlsplit(address).hostname or address
    except ValueError:
        return address


def _still_open(connection: Connection, key: int) -> Sequence[int]:
    return connection.execute(select(job_items.c.key).where(job_items.c.key == key, OPEN)).scalars().all()


def _waiting(item: Item) -> Update:
    """Return an update of an item that holds only while it is as it was."""
    return update(job_items).where(job_items.c.key == item.key, job_items.c.state == item.state)


def _held(connection: Connection, item: Item) -> Held:
    """Return what the job of an item holds beside it."""
    columns = (job_items.c.kind, job_items.c.name, job_items.c.state)
    others = select(*columns).where(job_items.c.job == item.job, job_items.c.key != item.key)
    return Held.of((row.kind, row.name, row.state) for row in connection.execute(others))


def _children(connection: Connection, item: Item, n: int) -> list[int]:
    connection.execute(delete(job_items).where(job_items.c.key == item.key))
    values = new_row(item.job, NewItem(item.kind, item.name), None)
    fresh = insert(job_items).values(values).returning(job_items.c.key)
    return [int(connection.execute(fresh).scalar_one()) for _ in range(n)]


def _keep(connection: Connection, job: int, key: int, read: ReadItem) -> None:
    name, outcome, warnings = read
    named = {"name": name, "warnings": list(warnings)}
    if isinstance(outcome, Failure):
        end_items(connection, [key], "failed", **named, **asdict(outcome))
    elif removed(connection, job, outcome.id):
        end_items(connection, [key], "deleted", **named, article_id=outcome.id)
    else:
        values = {**named, "state": "extracted", "article_id": outcome.id}
        connection.execute(update(job_items).where(job_items.c.key == key).values(values))
        row = {"item": key, "chars": len(outcome.text), "article": article_to(outcome)}
        connection.execute(insert(job_articles).values(row))
