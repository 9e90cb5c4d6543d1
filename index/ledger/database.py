"""The connection to the ledger: SQLite in WAL mode, every commit on disk before it is acknowledged."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, create_engine, event, insert, inspect, select, update
from sqlalchemy.pool import ConnectionPoolEntry

from index.errors import StorageError
from index.ledger.schema import MIGRATIONS, meta
from index.storage import storage_errors

__all__ = ["Database"]


class Database:
    """Open the ledger at `path`, creating or migrating it. Raises StorageError where that cannot be done."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._engine = create_engine(URL.create("sqlite", database=str(path)))
        event.listen(self._engine, "connect", _configure)
        event.listen(self._engine, "begin", _begin)
        with storage_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            with self._engine.begin() as connection:
                _migrate(connection, path)

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """Yield a connection in one transaction; its errors come as StorageError."""
        with storage_errors(self.path), self._engine.begin() as connection:
            yield connection

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()


def _configure(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
    # sqlite3 would commit before every statement that changes the schema; see _begin
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def _migrate(connection: Connection, path: Path) -> None:
    fresh = not inspect(connection).has_table("meta")
    found = 0 if fresh else int(connection.execute(select(meta.c.value).where(meta.c.name == "schema")).scalar_one())
    if found > len(MIGRATIONS):
        raise StorageError(
            f"{path} was written by a newer Pullquote (schema {found}); update Pullquote, or restore a backup"
        )
    for step in MIGRATIONS[found:]:
        step(connection)
    if fresh:
        connection.execute(insert(meta).values(name="schema", value=str(len(MIGRATIONS))))
    else:
        connection.execute(update(meta).where(meta.c.name == "schema").values(value=str(len(MIGRATIONS))))
