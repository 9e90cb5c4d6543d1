"""Copies of a ledger, for backups: made while others write, and with nothing in them that readers do not see."""

import sqlite3
from contextlib import closing
from pathlib import Path

from index.errors import BackupError
from index.ledger.database import Database
from index.ledger.reading import Reader
from index.ledger.writing import Writer
from index.storage import damaged, storage_errors

__all__ = ["accept_ledger", "copy_ledger"]

_BUSY_S = 10
_TRIGGERS = ("contents_added", "contents_removed")


def copy_ledger(path: Path, target: Path) -> int:
    """Write the ledger as it is now to a new file of the present schema; return how many articles it holds.

    Raises LedgerDamagedError for a damaged one, of which no backup is made, and StorageError.
    """
    with storage_errors(path), closing(_open_to_read(path)) as connection:
        _check(connection, path)
        connection.execute("VACUUM INTO ?", (str(target),))
    return _settled(target)


def accept_ledger(path: Path) -> int:
    """Bring a ledger that came from elsewhere up to the present schema; return how many articles it holds.

    Raises LedgerDamagedError, StorageError for a newer schema, and BackupError for one that would run statements of
    its own.
    """
    with storage_errors(path), closing(_open_to_read(path)) as connection:
        _check(connection, path)
        foreign = "SELECT name FROM sqlite_master WHERE type = 'view' OR type = 'trigger' AND name NOT IN (?, ?)"
        if found := connection.execute(foreign, _TRIGGERS).fetchone():
            raise BackupError(f"{path.name} in the backup holds {found[0]!r}, which no ledger has; restore another one")
    return _settled(path)


def _settled(path: Path) -> int:
    """Sweep what no reader sees, take it off the disk, and count."""
    database = Database(path)
    try:
        Writer(database).sweep()
        with database.write() as connection:
            database.want_scrub(connection)
        database.scrub()
        return Reader(database).n_articles()
    finally:
        database.close()


def _open_to_read(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=_BUSY_S)


def _check(connection: sqlite3.Connection, path: Path) -> None:
    (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        raise damaged(path, found)
