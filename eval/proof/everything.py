"""`python -m eval.proof all`: every proof in turn, each in a process of its own, and one table of them at the end.

What each printed is kept, one file a proof. Those that are tests are counted by test; they are there in a checkout.
"""

import argparse
import re
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.table import Table

from service.cli.output import console, stderr

__all__ = ["PARTS", "Row", "count", "main"]

_PROOF = ("-m", "eval.proof")
_TESTS = ("-m", "pytest", "-q", "-p", "no:cacheprovider")
PARTS: Mapping[str, Sequence[str]] = {
    "attacks": (*_PROOF, "--attacks", "1000"),
    "kills": (*_PROOF, "kills", "--count", "1000", "--aimed", "100"),
    "corruption": (*_PROOF, "corruption"),
    "sequences": (*_PROOF, "sequences", "--count", "2000"),
    "full": (*_PROOF, "full"),
    "served": (*_PROOF, "served", "--count", "20"),
    "described": ("-m", "eval.proof.described"),
    "files": (*_TESTS, "tests/index/extracting/test_hostile.py", "tests/service/http/test_jobs_hostile.py"),
    "addresses": (
        *_TESTS,
        "tests/index/fetching/test_addresses.py",
        "tests/index/fetching/test_canary.py",
        "tests/index/sources/test_canary.py",
    ),
}
"""What each proof is run with, beside Python's own name."""

_FAILED_OF = re.compile(r"^failed +([\d,]+) of ([\d,]+)", re.MULTILINE)
_DESCRIBED = re.compile(r"^Test cases:\s+([\d,]+) generated(.*)", re.MULTILINE)
_NOT_DESCRIBED = re.compile(r"([\d,]+) (?:found|errored)")
_TESTED = re.compile(r"(\d+) (passed|failed|error)")


@dataclass(frozen=True)
class Row:
    """How a proof ended: what was tried, how much of it failed, and how long it took; None where it broke off."""

    part: str
    tried: int | None
    failed: int | None
    seconds: float
    code: int

    @property
    def holds(self) -> bool:
        """Tell whether something was tried, and nothing failed."""
        return self.code == 0 and bool(self.tried) and not self.failed


def count(part: str, printed: str) -> tuple[int | None, int | None]:
    """Return how much a proof tried and how much failed, out of what it printed; None where it does not say."""
    if PARTS[part][1] == "pytest":
        counts = {what: int(n) for n, what in _TESTED.findall(printed.rstrip().rpartition("\n")[2])}
        failed = counts.get("failed", 0) + counts.get("error", 0)
        return (counts.get("passed", 0) + failed, failed) if counts else (None, None)
    if part == "described":
        found = _DESCRIBED.search(printed)
        return (_number(found[1]), sum(map(_number, _NOT_DESCRIBED.findall(found[2])))) if found else (None, None)
    found = _FAILED_OF.search(printed)
    return (_number(found[2]), _number(found[1])) if found else (None, None)


def _number(written: str) -> int:
    return int(written.replace(",", ""))


def main(argv: Sequence[str] | None = None) -> int:
    """Run proofs and print the table; return 1 where one does not hold."""
    parser = argparse.ArgumentParser(prog="python -m eval.proof all", description=__doc__, allow_abbrev=False)
    parser.add_argument(
        "--only", nargs="+", choices=list(PARTS), default=list(PARTS), help="these; default: all, an hour"
    )
    parser.add_argument("--out", type=Path, default=Path("data/proof"), help="where outputs go; default: data/proof")
    options = parser.parse_args(argv)
    options.out.mkdir(parents=True, exist_ok=True)
    rows = [_run(part, options.out / f"{part}.txt") for part in options.only]
    _show(rows)
    return 0 if all(row.holds for row in rows) else 1


def _run(part: str, kept: Path) -> Row:
    """Run a proof, and show and keep what it prints as it comes."""
    stderr().print(f"== {part}", markup=False)
    begun = time.monotonic()
    command = [sys.executable, "-u", *PARTS[part]]
    with (
        kept.open("w", encoding="utf-8") as file,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process,  # noqa: S603
    ):
        for line in process.stdout or ():
            file.write(line)
            stderr().print(line, end="", markup=False, highlight=False)
    tried, failed = count(part, kept.read_text(encoding="utf-8"))
    return Row(part, tried, failed, time.monotonic() - begun, process.returncode)


def _show(rows: Sequence[Row]) -> None:
    table = Table("proof", "tried", "failed", "seconds", "")
    for row in rows:
        told = "" if row.holds else "failed" if row.failed else f"ended with {row.code}, and proves nothing"
        counts = ("-" if n is None else f"{n:,}" for n in (row.tried, row.failed))
        table.add_row(row.part, *counts, f"{row.seconds:,.0f}", told)
    console().print(table)
