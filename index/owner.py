"""The owner of a data directory: one process at a time may open the vector index.

Ownership is a lock on a file, which the system drops when the process dies, so that nothing is left to clean up.
Beside it stands the owner's address while it serves, readable by this user alone, with a key that lets commands
of the same user through.
"""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from index.errors import LibraryBusyError
from index.restoring import finish_restore
from index.storage import storage_errors, write_private

__all__ = ["Address", "Ownership", "find_owner"]

_PROBE_S = 0.5  # `find_owner` holds the lock for a moment, which must not look like an owner


@dataclass(frozen=True)
class Address:
    """Where the owner serves, and the key for commands of the same user."""

    url: str
    key: str
    pid: int


class Ownership:
    """Hold `folder` until `release`; a restore that was cut short is finished first.

    Raises LibraryBusyError if it is not free within `wait_s` seconds, and StorageError.
    """

    def __init__(self, folder: Path, *, wait_s: float = 0) -> None:
        self._address_file = folder / "owner.json"
        self._lock = FileLock(folder / "owner.lock", thread_local=False)
        with storage_errors(folder / "owner.lock"):
            folder.mkdir(parents=True, exist_ok=True)
            try:
                self._lock.acquire(timeout=max(wait_s, _PROBE_S))
            except Timeout:
                raise LibraryBusyError(_busy(folder)) from None
        self._address_file.unlink(missing_ok=True)
        try:
            finish_restore(folder)
        except BaseException:
            self._lock.release()
            raise

    def announce(self, url: str) -> Address:
        """Publish where this process serves, with a new key; return both."""
        address = Address(url, secrets.token_urlsafe(32), os.getpid())
        write_private(self._address_file, json.dumps(asdict(address)))
        return address

    def release(self) -> None:
        """Let the folder go."""
        self._address_file.unlink(missing_ok=True)
        self._lock.release()


def find_owner(folder: Path) -> Address | None:
    """Return the address of the process that serves `folder`, or None where no process owns it or it does not serve."""
    if not (folder / "owner.json").is_file():
        return None
    probe = FileLock(folder / "owner.lock")
    try:
        probe.acquire(timeout=0)
    except Timeout:
        return _read(folder)
    probe.release()
    return None


def _read(folder: Path) -> Address | None:
    try:
        return Address(**json.loads((folder / "owner.json").read_text()))
    except (OSError, ValueError, TypeError):
        return None


def _busy(folder: Path) -> str:
    owner = _read(folder)
    if owner:
        return f"{folder} is served at {owner.url} by process {owner.pid}; stop that first"
    return (
        f"{folder} is in use by another pullquote command; "
        "wait for it to end, or set PULLQUOTE_DATA_DIR to another folder"
    )
