"""`pullquote add`."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Annotated

import typer

from index.urls import normalise_url
from service.cli.backend import open_catalogue, open_keeper
from service.cli.interruption import finished
from service.cli.output import JsonOption, errors_shown, print_json
from service.cli.telling import as_body, make_progress, show_tally
from service.documents import make_documents
from service.intake import (
    CHANGES,
    STANDARD_INPUT,
    DryStore,
    Intake,
    Looks,
    Nothing,
    Store,
    Tally,
    count_inputs,
    follow,
    is_address,
)
from service.settings import Settings, load_settings

__all__ = ["open_store", "register"]

Inputs = Annotated[
    list[str],
    typer.Argument(
        help="Files (.txt .md .jsonl .html .pdf .docx), folders of them, addresses of pages, feeds and sitemaps "
        "(https://...), or - for standard input: JSON lines, or one text."
    ),
]
Follow = Annotated[
    bool, typer.Option("--follow", help="Follow these folders, feeds and sitemaps: `pullquote sync` reads them again.")
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Say what would be done, and change nothing; addresses are fetched from.")
]
_OF_ADD = tuple(change for change in CHANGES if change != "deleted")


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command()(add)


def add(inputs: Inputs, following: Follow = False, dry_run: DryRun = False, as_json: JsonOption = False) -> None:
    """Add articles, or replace changed ones; the same again changes nothing.

    Examples: `pullquote add news/` · `pullquote add report.pdf dump.jsonl` · `pullquote add https://news.example/ferry`
    · `pullquote add --follow https://news.example/feed.xml` · `pullquote add --dry-run news/` · `cat a.md | pullquote
    add -`
    """
    with errors_shown():
        settings = load_settings()
        tally = Tally()
        changes = CHANGES if dry_run else _OF_ADD
        try:
            with open_store(settings, dry_run=dry_run) as store, make_documents(settings) as documents:
                looks = Looks(settings, documents, store.reading)
                (_follow_all if following else _add_all)(inputs, store, looks, tally)
        finally:
            if as_json:
                print_json({**({"dry_run": True} if dry_run else {}), **as_body(tally, changes)})
            else:
                show_tally(tally, changes, "would be: " if dry_run else "")
    if tally.counts["failed"]:
        raise typer.Exit(1)


@contextmanager
def open_store(settings: Settings, *, dry_run: bool) -> Iterator[Store]:
    """Yield the store that commands work on, or one that only says what would be done."""
    if not dry_run:
        with open_keeper(settings) as backend:
            yield backend
    elif (settings.data_dir / "ledger.db").exists():
        with open_catalogue(settings) as catalogue:
            yield DryStore(catalogue)
    else:  # opening a ledger would make one
        yield DryStore(Nothing())


def _add_all(inputs: Sequence[str], store: Store, looks: Looks, tally: Tally) -> None:
    with make_progress() as progress:
        task = progress.add_task("indexing", total=count_inputs(inputs))
        add_all = partial(finished, store.add_all)
        intake = Intake(store, tally, add_all=add_all, on_done=partial(progress.advance, task))
        intake.take(chain.from_iterable(map(looks.at_input, inputs)))


def _follow_all(inputs: Sequence[str], store: Store, looks: Looks, tally: Tally) -> None:
    for each in inputs:
        place = normalise_url(each) if is_address(each) else str(Path(each).resolve())
        if not is_address(each) and (each == STANDARD_INPUT or not Path(each).is_dir()):
            tally.fail(each, f"{each}: is no folder and no address; folders, feeds and sitemaps are followed")
        else:
            follow(place, store, looks, tally, partial(finished, store.add_all))
