"""`python -m eval.proof full`: a disk that fills up, at many points of adding, removing and making the index anew.

The library lies on a small disk of its own. A file beside it takes up all but so many bytes; what then has no room must
be refused as a full disk, searches must go on, and the same again must succeed when there is room.
"""

import argparse
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from eval.proof.truth import differences
from index.articles import Article, make_article
from index.encoders import FakeEncoder
from index.errors import ArticleNotFoundError, StorageFullError
from index.library import Library
from service.cli.output import console, stderr

__all__ = ["ROOM", "Point", "filled", "main", "small_disk"]

ROOM = (
    *(0, 4, 16, 40, 80, 120, 160, 200, 260, 320),
    *(400, 520, 640, 770, 900, 1_000, 1_300, 1_600, 1_800, 2_000),
)
"""Kilobytes that are left free, at one point after the other."""

_KEPT = 12
_WRITTEN = 8
_DISK_MB = 12
_LARGEST = 64_000_000


@dataclass
class Point:
    """How many kilobytes were left, what was refused for want of room, and what was wrong."""

    room: int
    refused: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def filled(disk: Path, *, every: int = 1) -> Iterator[Point]:
    """Yield what became of each point, of one in `every`, on a disk that may be filled up."""
    kept = {f"kept-{i}": f"Bridge{i} was opened. It is closed in winter{i}." for i in range(_KEPT)}
    library = Library(disk / "library", FakeEncoder)
    try:
        for article in map(_article, kept, kept.values()):
            library.add(article)
        for room in ROOM[::every]:
            yield _point(library, disk, kept, room)
    finally:
        library.close()


def _point(library: Library, disk: Path, kept: dict[str, str], room: int) -> Point:
    point = Point(room)
    made = {f"new-{room}-{i}": _long_text(room, i) for i in range(_WRITTEN)}
    with _full_but_for(disk, room * 1_000):
        for article in map(_article, made, made.values()):
            _try(point, "add", partial(library.add, article))
        if not library.search(["was Bridge7 opened?"]).evidence:
            point.problems.append("a search found nothing while the disk was full")
        _try(point, "remove", lambda: _remove(library, f"new-{room}-0"))
        _try(point, "make anew", library.reindex)
    for article in map(_article, made, made.values()):
        library.add(article)
    point.problems += differences(library, {**kept, **made})
    for name in made:
        library.remove(name)
    point.problems += differences(library, kept)
    return point


def _try(point: Point, what: str, work: Callable[[], object]) -> None:
    try:
        work()
    except StorageFullError:
        point.refused.append(what)
    except Exception as exc:  # noqa: BLE001  (whatever else is told is what is looked for)
        point.problems.append(f"{what}: {type(exc).__name__}: {exc}")


def _remove(library: Library, name: str) -> None:
    try:
        library.remove(name)
    except ArticleNotFoundError:
        return  # it had no room before


def _article(name: str, text: str) -> Article:
    return make_article({"id": name, "text": text, "language": "en"}, place=name)


def _long_text(room: int, i: int) -> str:
    return " ".join(f"Ferry{room}x{i}x{k} sailed to harbour{k}." for k in range(40))


@contextmanager
def _full_but_for(disk: Path, room: int) -> Iterator[None]:
    ballast = disk / "ballast"
    ballast.write_bytes(bytes(max(0, shutil.disk_usage(disk).free - room)))
    try:
        yield
    finally:
        ballast.unlink()


@contextmanager
def small_disk() -> Iterator[Path | None]:
    """Yield a small disk in memory, which only Linux's root may make; None where that is not allowed."""
    with TemporaryDirectory(prefix="pullquote-proof-") as folder:
        mount = ["mount", "-t", "tmpfs", "-o", f"size={_DISK_MB}m", "tmpfs", folder]
        if not shutil.which("mount") or subprocess.run(mount, capture_output=True, check=False).returncode:  # noqa: S603
            yield None
            return
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", folder], check=True)  # noqa: S603, S607


def main(argv: Sequence[str]) -> int:
    """Run the proof and print a table; return 1 where something was wrong."""
    parser = argparse.ArgumentParser(prog="python -m eval.proof full", description=__doc__)
    parser.add_argument("--disk", type=Path, help="an empty folder on a disk of its own, 64 MB at most; default: made")
    options = parser.parse_args(argv)
    if options.disk and shutil.disk_usage(options.disk).total > _LARGEST:
        stderr().print(f"{options.disk} is on a disk of more than 64 MB, which is not filled up; name a smaller one")
        return 1
    if options.disk:
        return _report(filled(options.disk))
    with small_disk() as disk:
        if disk is None:
            stderr().print("no small disk can be mounted here; run it as root on Linux, or name one with --disk")
            return 1
        return _report(filled(disk))


def _report(points: Iterator[Point]) -> int:
    out, wrong, full, n_points = console(), 0, 0, 0
    for point in points:
        n_points += 1
        full += bool(point.refused)
        wrong += bool(point.problems)
        refused = ", ".join(dict.fromkeys(point.refused)) or "nothing"
        out.print(f"{point.room:6,} kB left  refused: {refused}  {'; '.join(point.problems)}", markup=False)
    out.print(f"full    {full} points without room")
    out.print(f"failed  {wrong} of {n_points}")
    return 1 if wrong or not full else 0
