"""The connection to the ledger: SQLite in WAL mode, every commit on disk before it is acknowledged."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, create_engine, event, insert, inspect, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from index.errors import StorageError, StorageFullError
from index.ledger.schema import MIGRATIONS, meta

__all__ = ["Database", "storage_errors"]


class Database:
    """Open the ledger at `path`, creating or migrating it. Raises StorageError where that cannot be done."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._engine = create_engine(f"sqlite:///{path}")
        event.listen(self._engine, "connect", _configure)
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


@contextmanager
def storage_errors(path: Path) -> Iterator[None]:
    """Translate what SQLite and the file system say about `path` into StorageError and StorageFullError."""
    try:
        yield
    except (DBAPIError, OSError) as exc:
        cause = exc.orig if isinstance(exc, DBAPIError) else exc
        code = getattr(cause, "sqlite_errorcode", None)
        full = code == sqlite3.SQLITE_FULL or getattr(cause, "errno", None) in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        if full:
            raise StorageFullError(
                f"the disk of {path.parent} is full; free some space and run the same again"
            ) from exc
        raise StorageError(f"{path} cannot be read or written ({cause}); check the disk and the permissions") from exc


def _configure(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"):
        connection.execute(f"PRAGMA {pragma}")


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
