"""The seam between a pull and the places that hold model files."""

from pathlib import Path
from typing import Protocol

from index.errors import SourceError
from index.weights.catalogue import WeightFile, Weights
from index.weights.progress import OnBytes

__all__ = ["Source", "UnreachableError"]


class UnreachableError(SourceError):
    """The source itself did not answer; there is no use in asking it for another file."""


class Source(Protocol):
    """A place that may hold the files of a model.

    What it gives is trusted by nobody: the pull hashes it.
    """

    @property
    def name(self) -> str:
        """Name the source in a file name, in reports and in errors: letters, digits and hyphens."""
        ...

    def fetch(self, weights: Weights, file: WeightFile, into: Path, on_bytes: OnBytes) -> None:
        """Write the file to `into`, going on from what an earlier call left there.

        May keep files beside `into` whose names begin with its name. Raises UnreachableError if the source
        did not answer, SourceError if it did but not with the file, OSError if the disk refused.
        """
        ...

    def close(self) -> None:
        """Let go of connections and scratch files."""
        ...
