"""The files of a journal: the database with its log of writes, and what was set aside."""

import os
from datetime import UTC, datetime
from pathlib import Path

__all__ = ["asides", "delete_files", "delete_old_asides", "make_private", "set_aside"]

_PARTS = ("-wal", "-shm", "")  # a log that outlived its database would be replayed into the next one
_OWNER_ONLY = 0o600


def make_private(path: Path) -> None:
    """Make the file where there is none, for this user alone; SQLite gives the others the mode of this one."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, _OWNER_ONLY))
    path.chmod(_OWNER_ONLY)


def set_aside(path: Path) -> Path:
    """Give the files of a journal another name beside it, which is returned. Raises OSError."""
    numbers = (path.with_name(f"{path.name}.aside-{n}") for n in range(1, 1_000_000))
    aside = next(name for name in numbers if not any(_part(name, part).exists() for part in _PARTS))
    for part in _PARTS:
        if _part(path, part).exists():
            _part(path, part).rename(_part(aside, part))
    return aside


def asides(path: Path) -> list[Path]:
    """Return the journals that were set aside."""
    found = path.parent.glob(f"{path.name}.aside-*")
    return sorted(file for file in found if not file.name.endswith(("-wal", "-shm")))


def delete_old_asides(path: Path, before: datetime) -> None:
    """Delete what was set aside and last written before this moment. Raises OSError."""
    for aside in asides(path):
        if datetime.fromtimestamp(aside.stat().st_mtime, UTC) < before:
            delete_files(aside)


def delete_files(path: Path) -> None:
    """Delete the files of a journal. Raises OSError."""
    for part in _PARTS:
        _part(path, part).unlink(missing_ok=True)


def _part(path: Path, part: str) -> Path:
    return path.with_name(path.name + part)
