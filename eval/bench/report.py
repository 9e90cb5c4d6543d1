"""What a benchmark leaves behind: a table for people, JSON for programs."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.table import Table

from eval.bench.machine import machine, versions
from eval.bench.metrics import Figure, Section

__all__ = ["case_table", "circumstances", "figure_table", "figures_from_json", "read_json", "shown", "write_json"]

_SHARES = ("rate", "mean", "share", "times")
_WHOLE = 100  # from here on, decimals say nothing


def circumstances(settings: Mapping[str, object]) -> dict[str, Any]:
    """Return the date, the machine, the versions and the settings of a run."""
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine(),
        "versions": versions(),
        "settings": dict(settings),
    }


def case_table(section: Section, title: str) -> Table:
    """Return a table of figures named "case: what", a row a case."""
    cases: dict[str, Section] = {}
    for name, figure in section.items():
        case, _, what = name.partition(": ")
        cases.setdefault(case, {})[what] = figure
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    table.add_column("case")
    for what, figure in next(iter(cases.values()), {}).items():
        table.add_column(f"{what} (n {figure.n:,})", justify="right")
    for case, figures in cases.items():
        table.add_row(case, *map(shown, figures.values()))
    return table


def figure_table(sections: Mapping[str, Section], title: str) -> Table:
    """Return a table of all figures, with the interval of rates and the single values of rounds."""
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for header in ("part", "figure"):
        table.add_column(header)
    for header in ("value", "n", "95 % interval"):
        table.add_column(header, justify="right")
    table.add_column("single values")
    for name, section in sections.items():
        for what, figure in section.items():
            interval = " to ".join(f"{bound:.3f}" for bound in figure.interval or ())
            singles = " ".join(_number(value, figure.unit) for value in figure.singles)
            table.add_row(name, what, shown(figure), f"{figure.n:,}", interval, singles)
    return table


def shown(figure: Figure) -> str:
    """Return the value as a table shows it: shares with three decimals, others with their unit."""
    number = _number(figure.value, figure.unit)
    return number if figure.unit in (*_SHARES, "count", "") else f"{number} {figure.unit}"


def write_json(file: Path, content: Mapping[str, object]) -> None:
    """Write `content`, so that a reader sees the old file or the new one, never a part."""
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f".{file.name}.new")
    fresh.write_text(json.dumps(content, indent=2, ensure_ascii=False, default=asdict) + "\n", encoding="utf-8")
    fresh.replace(file)


def read_json(file: Path) -> dict[str, Any]:
    """Return what `write_json` wrote, or nothing where there is no such file."""
    if not file.is_file():
        return {}
    content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return content


def figures_from_json(section: Mapping[str, Mapping[str, Any]]) -> Section:
    """Return the figures of one section as they were before they became JSON."""
    figures = {}
    for name, fields in section.items():
        interval = fields["interval"]
        figures[name] = Figure(
            fields["value"],
            fields["n"],
            fields["unit"],
            (interval[0], interval[1]) if interval else None,
            tuple(fields["singles"]),
        )
    return figures


def _number(value: float, unit: str) -> str:
    if unit in (*_SHARES, "AUC", "ECE"):
        return f"{value:.3f}"
    return f"{value:,.0f}" if unit == "count" or value >= _WHOLE else f"{value:.1f}"
