"""Where model files lie, whether they are all there, and whether they are the official ones."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from index.errors import ChecksumError, WeightsMissingError
from index.weights.catalogue import WeightFile, Weights
from index.weights.disk import disk_errors, size_of
from index.weights.progress import OnProgress, counter
from index.weights.stamps import is_stamped, prove

__all__ = [
    "FileCheck",
    "FileState",
    "FileStatus",
    "WeightsStatus",
    "part_dir",
    "require",
    "status",
    "verify",
    "weights_dir",
    "workspace",
]


class FileState(StrEnum):
    """Say what is known of one file."""

    OK = "ok"
    MISSING = "missing"
    PARTIAL = "partial"
    """Some of its bytes are there, or another number of bytes than it has."""
    WRONG = "wrong"
    """The right number of bytes, but not the official ones; only a hash shows it."""


@dataclass(frozen=True)
class FileStatus:
    """Describe one file by its size alone: OK, MISSING or PARTIAL."""

    path: str
    state: FileState
    present: int
    size: int


@dataclass(frozen=True)
class FileCheck:
    """Describe one file by its SHA-256: OK, MISSING, PARTIAL or WRONG."""

    path: str
    state: FileState


@dataclass(frozen=True)
class WeightsStatus:
    """Describe a model by the sizes of its files."""

    weights: str
    folder: Path
    files: tuple[FileStatus, ...]

    @property
    def complete(self) -> bool:
        """Tell whether every file has its size."""
        return all(file.state is FileState.OK for file in self.files)

    @property
    def present(self) -> int:
        """Sum the bytes that are there, those of unfinished files included."""
        return sum(file.present for file in self.files)


def weights_dir(root: Path, weights: Weights) -> Path:
    """Return the one folder under `root` that holds a model."""
    return root / weights.name.replace("/", "--")


def workspace(root: Path, weights: Weights) -> Path:
    """Return the folder in which a pull keeps what is not finished."""
    return weights_dir(root, weights) / ".pull"


def part_dir(root: Path, weights: Weights, file: WeightFile) -> Path:
    """Return the folder in which the sources leave the unfinished bytes of one file, as `*.part`."""
    return workspace(root, weights) / file.path.replace("/", "--")


def status(root: Path, weights: Weights) -> WeightsStatus:
    """Look at the sizes of all files; cheap, reads none of their bytes.

    Raises StorageError if the disk refuses.
    """
    folder = weights_dir(root, weights)
    with disk_errors(folder):
        return WeightsStatus(weights.name, folder, tuple(_file_status(root, weights, file) for file in weights.files))


def verify(root: Path, weights: Weights, on_progress: OnProgress | None = None) -> tuple[FileCheck, ...]:
    """Hash every file, whatever its stamp says.

    Raises StorageError if the disk refuses.
    """
    states = status(root, weights)
    with disk_errors(states.folder):
        return tuple(
            FileCheck(file.path, _checked(states.folder, weights, file, seen.state, on_progress))
            for file, seen in zip(weights.files, states.files, strict=True)
        )


def require(root: Path, weights: Weights) -> Path:
    """Return the model's folder once all its files are the official ones.

    Only files that changed since they were last proved are hashed. Raises WeightsMissingError if a file is
    not there whole, ChecksumError if one has a wrong byte, StorageError if the disk refuses.
    """
    states = status(root, weights)
    if lacking := [file.path for file in states.files if file.state is not FileState.OK]:
        raise WeightsMissingError(
            f"{weights.name} lacks {', '.join(lacking)} in {states.folder}; run `pullquote models pull`"
        )
    with disk_errors(states.folder):
        wrong = [file.path for file in weights.files if not _trusted(states.folder, weights, file)]
    if wrong:
        raise ChecksumError(
            f"{', '.join(wrong)} of {weights.name} in {states.folder} is not as officially released; "
            "run `pullquote models pull`"
        )
    return states.folder


def _file_status(root: Path, weights: Weights, file: WeightFile) -> FileStatus:
    path = weights_dir(root, weights) / file.path
    parts = part_dir(root, weights, file).glob("*.part")
    present = size_of(path) if path.is_file() else max(map(size_of, parts), default=0)
    if path.is_file() and present == file.size:
        return FileStatus(file.path, FileState.OK, present, file.size)
    state = FileState.PARTIAL if present or path.is_file() else FileState.MISSING
    return FileStatus(file.path, state, present, file.size)


def _checked(
    folder: Path, weights: Weights, file: WeightFile, seen: FileState, on_progress: OnProgress | None
) -> FileState:
    if seen is not FileState.OK:
        return seen
    count = counter(on_progress, weights.name, file.path, "checking", file.size)
    return FileState.OK if prove(folder / file.path, file, count) else FileState.WRONG


def _trusted(folder: Path, weights: Weights, file: WeightFile) -> bool:
    path = folder / file.path
    return is_stamped(path, file) or prove(path, file, counter(None, weights.name, file.path, "checking", file.size))
