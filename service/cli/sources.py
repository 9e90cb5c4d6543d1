"""`pullquote sync` and `pullquote sources`."""

from functools import partial
from typing import Annotated

import typer
from rich.table import Table

from service.cli.adding import DryRun, open_store
from service.cli.backend import open_catalogue, open_keeper
from service.cli.interruption import finished
from service.cli.output import JsonOption, console, errors_shown, plain, print_json
from service.cli.telling import as_body, show_tally
from service.documents import make_documents
from service.intake import Looks, Synced, sync_source
from service.projection import source_body
from service.settings import load_settings

__all__ = ["register"]

_NONE = "nothing is followed; `pullquote add --follow ADDRESS` adds a feed or sitemap, or a folder"


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    app.command()(sync)
    sources = typer.Typer(no_args_is_help=True, help="List what is followed, and follow something no longer.")
    sources.command(name="list")(list_sources)
    sources.command()(remove)
    app.add_typer(sources, name="sources")


def sync(dry_run: DryRun = False, as_json: JsonOption = False) -> None:
    """Read again what is followed, and apply what has changed: added, updated, deleted.

    A page that cannot be fetched now stays as it was; one that answers 404 or 410, or whose file is gone, is deleted.
    What was removed with `pullquote remove` stays out until its page or file gives something else.

    Examples: `pullquote sync` · `pullquote sync --dry-run` · `pullquote sync --json`
    """
    done: list[Synced] = []
    with errors_shown():
        settings = load_settings()
        try:
            with open_store(settings, dry_run=dry_run) as store, make_documents(settings) as documents:
                looks = Looks(settings, documents, store.reading)
                for source in store.sources():
                    done.append(Synced(source))
                    sync_source(store, looks, done[-1], partial(finished, store.add_all))
                    if not as_json:
                        show_tally(done[-1].tally, before=f"{source.place}: {'would be ' if dry_run else ''}")
        finally:
            if as_json:
                told = [{"id": each.source.key, "place": each.source.place, **as_body(each.tally)} for each in done]
                print_json({"dry_run": dry_run, "sources": told})
    if not done and not as_json:
        console().print(_NONE)
    if any(each.tally.counts["failed"] for each in done):
        raise typer.Exit(1)


def list_sources(as_json: JsonOption = False) -> None:
    """List what is followed.

    Example: `pullquote sources list`
    """
    with errors_shown(), open_catalogue(load_settings()) as catalogue:
        found = [source_body(source) for source in catalogue.sources()]
    if as_json:
        print_json({"sources": [source.model_dump(mode="json") for source in found]})
        return
    table = Table("id", "kind", "articles", "last read", "address or folder", box=None, pad_edge=False)
    for source in found:
        cells = (str(source.id), source.kind, str(source.articles), source.synced_at or "never", source.place)
        table.add_row(*(plain(cell) for cell in cells))
    console().print(table if found else _NONE)


def remove(
    source_id: Annotated[int, typer.Argument(help="A source's number, as `pullquote sources list` shows it.")],
) -> None:
    """Follow a source no longer; its articles stay.

    Example: `pullquote sources remove 1`
    """
    with errors_shown(), open_keeper(load_settings()) as backend:
        backend.unfollow(source_id)
    console().print(f"source {source_id} is followed no longer; its articles stay")
