import json
from pathlib import Path

import pytest

from eval.bench import cli
from eval.bench.cli import main

pytestmark = pytest.mark.slow


@pytest.mark.usefixtures("_fake_encoder")
def test_a_tiny_run_from_end_to_end(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Quality and filters are measured, shown as a table, and written with everything that they were measured with."""
    output = tmp_path / "out" / "retrieval.json"
    options = ["--data", str(data), "--limit", "6", "--output", str(output), "--filter-sentences", "400"]
    assert main([*options, "--part", "filters", "--part", "quality"]) == 0
    shown, steps = capsys.readouterr()
    assert "R@1" in shown
    assert "squad: asking" in steps
    written = json.loads(output.read_text())
    assert written["settings"]["parts"] == ["quality", "filters"]
    assert list(written["sections"]) == [
        "squad",
        "clapnq",
        "multihop",
        "filters at 400 sentences, vectors recorded",
    ]
    squad = written["sections"]["squad"]
    assert squad["R@1"]["n"] == 6
    assert squad["R@1"]["value"] > 0.5
    assert squad["hit@800 tokens"]["value"] > 0.5
    assert squad["hit@800 tokens"]["interval"][0] < squad["hit@800 tokens"]["value"]


@pytest.mark.usefixtures("_fake_encoder")
def test_a_tiny_growth(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each size is measured in a process of its own; options count wherever they stand."""
    output = tmp_path / "growth.json"
    options = ["--data", str(data), "--limit", "5", "growth", "--sizes", "80", "160", "--output", str(output)]
    assert main(options) == 0
    shown, _ = capsys.readouterr()
    assert "160 sentences" in shown
    runs = json.loads(output.read_text())["runs"]
    assert [run["settings"]["sentences"] for run in runs] == [80, 160]
    assert all(run["settings"]["limit"] == 5 for run in runs)


def test_without_the_sets_it_is_skipped(capsys: pytest.CaptureFixture[str]) -> None:
    """Where the sets are not, a line says so, and nothing fails."""
    assert main(["growth"]) == 0
    assert main([]) == 0
    assert capsys.readouterr().out.startswith("Skipped: there are no question sets in ../shared/data;")


def test_sets_that_were_named_must_be_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder that was asked for and has no sets is an error."""
    assert main(["--data", str(tmp_path / "none"), "--part", "quality"]) == 1
    assert "Error: there is no" in capsys.readouterr().err


@pytest.mark.usefixtures("_fake_encoder")
def test_an_encoder_that_the_peer_cannot_load(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Speed needs a model that both can load; another one is refused by name."""
    assert main(["--data", str(data), "--part", "speed"]) == 1
    assert "the encoder 'fake' has no folder" in capsys.readouterr().err


@pytest.mark.parametrize("options", [["--limit", "0"], ["growth", "--sizes", "-5"], ["--part", "none"]])
def test_wrong_options(options: list[str]) -> None:
    """Sizes below one and unknown parts are refused."""
    with pytest.raises(SystemExit, match="2"):
        main(options)


def test_interruption(monkeypatch: pytest.MonkeyPatch, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Ctrl-C ends it with 130 and one line."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "run_parts", interrupt)
    assert main(["--data", str(data)]) == 130
    assert "Interrupted" in capsys.readouterr().err
