"""`pullquote`: the commands, and those that other packages add through the entry point group `pullquote.commands`."""

from importlib.metadata import entry_points, version
from typing import Annotated

import typer

from service.cli import adding, articles, ask, backup, doctor, mcp, models, serve, sources, tokens
from service.offline import force_offline

__all__ = ["main", "make_app"]

_HELP = """Ask your articles a question, and get the exact sentence that proves the answer.

Begin with: `pullquote models pull` · `pullquote add news/` · `pullquote ask "Who led the Chinese side?"`
"""


def make_app() -> typer.Typer:
    """Return the command line with every command that is installed."""
    app = typer.Typer(
        name="pullquote", help=_HELP, no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False
    )
    app.callback()(_root)
    for part in (adding, sources, articles, ask, serve, mcp, models, tokens, backup, doctor):
        part.register(app)
    for entry in entry_points(group="pullquote.commands"):
        entry.load()(app)
    return app


def main() -> None:
    """Run the command line."""
    force_offline()
    make_app()()


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(version("pullquote"))
        raise typer.Exit


def _root(
    _: Annotated[
        bool, typer.Option("--version", help="Show the version and end.", is_eager=True, callback=_show_version)
    ] = False,
) -> None:
    pass
