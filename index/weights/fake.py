"""A source of model files in memory, for tests."""

from collections.abc import Mapping
from pathlib import Path

from index.weights.catalogue import WeightFile, Weights
from index.weights.progress import OnBytes

__all__ = ["FakeSource"]


class FakeSource:
    """Give files from a mapping of path to bytes, or raise `failure`; `asked` records the paths."""

    def __init__(self, files: Mapping[str, bytes], name: str = "fake", failure: BaseException | None = None) -> None:
        self.name = name
        self.asked: list[str] = []
        self.closed = False
        self._files = files
        self._failure = failure

    def fetch(self, weights: Weights, file: WeightFile, into: Path, on_bytes: OnBytes) -> None:  # noqa: ARG002
        """Write the file as given, or raise."""
        self.asked.append(file.path)
        if self._failure is not None:
            raise self._failure
        into.write_bytes(self._files[file.path])
        on_bytes(len(self._files[file.path]))

    def close(self) -> None:
        """Remember that it was closed."""
        self.closed = True
