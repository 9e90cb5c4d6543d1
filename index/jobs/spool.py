"""The spool: bytes that were sent or fetched and are not read yet, in files whose names are made here."""

import os
import re
import secrets
from collections.abc import Collection
from pathlib import Path

from index.storage import storage_errors

__all__ = ["Spool"]

_NAME = re.compile(r"[0-9a-f]{32}")


class Spool:
    """Files in `folder`, which this user alone can read. Every method raises StorageError."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, data: bytes) -> str:
        """Write bytes to the disk, and return the name that they have here."""
        name = secrets.token_hex(16)
        path = self._folder / name
        with storage_errors(path):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            try:
                with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
            except BaseException:
                path.unlink(missing_ok=True)
                raise
        return name

    def get(self, name: str) -> bytes | None:
        """Return the bytes of a name, or None where they are gone."""
        path = self._path(name)
        with storage_errors(path):
            return path.read_bytes() if path.exists() else None

    def drop(self, names: Collection[str]) -> None:
        """Delete what has these names."""
        for name in names:
            with storage_errors(self._folder):
                self._path(name).unlink(missing_ok=True)

    def sweep(self, kept: Collection[str]) -> None:
        """Delete everything else than what is `kept`: what a crash left."""
        with storage_errors(self._folder):
            found = [path.name for path in self._folder.iterdir()] if self._folder.exists() else []
        self.drop([name for name in found if _NAME.fullmatch(name) and name not in kept])

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no name of the spool")
        return self._folder / name
