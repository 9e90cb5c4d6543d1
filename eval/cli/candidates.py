"""`pullquote eval candidates`."""

from pathlib import Path
from typing import Annotated

import typer

from eval.cli.output import eval_errors_shown
from service.cli.output import console
from service.settings import load_settings

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command()(candidates)


def candidates(out: Annotated[Path, typer.Argument(help="New file of JSON lines for the drafts.")]) -> None:
    """Write the answers that readers disliked as drafts of cases, for a person to complete.

    A draft is no case yet: say what the answer should have been, remove the fields `draft` and `given`, and move the
    line into a set. Example: `pullquote eval candidates drafts.jsonl`
    """
    from eval.feedback.candidates import write_candidates  # noqa: PLC0415

    with eval_errors_shown():
        n = write_candidates(load_settings().journal_path, out)
    console().print(f"{n} drafts written to {out}", markup=False)
