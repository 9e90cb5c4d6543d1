"""`python -m eval.proof sequences`: additions, updates, removals, restarts, kills and rebuilds in any order.

A dictionary says what the library must be after each. A kill is what it leaves: the files as they are at that moment,
copied elsewhere and opened there.
"""

import argparse
import itertools
import random
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from hypothesis.strategies import integers, sampled_from

from eval.proof.truth import differences
from eval.proof.writing import make
from index.encoders import FakeEncoder
from index.errors import ArticleNotFoundError
from index.library import Library
from service.cli.output import console, stderr

__all__ = ["LibraryMachine", "main", "run_sequences"]

_EVERY = 100
_NAMES = sampled_from(["a", "b", "c", "d"])


class LibraryMachine(RuleBasedStateMachine):
    """A library and the dictionary that it must be equal to."""

    steps = 0

    def __init__(self) -> None:
        super().__init__()
        self._folders = (Path(tempfile.mkdtemp(prefix="pullquote-proof-")) for _ in itertools.count())
        self._folder = next(self._folders)
        self._library = Library(self._folder, FakeEncoder)
        self._texts: dict[str, str] = {}

    @rule(name=_NAMES, number=integers(0, 9), sentences=integers(1, 12))
    def add(self, name: str, number: int, sentences: int) -> None:
        """Add an article, or replace the one of that id."""
        article = make(name, random.Random(number), sentences)
        self._library.add(article)
        self._texts[name] = article.text

    @rule(name=_NAMES)
    def remove(self, name: str) -> None:
        """Remove an article; one that is not there is refused."""
        try:
            self._library.remove(name)
        except ArticleNotFoundError:
            if name in self._texts:
                raise
        else:
            del self._texts[name]

    @rule()
    def restart(self) -> None:
        """Close and open."""
        self._library.close()
        self._library = Library(self._folder, FakeEncoder)

    @rule()
    def kill(self) -> None:
        """Go on with what a kill would leave."""
        left = next(self._folders)
        shutil.copytree(self._folder, left, dirs_exist_ok=True)
        self._abandon()
        self._folder = left
        self._library = Library(left, FakeEncoder)

    @rule()
    def reindex(self) -> None:
        """Make every sentence and vector anew."""
        self._library.reindex()

    @rule()
    def lose_the_index(self) -> None:
        """Have the vector index made anew at the next start."""
        self._library.close()
        shutil.rmtree(self._folder / "vectors", ignore_errors=True)
        self._library = Library(self._folder, FakeEncoder)

    @invariant()
    def is_what_it_should_be(self) -> None:
        """Compare the library with the dictionary, sentence by sentence."""
        type(self).steps += 1
        if problems := differences(self._library, self._texts):
            raise AssertionError("; ".join(problems))

    def teardown(self) -> None:
        """Delete the folder."""
        self._abandon()

    def _abandon(self) -> None:
        self._library.close()
        shutil.rmtree(self._folder, ignore_errors=True)


def run_sequences(count: int, *, seeded: int = 0, shorten: bool = True) -> int:
    """Run `count` sequences; return of how many steps.

    Raises AssertionError where the library differs, after some minutes if the sequence is to be shortened first.
    """
    LibraryMachine.steps = 0
    bounds = settings(
        max_examples=count,
        stateful_step_count=12,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink] if shorten else [Phase.generate],
        derandomize=False,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(seed(seeded)(LibraryMachine), settings=bounds)
    return LibraryMachine.steps


def main(argv: Sequence[str] | None = None) -> int:
    """Run sequences and print how many; a sequence that fails is shown, shortened, by the exception."""
    parser = argparse.ArgumentParser(prog="python -m eval.proof sequences", description=__doc__, allow_abbrev=False)
    parser.add_argument("--count", type=int, default=2_000, help="how many; default: 2000")
    parser.add_argument("--seed", type=int, default=0, help="which ones")
    options = parser.parse_args(argv)
    steps = 0
    for done in range(0, options.count, _EVERY):
        steps += run_sequences(min(_EVERY, options.count - done), seeded=options.seed + done)
        stderr().print(f"{min(done + _EVERY, options.count)} of {options.count} sequences")
    console().print(f"sequences  {options.count:,}, of {steps:,} steps")
    console().print(f"failed     0 of {options.count:,}")
    return 0
