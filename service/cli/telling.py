"""What `add` and `sync` say of what became of their inputs."""

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from service.cli.output import clean, console, plain, stderr
from service.intake import CHANGES, Tally

__all__ = ["as_body", "make_progress", "show_tally"]

_SHOWN_WARNINGS = 50


def as_body(tally: Tally, changes: tuple[str, ...] = CHANGES) -> dict[str, object]:
    """Return a tally as JSON has it."""
    counts = {change: tally.counts[change] for change in changes}
    told = {"failures": tally.failures, "skipped": tally.skipped, "warnings": tally.warnings}
    return {**counts, **told, "ignored_fields": dict(tally.ignored)}


def show_tally(tally: Tally, changes: tuple[str, ...] = CHANGES, before: str = "") -> None:
    """Print a tally: its counts after the words `before`, and on standard error what failed and what was cut."""
    for failure in tally.failures:
        place, reason = failure["place"], failure["reason"]
        said = reason if reason.startswith(place) else f"{place}: {reason}"
        stderr().print(Text.assemble(("failed: ", "red"), clean(said)))
    for warning in tally.warnings[:_SHOWN_WARNINGS]:
        stderr().print(plain(f"{warning['place']}: {warning['warning']}", style="yellow"))
    if (more := len(tally.warnings) - _SHOWN_WARNINGS) > 0:
        stderr().print(plain(f"and {more} more warnings; --json gives all of them", style="yellow"))
    console().print(plain(before + ", ".join(f"{tally.counts[change]} {change}" for change in changes)))
    if tally.skipped:
        console().print(plain(f"{len(tally.skipped)} files of other kinds skipped, such as {tally.skipped[0]}"))
    if tally.ignored:
        fields = ", ".join(f"{name} ({n})" for name, n in tally.ignored.most_common(10))
        console().print(plain(f"unknown fields ignored: {fields}"))


def make_progress() -> Progress:
    """Return a bar on standard error, drawn on a terminal only."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=stderr(), transient=True, disable=not stderr().is_terminal)
