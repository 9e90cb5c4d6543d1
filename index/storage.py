"""What the disk says, as errors of ours."""

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from sqlalchemy.exc import DBAPIError

from index.errors import LedgerDamagedError, StorageError, StorageFullError

__all__ = ["damaged", "open_private", "storage_errors", "write_private"]

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


@contextmanager
def storage_errors(path: Path, *, missing_ok: bool = False) -> Iterator[None]:
    """Translate what SQLite and the file system say about `path` into StorageError and its kinds.

    With `missing_ok`, FileNotFoundError stays what it is.
    """
    try:
        yield
    except FileNotFoundError as exc:
        if missing_ok:
            raise
        raise StorageError(f"{path} cannot be read or written ({exc}); check the disk and the permissions") from exc
    except sqlite3.ProgrammingError:
        raise  # of the caller, not of the disk
    except (DBAPIError, sqlite3.Error, OSError) as exc:
        cause = exc.orig if isinstance(exc, DBAPIError) else exc
        code = getattr(cause, "sqlite_errorcode", None)
        if (code or 0) & 0xFF in _DAMAGED:
            raise damaged(path, str(cause)) from exc
        if "Could not decode to UTF-8" in str(cause):
            raise damaged(path, "text that is no UTF-8") from None  # the words that follow are an article's
        if code == sqlite3.SQLITE_FULL or getattr(cause, "errno", None) in _FULL:
            raise StorageFullError(
                f"the disk of {path.parent} is full; free some space and run the same again"
            ) from exc
        raise StorageError(f"{path} cannot be read or written ({cause}); check the disk and the permissions") from exc


def damaged(path: Path, found: str) -> LedgerDamagedError:
    """Return the error for a ledger that is not as it was written, with the remedy."""
    return LedgerDamagedError(
        f"{path} is damaged ({' '.join(found.split())}); restore a backup with `pullquote restore FILE --force`, "
        "or move that file away and add the articles again"
    )


def open_private(path: Path) -> IO[bytes]:
    """Open a new file that this user alone can read, to write. Raises OSError, also where there is one."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def write_private(path: Path, text: str) -> None:
    """Put a file that this user alone can read in place at once. Raises StorageError, and leaves nothing half done."""
    fresh = path.with_name(path.name + ".new")
    with storage_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh.unlink(missing_ok=True)
        try:
            with open_private(fresh) as file:
                file.write(text.encode())
            fresh.replace(path)
        finally:
            fresh.unlink(missing_ok=True)
