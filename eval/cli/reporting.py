"""`pullquote eval report`."""

from pathlib import Path
from typing import Annotated

import typer

from eval.cli.output import eval_errors_shown
from service.cli.output import console

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command()(report)


def report(
    run: Annotated[Path, typer.Argument(help="The run to show.")],
    out: Annotated[Path | None, typer.Option(help="HTML file to write; default: beside the run.")] = None,
    base: Annotated[Path | None, typer.Option(help="A run to compare with.")] = None,
    gates: Annotated[Path | None, typer.Option(help="TOML file of tolerances; default: the project's own.")] = None,
) -> None:
    """Write a report of a run: one HTML file that needs no network.

    Example: `pullquote eval report runs/today.jsonl --base runs/base.jsonl`
    """
    from eval.compare.command import report_file  # noqa: PLC0415

    out = out or run.with_suffix(".html")
    with eval_errors_shown():
        report_file(run, base, gates, out)
    console().print(f"written to {out}", markup=False)
