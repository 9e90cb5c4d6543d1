from pathlib import Path

import pytest

from eval.compare.errors import CompareError, GateFileError
from eval.compare.model import Gate
from eval.compare.tolerances import DEFAULT_GATES, load_gates


def test_the_default_gates() -> None:
    """What comes with the package can be read, and holds what an answer promises."""
    gates = {(gate.metric, gate.slice): gate for gate in load_gates()}
    assert gates["outcome", "all"].tolerance == 0.03
    assert gates["quote_valid", "all"] == Gate(metric="quote_valid", floor=1.0)
    assert ("outcome", "unanswerable") in gates
    assert {"right", "citation_recall", "recall@5", "says_forbidden", "error"} <= {metric for metric, _ in gates}
    assert DEFAULT_GATES.suffix == ".toml"


def test_a_file_by_hand(tmp_path: Path) -> None:
    """Gates come in the order of the file; whole numbers will do, and the slice is all where none is named."""
    file = tmp_path / "gates.toml"
    file.write_text(
        '[[gate]]\nmetric = "seconds"\nslice = "temporal"\nfloor = 20\n[[gate]]\nmetric="em"\ntolerance=0\n'
    )
    assert load_gates(file) == (
        Gate(metric="seconds", slice="temporal", floor=20.0),
        Gate(metric="em", slice="all", tolerance=0.0),
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("gate = [", "is no TOML"),
        ("", r"has no gate; begin each with a line \[\[gate\]\]"),
        ("gate = 3", "has no gate"),
        ('[gate]\nmetric = "em"', "has no gate"),
        ("gate = [3]", "gate 1: .*a gate has metric, slice, tolerance and floor"),
        ('[gates]\nmetric = "em"', "holds 'gates'; only tables"),
        ("[[gate]]\ntolerance = 0.1", "gate 1: metric: Field required"),
        ('[[gate]]\nmetric = "em"\ntolerence = 0.1', "gate 1: tolerence: Extra inputs"),
        ('[[gate]]\nmetric = "em"\ntolerance = "0.1"', "gate 1: tolerance: Input should be a valid number"),
        ('[[gate]]\nmetric = "em"', "gate 1: 'em' is held to nothing; give a tolerance"),
        ('[[gate]]\nmetric = "elegance"\nfloor = 1.0', "there is no metric 'elegance'; choose of outcome, "),
        ('[[gate]]\nmetric = "em"\nslice = "hard"\nfloor = 1.0', "there is no slice 'hard'; choose of all, single"),
        ('[[gate]]\nmetric = "em"\ntolerance = -0.1', r"the tolerance -0\.1 is no amount; give 0 or more"),
        ('[[gate]]\nmetric = "em"\ntolerance = nan', "the tolerance nan is no amount"),
        ('[[gate]]\nmetric = "em"\ntolerance = inf', "the tolerance inf is no amount"),
        ('[[gate]]\nmetric = "em"\nfloor = 90', r"'em' can never reach 90\.0; give 0 to 1"),
        ('[[gate]]\nmetric = "seconds"\nfloor = -1', r"'seconds' can never reach -1\.0; give 0 or more"),
        ('[[gate]]\nmetric = "em"\nfloor = 1.0\n' * 2, "gate 2: 'em' over 'all' is held already; keep one"),
    ],
)
def test_a_file_that_means_nothing(tmp_path: Path, text: str, message: str) -> None:
    """Each fault is told with the file, the gate, and what to write instead."""
    file = tmp_path / "gates.toml"
    file.write_text(text)
    with pytest.raises(GateFileError, match=message) as found:
        load_gates(file)
    assert str(file) in str(found.value)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    """A file that is not there, a folder, or no UTF-8 is an error of comparing."""
    (tmp_path / "latin").write_bytes(b"# caf\xe9\n")
    for name in ("none.toml", "", "latin"):
        with pytest.raises(CompareError, match="cannot be read"):
            load_gates(tmp_path / name)
