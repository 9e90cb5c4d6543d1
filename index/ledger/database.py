"""The connection to the ledger: SQLite in WAL mode, every commit on disk before it is acknowledged."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, create_engine, delete, event, insert, inspect, select
from sqlalchemy.pool import ConnectionPoolEntry

from index.errors import StorageError
from index.ledger.migrations import MIGRATIONS, SCHEMA
from index.ledger.schema import create, meta
from index.storage import damaged, storage_errors

__all__ = ["Database"]

_BUSY_S = 10
_BUSY_STEP_S = 0.01
_PRAGMAS = (
    f"busy_timeout={1000 * _BUSY_S}",
    "cache_size=-32000",  # kilobytes
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",
)
_SCRUB = "scrub"
_MERGED = "merged"
# Merging the full-text index adds two levels to it each time, and SQLite (3.40 for one) takes an index of 2,000 levels
# for damaged; made anew, which takes ten times as long, it has none.
_MERGES = 200


class Database:
    """Open the ledger at `path`, creating or migrating it. Raises StorageError where that cannot be done."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._engine = create_engine(URL.create("sqlite", database=str(path)))
        # what is going to write takes its turn at the beginning; one that has read first cannot wait for another
        self._writing = self._engine.execution_options(immediate=True)
        event.listen(self._engine, "connect", _configure)
        event.listen(self._engine, "begin", _begin)
        with storage_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            with self._engine.begin() as connection:
                current = _schema(connection, path) == SCHEMA
            if not current:
                with self._writing.begin() as connection:
                    _migrate(connection, _schema(connection, path))

    def check(self) -> None:
        """Read the whole ledger. Raises LedgerDamagedError where its pages or indexes are not as they were written."""
        with self.begin() as connection:
            found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
        if found != "ok":
            raise damaged(self.path, str(found))

    def want_scrub(self, connection: Connection) -> None:
        """Note, within a transaction that deletes words, that they are to be taken off the disk."""
        connection.execute(delete(meta).where(meta.c.name == _SCRUB))
        connection.execute(insert(meta).values(name=_SCRUB, value="1"))

    def scrub(self, *, at_most: int | None = None) -> None:
        """Take deleted words off the disk where that is wanted, and the file has at most so many bytes.

        `secure_delete` overwrites rows at once. What stays are copies of rows that a page gave to another, which go
        when the file is written anew, the full-text index, which notes a deletion beside the word until it is merged,
        and the log of writes.
        """
        with self.begin() as connection:
            wanted = connection.execute(select(meta.c.value).where(meta.c.name == _SCRUB)).scalar()
        if not wanted:
            return
        if at_most is None or self.path.stat().st_size <= at_most:
            with self.write() as connection:
                _merge_words(connection)
            self._outside_transactions("VACUUM")
            with self.write() as connection:
                connection.execute(delete(meta).where(meta.c.name == _SCRUB))
        self._outside_transactions("PRAGMA wal_checkpoint(TRUNCATE)")

    def _outside_transactions(self, statement: str) -> None:
        with storage_errors(self.path):
            connection = self._engine.raw_connection()
            try:
                connection.cursor().execute(statement)
            finally:
                connection.close()

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """Yield a connection to read with, in one transaction; its errors come as StorageError."""
        with storage_errors(self.path), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Yield a connection to write with, in one transaction that waits for other writers."""
        with storage_errors(self.path), self._writing.begin() as connection:
            yield connection

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()


def _configure(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
    # sqlite3 would commit before every statement that changes the schema; see _begin
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    _use_wal(connection)


def _use_wal(connection: sqlite3.Connection) -> None:
    """Write through a log; of two connections that make a file theirs at once, SQLite turns one away without a wait."""
    end = time.monotonic() + _BUSY_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as exc:
            if exc.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                raise
            time.sleep(_BUSY_STEP_S)
        else:
            return


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("immediate") else "BEGIN")


def _merge_words(connection: Connection) -> None:
    """Make one piece of the full-text index, in which no deleted word is left."""
    counted = connection.execute(select(meta.c.value).where(meta.c.name == _MERGED)).scalar()
    merged = _MERGES if counted is None else int(counted)
    command, merged = ("optimize", merged + 1) if merged < _MERGES else ("rebuild", 0)
    connection.exec_driver_sql(f"INSERT INTO lexicon(lexicon) VALUES('{command}')")
    connection.execute(delete(meta).where(meta.c.name == _MERGED))
    connection.execute(insert(meta).values(name=_MERGED, value=str(merged)))


def _schema(connection: Connection, path: Path) -> int:
    """Return the schema version, 0 for an empty file. Raises StorageError for a newer one."""
    if not inspect(connection).has_table("meta"):
        return 0
    found = int(connection.execute(select(meta.c.value).where(meta.c.name == "schema")).scalar_one())
    if found > SCHEMA:
        raise StorageError(
            f"{path} was written by a newer Pullquote (schema {found}); update Pullquote, or restore a backup"
        )
    return found


def _migrate(connection: Connection, found: int) -> None:
    if not found:
        create(connection)
    for step in MIGRATIONS[found - 1 :] if found else ():
        step(connection)
    connection.execute(delete(meta).where(meta.c.name == "schema"))
    connection.execute(insert(meta).values(name="schema", value=str(SCHEMA)))
