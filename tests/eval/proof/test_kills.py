"""A few kills of each kind, a few damages, a few sequences: the full counts are `make proof`'s."""

from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType

import pytest

from eval.proof import kills
from eval.proof.children import Child
from eval.proof.corruption import damaged
from eval.proof.kills import Killed, kill_again_and_again
from eval.proof.sequences import LibraryMachine, run_sequences
from eval.proof.truth import differences
from eval.proof.writing import write_until_killed
from index import make_article
from index.encoders import FakeEncoder
from index.library import Library

pytestmark = pytest.mark.slow

TEXTS = MappingProxyType({"bridge": "The Gannet Bridge opened. It is long.", "ferry": "Ferries stopped."})


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """Hold two articles."""
    library = Library(tmp_path / "data", FakeEncoder)
    for name, text in TEXTS.items():
        library.add(make_article({"id": name, "text": text, "language": "en"}, place=name))
    return library


def test_kills_at_any_moment(tmp_path: Path) -> None:
    """Nothing that was acknowledged is lost, nothing else is there, and every start finds each sentence by itself."""
    lives = list(kill_again_and_again(tmp_path, count=12, aimed=False, seed=1))
    assert [life.problems for life in lives] == [[]] * 13
    assert sum(life.seconds is not None for life in lives) >= 6
    assert lives[-1].seconds is not None
    assert sum(life.changes for life in lives) > 0


def test_aimed_kills(tmp_path: Path) -> None:
    """Kills while the graph is written, at the swap of generations, and in the midst of a change."""
    lives = list(kill_again_and_again(tmp_path, count=4, aimed=True, seed=2))
    assert [life.problems for life in lives] == [[]] * 5
    assert lives[0].aim == "the graph is written"
    assert lives[-1].seconds is not None


def test_a_loss_is_told(tmp_path: Path, library: Library) -> None:
    """A start that does not find what was acknowledged says so; a child that ends by itself is no kill."""
    library.close()
    child = Child(write_until_killed, tmp_path / "data", {**TEXTS, "gone": "It was here."}, {}, 0, "")
    message = child.receive()
    child.kill()
    child.end()
    assert isinstance(message, tuple)
    assert "missing: ['gone']" in message[1]
    assert kills._report([Killed("any moment", ["lost"], 1.0, 5)]) == 1
    assert kills._report([Killed("any moment", [], 1.0, 5)]) == 0
    assert kills._report([Killed("any moment")]) == 1


@pytest.mark.parametrize(
    ("sabotage", "told"),
    [
        (lambda library: library._vectors.remove([1 << 16]), "are not found by themselves"),
        (lambda library: library.remove("ferry"), "missing"),
        (lambda library: library._vectors.add([99 << 16], FakeEncoder().encode_query("x")[None]), "has 4 of 3 vectors"),
    ],
)
def test_differences_are_seen(library: Library, sabotage: Callable[[Library], object], told: str) -> None:
    """A lost vector, a lost article, and a vector that is no sentence's are told; a sound library has none."""
    assert differences(library, TEXTS) == []
    sabotage(library)
    assert told in "; ".join(differences(library, TEXTS))
    library.close()


def test_damages(tmp_path: Path) -> None:
    """Files of the vector index that were damaged before it is opened, or while, cost nobody anything."""
    cases = list(damaged(tmp_path, every=7))
    assert [(case.file, case.damage, case.problems) for case in cases if case.problems] == []
    assert {case.when for case in cases} == {"open", "closed"}
    assert len({case.damage for case in cases}) == 5


def test_sequences() -> None:
    """Whatever the order of changes, restarts, kills and rebuilds, the library is what the dictionary says."""
    assert run_sequences(12) > 24


def test_a_sequence_that_differs_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """A library that forgets an article is found out."""
    monkeypatch.setattr(Library, "reindex", lambda library: library.remove(library.reader.articles()[0].id))
    with pytest.raises((AssertionError, IndexError)):
        run_sequences(40, shorten=False)
    assert LibraryMachine.steps
