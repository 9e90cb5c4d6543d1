"""The memory of a process that adds files, and that has no torch; it prints one JSON object.

Example: `python -m eval.bench.added --files news/ --library /tmp/library`
"""

import argparse
import sys
from contextlib import closing
from pathlib import Path

from eval.bench.children import emit, run_child
from eval.bench.errors import BenchError
from eval.bench.machine import peak_bytes
from index import Library, Refused
from index.encoders import FakeEncoder
from index.reading import Read, read_articles

__all__ = ["SIZES", "read_peaks"]

SIZES = 1_000
"""Articles between two looks at the memory."""
_MAX_BYTES = 1 << 20


def read_peaks(files: Path, library: Path) -> dict[int, int]:
    """Add a folder in a process of its own; return the most bytes resident until so many articles were added."""
    peaks = run_child("eval.bench.added", ["--files", str(files), "--library", str(library)])
    return {int(added): peak for added, peak in peaks.items()}


def measure(files: Path, folder: Path) -> dict[int, int]:
    """Add all files to a library in `folder`; return the peak before the first one and after every so many."""
    peaks = {0: peak_bytes()}
    articles = (found.article for found in read_articles(files, max_bytes=_MAX_BYTES) if isinstance(found, Read))
    with closing(Library(folder, FakeEncoder)) as library:
        for added, outcome in enumerate(library.add_all(articles), 1):
            if isinstance(outcome, Refused):
                raise outcome.error
            if added % SIZES == 0:
                peaks[added] = peak_bytes()
    if "torch" in sys.modules:
        raise BenchError("torch was imported, so that this is not the memory of the index alone")
    return peaks


def main() -> None:
    """Measure, and print one JSON object."""
    parser = argparse.ArgumentParser("python -m eval.bench.added", description=__doc__, allow_abbrev=False)
    parser.add_argument("--files", type=Path, required=True, help="folder of files to add")
    parser.add_argument("--library", type=Path, required=True, help="folder for the library")
    options = parser.parse_args()
    emit({str(added): peak for added, peak in measure(options.files, options.library).items()})


if __name__ == "__main__":
    main()
