from pathlib import Path

import pytest

from eval.bench import growth
from eval.bench.grown import measure
from eval.bench.growth import run_growth
from eval.bench.metrics import Section
from eval.bench.report import read_json
from index.encoders import FakeEncoder

FIGURE = {"value": 1.0, "n": 1, "unit": "s", "interval": None, "singles": []}


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the sizes that were measured, in a process that measures nothing."""
    sizes: list[str] = []

    def run_child(_: str, options: list[str]) -> dict[str, object]:
        sizes.append(options[3])
        if options[3] == "666":
            raise KeyboardInterrupt
        return {"open again": FIGURE}

    monkeypatch.setattr(growth, "run_child", run_child)
    return sizes


def grow(output: Path, *sizes: int, encoder: str = "fake", again: bool = False) -> dict[str, Section]:
    """Run growth and return its sections."""
    run = run_growth(Path(), sizes, output, encoder=encoder, limit=5, again=again, on_step=lambda _: None)
    return dict(run)


def test_a_size_is_measured_once(tmp_path: Path, ran: list[str]) -> None:
    """What the file holds is not measured again, unless the settings differ, or it is wished."""
    output = tmp_path / "growth.json"
    grow(output, 10, 20)
    assert list(grow(output, 10, 30)) == ["10 sentences", "30 sentences"]
    assert ran == ["10", "20", "30"]
    grow(output, 10, encoder="other")
    grow(output, 20, again=True)
    assert ran[3:] == ["10", "20"]
    assert sorted(run["settings"]["sentences"] for run in read_json(output)["runs"]) == [10, 10, 20, 30]


def test_what_was_measured_before_an_interruption_is_kept(tmp_path: Path, ran: list[str]) -> None:
    """An interrupted run goes on where it stopped."""
    output = tmp_path / "growth.json"
    with pytest.raises(KeyboardInterrupt):
        grow(output, 10, 666, 30)
    grow(output, 10, 30)
    assert ran == ["10", "666", "30"]


def test_one_size_is_measured_wholly(data: Path) -> None:
    """Build, questions, memory, recall, disk and opening are all measured, over the sentences wished."""
    section = measure(data, FakeEncoder, 200, 5)
    assert section["sentences"].value == 200
    assert section["build time"].value == pytest.approx(1e6 / section["build"].value)
    assert section["query p50"].n == 5
    assert section["disk"].value > 100
    assert section["memory, of all"].value > 10
    assert section["recall@10 of sentences"].value > 0.5
    assert section["open again"].value > 0
