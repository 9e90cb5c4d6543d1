"""`pullquote backup` and `pullquote restore`."""

from pathlib import Path
from typing import Annotated

import typer

from index.owner import Ownership
from service.cli.output import console, errors_shown, plain
from service.settings import load_settings

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    app.command()(backup)
    app.command()(restore)


def backup(file: Annotated[Path, typer.Argument(help="The file to write; it must not be there yet.")]) -> None:
    """Write articles and kept answers to one file, also while the service runs.

    Removed articles are not in it. Access tokens, settings and models are not either.

    Example: `pullquote backup pullquote-2024-06-01.zip`
    """
    from service.backup import make_backup  # noqa: PLC0415  (what only this command needs)

    with errors_shown():
        made = make_backup(load_settings(), file)
    console().print(plain(f"wrote {made.articles} articles and {made.answers} answers to {file}, {made.bytes:,} bytes"))


def restore(
    file: Annotated[Path, typer.Argument(help="A file that `pullquote backup` wrote.")],
    force: Annotated[bool, typer.Option("--force", help="Replace the articles and answers that are there.")] = False,
) -> None:
    """Put a backup in place of the library; not while the service runs.

    The file is checked before anything is replaced, and the index is made anew by the next command.

    Example: `pullquote restore pullquote-2024-06-01.zip`
    """
    from service.backup import restore_backup  # noqa: PLC0415

    with errors_shown():
        settings = load_settings()
        ownership = Ownership(settings.data_dir)
        try:
            found = restore_backup(settings, file, force=force)
        finally:
            ownership.release()
    console().print(plain(f"restored {found.articles} articles and {found.answers} answers from {file}"))
