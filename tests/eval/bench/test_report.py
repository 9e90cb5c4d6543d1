import json
from io import StringIO
from pathlib import Path

from rich.console import Console

from eval.bench.metrics import Figure, rate
from eval.bench.report import case_table, circumstances, figure_table, figures_from_json, read_json, shown, write_json

SECTION = {
    "R@1": rate([True, True, False, True]),
    "indexing": Figure(24_683.2, 36, "chars/s", singles=(24_000.4, 25_366.0)),
    "query p50": Figure(12.34, 200, "ms"),
}


def test_a_table_shows_value_n_interval_and_single_values() -> None:
    """Shares have three decimals and an interval, large numbers none, others one and their unit."""
    console = Console(width=160, record=True, file=StringIO())
    console.print(figure_table({"squad": SECTION}, "Retrieval"))
    lines = [line.split() for line in console.export_text().splitlines()]
    assert lines[0] == ["Retrieval"]
    assert lines[2] == ["squad", "R@1", "0.750", "4", "0.301", "to", "0.954"]
    assert lines[3] == ["squad", "indexing", "24,683", "chars/s", "36", "24,000", "25,366"]
    assert lines[4] == ["squad", "query", "p50", "12.3", "ms", "200"]


def test_a_table_of_cases() -> None:
    """Figures of one case stand in one row."""
    figures = {f"{case}: {what}": Figure(1.0, 3, "ms") for case in ("one, 1 %", "two") for what in ("p50", "p95")}
    console = Console(width=160, record=True, file=StringIO())
    console.print(case_table(figures, "Filters"))
    lines = [line.split("  ") for line in console.export_text().splitlines()]
    assert [[cell.strip() for cell in line if cell.strip()] for line in lines[1:]] == [
        ["case", "p50 (n 3)", "p95 (n 3)"],
        ["one, 1 %", "1.0 ms", "1.0 ms"],
        ["two", "1.0 ms", "1.0 ms"],
    ]


def test_values_as_shown() -> None:
    """Each unit has its form."""
    assert shown(Figure(1.5, 3, "times")) == "1.500"
    assert shown(Figure(10_000, 10_000, "count")) == "10,000"
    assert shown(Figure(0.25, 1, "s")) == "0.2 s"


def test_json_comes_back_as_it_went(tmp_path: Path) -> None:
    """What is written is read again, figures included; nothing else is left in the folder."""
    file = tmp_path / "new" / "figures.json"
    write_json(file, {"figures": SECTION})
    assert figures_from_json(read_json(file)["figures"]) == SECTION
    assert [left.name for left in file.parent.iterdir()] == ["figures.json"]
    assert read_json(tmp_path / "none.json") == {}


def test_the_circumstances_of_a_run() -> None:
    """Date, machine, versions and settings go with the figures, as JSON."""
    about = json.loads(json.dumps(circumstances({"limit": 3})))
    assert set(about) == {"date", "machine", "versions", "settings"}
    assert about["date"].endswith("+00:00")
    assert about["settings"] == {"limit": 3}
