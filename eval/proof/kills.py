"""`python -m eval.proof kills`: a library whose process is killed again and again, at any moment and at chosen ones.

Whatever was acknowledged must be there after each, found by each of its sentences, once and whole; what was not may be
there or not, but never in part.
"""

import argparse
import random
import signal
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Timer

from eval.proof.children import Child
from eval.proof.writing import AIMS, write_until_killed
from service.cli.output import console, stderr

__all__ = ["Killed", "kill_again_and_again", "main"]

_EVERY = 50
_SHOWN = 20
_OF_THE_START = 0.15
_LONGEST_S = 1.0
_NEVER_S = 8  # a point that is not reached


@dataclass
class Killed:
    """One life: how it was killed, what was wrong when it began, and how long until it was ready."""

    aim: str
    problems: list[str] = field(default_factory=list)
    seconds: float | None = None
    sentences: int = 0
    changes: int = 0


def kill_again_and_again(folder: Path, *, count: int, aimed: bool, seed: int) -> Iterator[Killed]:
    """Yield what each of `count` lives found, and of one more that is not killed before it has looked."""
    chance = random.Random(seed)
    texts: dict[str, str] = {}
    open_ones: dict[str, str | None] = {}
    for number in range(count + 1):
        aim = AIMS[number % len(AIMS)] if aimed else ""
        child = Child(write_until_killed, folder, dict(texts), dict(open_ones), chance.randrange(1 << 30), aim)
        at_start = number < count and not aimed and chance.random() < _OF_THE_START
        yield _live(
            child, Killed(aim or "any moment"), texts, open_ones, chance.random() * _LONGEST_S, at_start=at_start
        )


def _live(
    child: Child,
    life: Killed,
    texts: dict[str, str],
    open_ones: dict[str, str | None],
    delay_s: float,
    *,
    at_start: bool,
) -> Killed:
    """Hear a child until it is killed; keep `texts` and `open_ones` as far as it told."""
    timer = Timer(delay_s, child.kill)
    if at_start:
        timer.start()
    try:
        while True:
            match child.receive():
                case ("checked", list(problems), dict(settled), float(seconds), int(sentences)):
                    life.problems, life.seconds, life.sentences = problems, seconds, sentences
                    texts.clear()
                    texts.update(settled)
                    open_ones.clear()
                    if not at_start:
                        timer = Timer(delay_s if life.aim == "any moment" else _NEVER_S, child.kill)
                        timer.start()
                case ("begin", dict(changed)):
                    open_ones.update(changed)
                case ("done",):
                    life.changes += 1
                    texts.update({name: text for name, text in open_ones.items() if text is not None})
                    for name in [name for name, text in open_ones.items() if text is None]:
                        texts.pop(name, None)
                    open_ones.clear()
    except EOFError:
        pass
    timer.cancel()
    if (code := child.end()) != -signal.SIGKILL:
        life.problems = [*life.problems, f"the process ended by itself with {code}"]
    return life


def main(argv: Sequence[str] | None = None) -> int:
    """Kill, and print what was found; return 1 where anything was lost."""
    parser = argparse.ArgumentParser(prog="python -m eval.proof kills", description=__doc__, allow_abbrev=False)
    parser.add_argument("--count", type=int, default=1_000, help="kills at any moment; default: 1000")
    parser.add_argument("--aimed", type=int, default=100, help="kills at chosen points; default: 100")
    parser.add_argument("--seed", type=int, default=0, help="which ones")
    options = parser.parse_args(argv)
    lives = [
        *_told(options.count, aimed=False, seed=options.seed),
        *_told(options.aimed, aimed=True, seed=options.seed),
    ]
    return _report(lives)


def _told(count: int, *, aimed: bool, seed: int) -> Iterator[Killed]:
    with TemporaryDirectory(prefix="pullquote-proof-", ignore_cleanup_errors=True) as folder:
        for number, life in enumerate(kill_again_and_again(Path(folder), count=count, aimed=aimed, seed=seed), 1):
            if number % _EVERY == 0:
                stderr().print(f"{number} of {count} {'aimed ' if aimed else ''}kills")
            for problem in life.problems[:_SHOWN]:
                stderr().print(f"life {number}, killed at {life.aim}: {problem}", markup=False)
            yield life


def _report(lives: Sequence[Killed]) -> int:
    checked = [life for life in lives if life.seconds is not None]
    failed = [life for life in lives if life.problems]
    out = console()
    out.print(f"kills      {len(lives):,}, after {sum(life.changes for life in lives):,} changes")
    out.print(f"checked    {len(checked):,} starts, of {sum(life.sentences for life in checked):,} sentences in all")
    for aim, n in Counter(life.aim for life in lives).items():
        out.print(f"  {n:5,} {aim}")
    slowest = max(((life.seconds or 0) for life in checked), default=0)
    most = max((life.sentences for life in checked), default=0)
    out.print(f"ready      by itself, at most {slowest:.2f} seconds (of at most {most:,} sentences)")
    out.print(f"failed     {len(failed):,} of {len(lives):,}")
    return 1 if failed or not checked else 0
