"""The child's log: where its standard error goes, and how its end is shown in a message."""

import tempfile
from pathlib import Path
from typing import IO

__all__ = ["ChildLog"]

_LARGEST = 1 << 20
_TAIL_BYTES = 4096
_TAIL_LINES = 12


class ChildLog:
    """Open the log of one child: a file at `path`, or without one a nameless file that goes when it is closed.

    A file above 1 MiB is begun anew; warnings alone need years for that, a child that fails in a loop does not.
    """

    def __init__(self, path: Path | None) -> None:
        self.file = _open(path)
        self._start = self.file.seek(0, 2)

    def tail(self) -> str:
        """Return the last lines that this child has written; empty if there are none."""
        end = self.file.seek(0, 2)
        self.file.seek(max(self._start, end - _TAIL_BYTES))
        lines = self.file.read().decode(errors="replace").splitlines()
        return "\n".join(lines[-_TAIL_LINES:])

    def close(self) -> None:
        """Close the parent's handle."""
        self.file.close()


def _open(path: Path | None) -> IO[bytes]:
    # Appending, so that the child's position is not moved by the parent that reads the tail.
    if path is None:
        return tempfile.TemporaryFile("a+b")
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > _LARGEST:
        path.unlink()
    return path.open("a+b")
