"""`pullquote tokens`."""

from typing import Annotated

import typer
from rich.table import Table

from service.cli.output import JsonOption, console, errors_shown, print_json, stderr
from service.settings import load_settings
from service.tokens import Scope, TokenStore

__all__ = ["register"]

Name = Annotated[str, typer.Argument(help="A name for the token.")]


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    tokens = typer.Typer(no_args_is_help=True, help="Make, list and remove access tokens.")
    tokens.command()(add)
    tokens.command(name="list")(list_tokens)
    tokens.command()(remove)
    app.add_typer(tokens, name="tokens")


def add(
    name: Name,
    scope: Annotated[Scope, typer.Option(help="ask: questions and reading; admin: adding and removing too.")] = "ask",
) -> None:
    """Make a token and print it once; only its hash is kept.

    Example: `pullquote tokens add newsroom --scope ask`
    """
    with errors_shown():
        secret = TokenStore(load_settings().tokens_path).create(name, scope)
    stderr().print(f"the token {name!r} of scope {scope}; it is not shown again:")
    console().print(secret)


def list_tokens(as_json: JsonOption = False) -> None:
    """List the tokens by name.

    Example: `pullquote tokens list`
    """
    with errors_shown():
        tokens = TokenStore(load_settings().tokens_path).all()
    if as_json:
        print_json({"tokens": [{"name": t.name, "scope": t.scope, "created_at": t.created_at} for t in tokens]})
        return
    table = Table("name", "scope", "created", box=None, pad_edge=False)
    for token in tokens:
        table.add_row(token.name, token.scope, token.created_at)
    console().print(table)


def remove(name: Name) -> None:
    """Remove a token; it opens nothing from the next request on.

    Example: `pullquote tokens remove newsroom`
    """
    with errors_shown():
        TokenStore(load_settings().tokens_path).remove(name)
    console().print(f"removed {name}")
