"""What `pullquote eval compare` and `report` do."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.table import Table

from eval.cases import load_articles, read_set, set_folder
from eval.cases.errors import SetMissingError
from eval.compare.comparing import compare
from eval.compare.model import Comparison, Row
from eval.compare.tolerances import load_gates
from eval.report import write_html, write_markdown
from eval.runs.files import read_run
from eval.runs.model import Run

__all__ = ["Compared", "compare_files", "report_file"]

_FLIPS = 20


@dataclass(frozen=True)
class Compared:
    """A comparison, for a terminal."""

    table: Table
    flips: tuple[str, ...]
    warnings: tuple[str, ...]
    verdict: str
    failed: bool


def compare_files(
    base: Path, new: Path, gates: Path | None, *, html: Path | None = None, markdown: Path | None = None
) -> Compared:
    """Compare two run files, and write the reports that are asked for. Raises EvalError."""
    one, other = read_run(base), read_run(new)
    found = compare(one, other, load_gates(gates) if gates else load_gates())
    if html:
        _write(html, write_html(other, _texts(other), found, one))
    if markdown:
        _write(markdown, write_markdown(other, found))
    gated = [row for row in found.rows if row.gate]
    broken = [row for row in gated if row.failed]
    verdict = (
        f"worse: {len(broken)} of {len(gated)} gates fail" if broken else f"not worse: all {len(gated)} gates hold"
    )
    return Compared(_table(found), tuple(_flips(found)), found.warnings, verdict, found.failed)


def report_file(run: Path, base: Path | None, gates: Path | None, out: Path) -> None:
    """Write the report of a run, beside a baseline where one is given. Raises EvalError."""
    new = read_run(run)
    if base is None:
        _write(out, write_html(new, _texts(new), None, None))
        return
    compare_files(base, run, gates, html=out)


def _texts(run: Run) -> dict[str, str]:
    """Return the articles of a run's set where the set is at hand, else none: quotes are shown without context."""
    try:
        folder = set_folder(run.header.set)
    except SetMissingError:
        return {}
    return {article.id: article.text for article in load_articles(read_set(folder), folder)}


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def _table(found: Comparison) -> Table:
    table = Table("metric", "slice", "n", found.base, found.new, "difference", "95 %", "p", "gate")
    for row in found.rows:
        if row.gate or row.slice == "all":
            table.add_row(*_cells(row), style="bold red" if row.failed else "")
    return table


def _cells(row: Row) -> Sequence[str]:
    p = row.p if row.p_holm is None else row.p_holm
    gate = row.failed or ("holds" if row.gate else "")
    return (
        row.metric, row.slice, str(row.n), f"{row.base:.3f}", f"{row.new:.3f}", f"{row.difference:+.3f}",
        f"{row.low:+.3f} to {row.high:+.3f}", f"{p:.3f}", gate,
    )  # fmt: skip


def _flips(found: Comparison) -> list[str]:
    lines = []
    for to in ("worse", "better"):
        ids = [f"{flip.case_id} ({flip.metric})" for flip in found.flips if flip.to == to]
        if ids:
            more = f" and {len(ids) - _FLIPS} more" if len(ids) > _FLIPS else ""
            lines.append(f"{to}: {', '.join(ids[:_FLIPS])}{more}")
    return lines
