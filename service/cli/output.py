"""What commands print: tables and answers for people, JSON for programs, errors with an exit code."""

import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, NoReturn

import typer
from pydantic import BaseModel
from rich.console import Console
from rich.text import Text

from index.errors import IndexingError
from service.errors import ServiceError

__all__ = ["FAILED", "JsonOption", "clean", "console", "errors_shown", "fail", "plain", "print_json", "stderr"]

FAILED = 3
"""Exit code of `ask` where the model decided nothing."""

_PIPED_WIDTH = 160
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")

JsonOption = Annotated[bool, typer.Option("--json", help="Print what the HTTP route returns.")]


def console() -> Console:
    """Return a console on standard output; colours only on a terminal."""
    terminal = sys.stdout.isatty()
    return Console(highlight=False, soft_wrap=not terminal, width=None if terminal else _PIPED_WIDTH)


def stderr() -> Console:
    """Return a console on standard error."""
    return Console(stderr=True, highlight=False, soft_wrap=True)


def clean(text: str) -> str:
    """Return `text` without control characters: what an article says must not move the cursor of a terminal."""
    return _CONTROL.sub("\ufffd", text)


def plain(text: str, style: str = "") -> Text:
    """Return `text` as it is: neither markup nor control characters in it do anything."""
    return Text(clean(text), style=style)


def print_json(body: BaseModel | dict[str, object]) -> None:
    """Print a body as JSON."""
    content = body.model_dump(mode="json") if isinstance(body, BaseModel) else body
    sys.stdout.write(json.dumps(content, indent=2, ensure_ascii=False).encode("utf-8", "replace").decode() + "\n")


def fail(message: str, code: int = 1) -> NoReturn:
    """Print an error and end with `code`."""
    # as text: brackets in a file's name are not markup
    stderr().print(Text.assemble(("Error: ", "bold red"), clean(message)))
    raise typer.Exit(code)


@contextmanager
def errors_shown() -> Iterator[None]:
    """Show errors of the index and of the service as one line, and Ctrl-C as what it is."""
    try:
        yield
    except (IndexingError, ServiceError) as exc:
        fail(str(exc))
    except KeyboardInterrupt:
        stderr().print("Interrupted; what was done is kept.")
        raise typer.Exit(130) from None
