"""The proof that a file has the official bytes, and a stamp beside it that spares the next proof.

A stamp holds the file's size, modification time and SHA-256. It is believed only while all three fit the
file and the catalogue, so a file that was written to since is hashed again. The modification time is set to a
whole second before the bytes are read: a write in the same clock tick then still moves it, and it survives
archives and container layers, which keep no fractions of a second.
"""

import hashlib
import json
import os
from contextlib import suppress
from pathlib import Path

from index.weights.catalogue import WeightFile
from index.weights.progress import OnBytes

__all__ = ["examine", "is_stamped", "prove", "stamp"]

_CHUNK = 1 << 20
_SECOND_NS = 1_000_000_000


def is_stamped(path: Path, file: WeightFile) -> bool:
    """Tell whether `path` is untouched since it was proved to be `file`; reads none of its bytes."""
    try:
        return _stamp_path(path).read_text(encoding="ascii") == _stamp_text(path.stat(), file)
    except (OSError, ValueError):
        return False


def prove(path: Path, file: WeightFile, on_bytes: OnBytes) -> bool:
    """Hash `path` and stamp it if it is `file`; take its stamp away if it is not."""
    seen = examine(path, file, on_bytes)
    if seen is None:
        with suppress(OSError):  # a read-only folder keeps a stamp that the next proof contradicts again
            _stamp_path(path).unlink(missing_ok=True)
        return False
    stamp(path, file, seen)
    return True


def examine(path: Path, file: WeightFile, on_bytes: OnBytes) -> os.stat_result | None:
    """Hash `path`; return what a stamp needs if it has the bytes of `file`, else None."""
    seen = path.stat()
    with suppress(OSError):  # a file of another owner or a read-only disk: the stamp holds without it
        os.utime(path, ns=(seen.st_atime_ns, seen.st_mtime_ns // _SECOND_NS * _SECOND_NS))
        seen = path.stat()
    if seen.st_size != file.size or _sha256(path, on_bytes) != file.sha256:
        return None
    return seen


def stamp(path: Path, file: WeightFile, seen: os.stat_result) -> None:
    """Write down that `path` was `file` when it looked as `seen`; a read-only folder goes without."""
    with suppress(OSError):
        _stamp_path(path).write_text(_stamp_text(seen, file), encoding="ascii")


def _sha256(path: Path, on_bytes: OnBytes) -> str:
    digest, done, buffer = hashlib.sha256(), 0, memoryview(bytearray(_CHUNK))
    with path.open("rb", buffering=0) as handle:
        while read := handle.readinto(buffer):
            digest.update(buffer[:read])
            done += read
            on_bytes(done)
    return digest.hexdigest()


def _stamp_path(path: Path) -> Path:
    return path.with_name(f".{path.name}.verified")


def _stamp_text(seen: os.stat_result, file: WeightFile) -> str:
    return json.dumps({"size": seen.st_size, "mtime_ns": seen.st_mtime_ns, "sha256": file.sha256})
