"""What the disk says, as errors of ours."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from index.errors import StorageError, StorageFullError

__all__ = ["storage_errors"]


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
