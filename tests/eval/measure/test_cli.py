import json
from pathlib import Path

import pytest

from eval.measure.cli import main

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _fakes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the command line measure fakes."""
    monkeypatch.setenv("PULLQUOTE_CHAT_MODEL", "fake:extract")
    monkeypatch.setenv("PULLQUOTE_ENCODER", "fake")


def test_a_set_is_asked_and_its_answers_are_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The figures are printed, each case with its answer is written, and the calls are recorded."""
    assert main(["samples", "--limit", "3", "--out", str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    assert "answers, report" in printed
    assert "seconds, median" in printed
    rows = [json.loads(line) for line in (tmp_path / "samples.report.jsonl").read_text("utf-8").splitlines()]
    assert len(rows) == 3
    assert all({"id", "seconds", "answer"} == row.keys() for row in rows)
    assert (tmp_path / "calls.jsonl").exists()


def test_the_usual_way_is_measured_beside_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One plain call a question, over passages."""
    assert main(["samples", "--limit", "2", "--usual", "--out", str(tmp_path)]) == 0
    assert "the usual prompt, report" in capsys.readouterr().out
    kinds = [json.loads(line)["kind"] for line in (tmp_path / "calls.jsonl").read_text("utf-8").splitlines()]
    assert kinds == ["write", "write"]


@pytest.mark.parametrize("options", [[], ["--thorough"]])
def test_the_verifier_is_asked_all_it_can_where_that_is_wanted(tmp_path: Path, options: list[str]) -> None:
    """Then each statement that was checked has the second answer among its calls; the usual run has none."""
    assert main(["samples", "--limit", "3", *options, "--out", str(tmp_path)]) == 0
    kinds = [json.loads(line)["kind"] for line in (tmp_path / "calls.jsonl").read_text("utf-8").splitlines()]
    assert kinds.count("support") > 0
    assert kinds.count("reread") == (kinds.count("support") if options else 0)


def test_absent_sets_are_told_and_skipped(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever has no question sets is told so, and it is no failure."""
    assert main(["squad", "--data", str(tmp_path), "--out", str(tmp_path)]) == 0
    assert "Skipped" in capsys.readouterr().out


def test_a_wrong_setting_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A model that cannot be ends with 1 and its name."""
    monkeypatch.setenv("PULLQUOTE_CHAT_MODEL", "nowhere")
    assert main(["samples", "--limit", "1", "--out", str(tmp_path)]) == 1
    assert "nowhere" in capsys.readouterr().err
