"""`pullquote eval compare`."""

from pathlib import Path
from typing import Annotated

import typer

from eval.cli.output import eval_errors_shown
from service.cli.output import console, stderr

__all__ = ["register"]

Html = Annotated[Path | None, typer.Option(help="Write the report there: one HTML file.")]
Markdown = Annotated[Path | None, typer.Option(help="Write Markdown for a pull request there.")]


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command()(compare)


def compare(
    base: Annotated[Path, typer.Argument(help="The run to compare with.")],
    new: Annotated[Path, typer.Argument(help="The run that is judged.")],
    gates: Annotated[Path | None, typer.Option(help="TOML file of tolerances; default: the project's own.")] = None,
    html: Html = None,
    markdown: Markdown = None,
) -> None:
    """Tell whether a run is worse than another of the same set, and by how much.

    Ends with 0 where every gate holds, with 1 where one fails, with 2 where the runs cannot be compared.

    Example: `pullquote eval compare runs/base.jsonl runs/today.jsonl --html today.html`
    """
    from eval.compare.command import compare_files  # noqa: PLC0415

    with eval_errors_shown():
        found = compare_files(base, new, gates, html=html, markdown=markdown)
    console().print(found.table)
    for line in found.flips:
        console().print(line, markup=False)
    for line in found.warnings:
        stderr().print(line, style="yellow", markup=False)
    console().print(found.verdict, style="bold red" if found.failed else "bold green", markup=False)
    raise typer.Exit(int(found.failed))
