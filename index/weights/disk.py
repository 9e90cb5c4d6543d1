"""Moves onto the disk that hold, and the one place where its errors become ours."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.errors import StorageError, StorageFullError

__all__ = ["disk_errors", "publish", "size_of"]


@contextmanager
def disk_errors(folder: Path) -> Iterator[None]:
    """Translate every `OSError` of the block into a StorageError that names `folder`."""
    try:
        yield
    except OSError as exc:
        if exc.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise StorageFullError(
                f"The disk that holds {folder} is full; free some space there and run the command again"
            ) from exc
        raise StorageError(
            f"The disk refused to read or write in {folder}: {exc}; see that it is there and yours to write"
        ) from exc


def publish(part: Path, target: Path) -> None:
    """Move a finished file to its final name so that a power cut leaves either all of it or nothing."""
    with part.open("rb") as handle:
        os.fsync(handle.fileno())
    target.parent.mkdir(parents=True, exist_ok=True)
    part.replace(target)
    if hasattr(os, "O_DIRECTORY"):  # Windows opens no directories and needs no such flush
        folder = os.open(target.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def size_of(path: Path) -> int:
    """Return the bytes of a file, 0 where there is none."""
    return path.stat().st_size if path.is_file() else 0
