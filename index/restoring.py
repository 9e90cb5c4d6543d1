"""Restoring: database files take the place of those of a library, all of them or none.

They are unpacked beside the library first. One rename then decides; what follows is done again by the next owner of the
folder where a kill cut it short.
"""

import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from index.storage import storage_errors
from index.vectors import discard

__all__ = ["abandon", "begin_restore", "commit_restore", "finish_restore", "is_pending"]

_FILLING, _DECIDED = "restore.part", "restore.done"
_PLAN = "plan.json"
_LOGS = ("-wal", "-shm")  # of the database before; SQLite would replay them into the new one


def begin_restore(folder: Path) -> Path:
    """Return an empty folder within `folder`, for the files that are to be restored. Raises StorageError."""
    filling = folder / _FILLING
    with storage_errors(filling):
        abandon(folder)
        filling.mkdir(mode=0o700, parents=True)
    return filling


def abandon(folder: Path) -> None:
    """Delete what was unpacked and not decided for."""
    shutil.rmtree(folder / _FILLING, ignore_errors=True)


def commit_restore(folder: Path, known: Sequence[str]) -> None:
    """Let the files that were unpacked be the library; those of the names `known` that were not are deleted.

    The caller owns `folder`. Raises StorageError; the library is then the old one, or the new one once the next owner
    opens it.
    """
    filling = folder / _FILLING
    with storage_errors(filling):
        plan = {name: (filling / name).is_file() for name in known}
        (filling / _PLAN).write_text(json.dumps(plan))
        for path in (*filling.iterdir(), filling):
            _sync(path)
        filling.rename(folder / _DECIDED)
        _sync(folder)
    finish_restore(folder)


def is_pending(folder: Path) -> bool:
    """Tell whether a restore was decided for and cut short."""
    return (folder / _DECIDED).exists()


def finish_restore(folder: Path) -> None:
    """Do what is left to do of a restore that was decided for; nothing where there is none. Raises StorageError."""
    decided = folder / _DECIDED
    with storage_errors(decided):
        if (decided / _PLAN).is_file():
            for name, is_new in json.loads((decided / _PLAN).read_text()).items():
                _install(decided / name, folder / name, is_new=is_new)
            discard(folder / "vectors")
            _sync(folder)
            (decided / _PLAN).unlink()
        if decided.exists():
            shutil.rmtree(decided)
    abandon(folder)


def _install(fresh: Path, place: Path, *, is_new: bool) -> None:
    if is_new and not fresh.exists():
        return  # done before
    for log in _LOGS:
        place.with_name(place.name + log).unlink(missing_ok=True)
    if is_new:
        fresh.replace(place)
    else:
        place.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
