"""Adding files: articles a second, the memory that it takes, and the same files again, `python -m eval.bench.adding`.

Files are Markdown with front matter, of sentences drawn from the sample articles. What is timed is `pullquote add` in a
process of its own, with its start. Memory is that of a library with the fake encoder, so that torch has no part in it.
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from eval.bench.added import SIZES, read_peaks
from eval.bench.errors import BenchError, ChildError
from eval.bench.libraries import temporary_folder
from eval.bench.machine import machine
from eval.bench.metrics import Figure, Section
from eval.bench.report import figure_table
from index.reading import Read, read_articles
from index.sentences import split_sentences
from service.cli.output import console, stderr
from service.offline import FORCED
from service.settings import load_settings

__all__ = ["main", "measure_again", "measure_memory", "measure_speed", "write_files"]

_SAMPLES = Path(__file__).parent.parent / "samples" / "articles"
_SCRIPT = str(Path(sys.executable).parent / "pullquote")
_SENTENCES = 12
_PARAGRAPH = 4
_SEED = 1
_PASSES = 3
_MAX_BYTES = 1 << 20


def write_files(folder: Path, n: int) -> Path:
    """Write `n` articles of twelve sentences, a file each, and return the folder."""
    folder.mkdir(parents=True)
    pool = _sample_sentences()
    rng = np.random.default_rng(_SEED)
    for number in range(n):
        drawn = [pool[i] for i in rng.integers(len(pool), size=_SENTENCES)]
        paragraphs = [" ".join(drawn[i : i + _PARAGRAPH]) for i in range(0, _SENTENCES, _PARAGRAPH)]
        front = f"title: Report {number}\nurl: https://courier.example/{number}\npublished_at: 2024-06-13"
        (folder / f"{number:05}.md").write_text(f"---\n{front}\n---\n\n" + "\n\n".join(paragraphs) + "\n")
    return folder


def measure_speed(folder: Path, n: int, settings: Mapping[str, str]) -> Section:
    """Add `n` new files."""
    files = write_files(folder / "files", n)
    seconds = _add(files, folder / "data", settings, f"{n} added")
    return {"new files": Figure(n / seconds, n, "articles/s"), "in all": Figure(seconds, 1, "s")}


def measure_again(folder: Path, n: int, settings: Mapping[str, str]) -> Section:
    """Add `n` files that were added before, three times, which must change nothing."""
    files = write_files(folder / "files", n)
    _add(files, folder / "data", {**settings, "encoder": "fake"}, f"{n} added")
    passes = tuple(_add(files, folder / "data", settings, f"{n} unchanged") for _ in range(_PASSES))
    return {f"{n:,} unchanged files": Figure(sum(passes) / _PASSES, _PASSES, "s", singles=passes)}


def measure_memory(folder: Path, n: int) -> Section:
    """Add `n` files in one process, and tell the most memory that it ever took, at its start and along the way."""
    peaks = read_peaks(write_files(folder / "files", n), folder / "data")
    return {f"peak at {added:,} articles": Figure(peak / (1 << 20), 1, "MiB") for added, peak in peaks.items()}


def _sample_sentences() -> list[str]:
    found = (read.article for read in read_articles(_SAMPLES, max_bytes=_MAX_BYTES) if isinstance(read, Read))
    texts = (article.text[each.start : each.end] for article in found for each in split_sentences(article.text, "en"))
    return [" ".join(text.split()) for text in texts]


def _add(files: Path, data: Path, settings: Mapping[str, str], expected: str) -> float:
    """Return the seconds of `pullquote add`. Raises ChildError where it does not say what is expected."""
    given = {"data_dir": str(data), **settings}
    environment = {**os.environ, **FORCED, **{f"PULLQUOTE_{name.upper()}": value for name, value in given.items()}}
    began = time.perf_counter()
    done = subprocess.run([_SCRIPT, "add", files], env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    seconds = time.perf_counter() - began
    if expected not in done.stdout:
        raise ChildError(f"pullquote add should have said {expected!r}:\n{done.stdout}{done.stderr}")
    return seconds


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, and print the table; return the exit code."""
    parser = argparse.ArgumentParser("python -m eval.bench.adding", description=__doc__, allow_abbrev=False)
    parser.add_argument("--speed", type=int, default=300, help="files to add by each encoder (default: %(default)s)")
    parser.add_argument("--again", type=int, default=1_000, help="files to add again (default: %(default)s)")
    parser.add_argument("--memory", type=int, default=5 * SIZES, help="files for memory (default: %(default)s)")
    options = parser.parse_args(argv)
    settings = load_settings()
    named = {"encoder": settings.encoder, "models_dir": str(settings.models_folder.absolute())}
    parts: dict[str, Callable[[Path], Section]] = {
        "the fake encoder": lambda folder: measure_speed(folder, options.speed, {**named, "encoder": "fake"}),
        settings.encoder: lambda folder: measure_speed(folder, options.speed, named),
        "memory": lambda folder: measure_memory(folder, options.memory),
        "again": lambda folder: measure_again(folder, options.again, named),
    }
    stderr().print(", ".join(f"{name} {value}" for name, value in machine().items()), style="dim")
    sections: dict[str, Section] = {}
    try:
        for name, part in parts.items():
            stderr().print(name, style="dim")
            with temporary_folder() as folder:
                sections[name] = part(folder)
    except BenchError as exc:
        stderr().print(f"Error: {exc}", markup=False)
        return 1
    console().print(figure_table(sections, "Adding files"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
