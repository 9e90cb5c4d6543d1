"""`pullquote eval`: the commands of the evals; what they need is imported when they are called."""

import typer

from eval.cli import candidates, comparing, reporting, running, sets

__all__ = ["register"]

_HELP = """Measure answers on fixed sets of questions, and tell whether a change made them worse.

Begin with: `pullquote eval run samples` · `pullquote eval compare BASE NEW` · `pullquote eval check SET`
"""


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    own = typer.Typer(help=_HELP, no_args_is_help=True)
    for part in (running, comparing, reporting, sets, candidates):
        part.register(own)
    app.add_typer(own, name="eval")
