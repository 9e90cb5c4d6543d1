"""`python -m eval.proof corruption`: every file of the vector index damaged in every way, closed and open.

The library must open, answer and change as if nothing had happened, made anew from the ledger without an encoder and
without a network.
"""

import argparse
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

from eval.proof.children import Child
from eval.proof.damaging import DAMAGES, build, look_closed, look_open
from service.cli.output import console, stderr

__all__ = ["Case", "damaged", "main"]

_ARTICLES = 12
_WHEN = {"closed": look_closed, "open": look_open}


@dataclass(frozen=True)
class Case:
    """A file that was damaged, how and when, and what was wrong after that."""

    file: str
    damage: str
    when: str
    problems: tuple[str, ...]


def damaged(folder: Path, *, every: int = 1) -> Iterator[Case]:
    """Yield what became of each file, damage and moment; of all these, one in `every`."""
    child = Child(build, folder / "whole", _ARTICLES)
    texts = cast("dict[str, str]", child.receive())
    child.end()
    index = folder / "whole" / "vectors"
    files = sorted(str(file.relative_to(folder / "whole")) for file in index.rglob("*") if file.is_file())
    files = [file for file in files if not file.endswith("closed.json")]
    for number, (file, damage, when) in enumerate(product(files, DAMAGES, _WHEN)):
        if number % every:
            continue
        shutil.copytree(folder / "whole", folder / "copy")
        child = Child(_WHEN[when], folder / "copy", texts, file, damage)
        yield Case(Path(file).name, damage, when, tuple(_heard(child)))
        shutil.rmtree(folder / "copy")


def _heard(child: Child) -> list[str]:
    try:
        problems = cast("list[str]", child.receive())
    except EOFError:
        problems = ["the process died"]
    code = child.end()
    return [*problems, *([f"the process ended with {code}"] if code else [])]


def main(argv: Sequence[str] | None = None) -> int:
    """Damage, and print what was found; return 1 where anything was wrong."""
    parser = argparse.ArgumentParser(prog="python -m eval.proof corruption", description=__doc__, allow_abbrev=False)
    parser.add_argument("--every", type=int, default=1, help="of all cases, one in so many; default: 1, all of them")
    options = parser.parse_args(argv)
    cases = []
    with TemporaryDirectory(prefix="pullquote-proof-", ignore_cleanup_errors=True) as folder:
        for case in damaged(Path(folder), every=options.every):
            cases.append(case)
            for problem in case.problems:
                stderr().print(f"{case.file}, {case.damage}, {case.when}: {problem}", markup=False)
    out = console()
    out.print(f"corruptions  {len(cases)}")
    for (when, damage), n in sorted(Counter((case.when, case.damage) for case in cases).items()):
        out.print(f"  {n:4} {damage} while {when}")
    failed = sum(bool(case.problems) for case in cases)
    out.print(f"failed       {failed} of {len(cases)}")
    return 1 if failed or not cases else 0
