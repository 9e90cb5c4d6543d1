"""All proofs in one table: what they print is counted, and one that breaks off is no success."""

from pathlib import Path

import pytest

from eval.proof import everything
from eval.proof.everything import PARTS, Row, count, main

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("part", "printed", "counts"),
    [
        ("attacks", "attacks   1,000\nfailed    0 of 1,000, a rate of at most 0.0030\n", (1_000, 0)),
        ("kills", "ready      by itself\nfailed     2 of 1,102\n", (1_102, 2)),
        ("sequences", "Traceback (most recent call last):\nAssertionError: lost\n", (None, None)),
        ("files", "FAILED a::b - failed 3 passed\n1 failed, 40 passed, 1 error in 9.31s\n", (42, 1 + 1)),
        ("files", "no tests ran in 0.01s\n", (None, None)),
        ("described", "Test cases:\n  9121 generated, 9121 passed\n\nSeed: 1\n", (9_121, 0)),
        ("described", "Test cases:\n  310 generated, 2 found 1 unique failure, 3 errored, 4 skipped\n", (310, 5)),
    ],
)
def test_what_is_counted(part: str, printed: str, counts: tuple[int | None, int | None]) -> None:
    """The numbers are those that the proof itself printed last."""
    assert count(part, printed) == counts


def test_only_what_was_tried_holds() -> None:
    """A proof that failed, ended with an error, or tried nothing does not hold."""
    assert Row("kills", 3, 0, 1, 0).holds
    for row in (Row("kills", 3, 1, 1, 0), Row("kills", 3, 0, 1, 1), Row("kills", None, None, 1, 0)):
        assert not row.holds


def test_the_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Each proof is run as it is by itself, its output kept; one that breaks off does not end the others."""
    broken = {"kills": ("-c", "raise SystemExit(3)")}
    monkeypatch.setattr(everything, "PARTS", {**PARTS, **broken, "attacks": ("-m", "eval.proof", "--attacks", "4")})
    assert main(["--only", "kills", "attacks", "--out", str(tmp_path)]) == 1
    kills, attacks = [line for line in capsys.readouterr().out.splitlines() if "kills" in line or "attacks" in line]
    assert "ended with 3, and proves nothing" in kills
    assert [cell.strip() for cell in attacks.split("│")[1:4]] == ["attacks", "4", "0"]
    assert "attacks   4\n" in (tmp_path / "attacks.txt").read_text()
    assert main(["--only", "attacks", "--out", str(tmp_path)]) == 0
