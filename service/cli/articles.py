"""`pullquote remove`, `list`, `show` and `reindex`."""

from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from index.owner import Ownership
from service.cli.backend import open_catalogue, open_keeper
from service.cli.output import JsonOption, clean, console, errors_shown, plain, print_json
from service.cli.telling import make_progress
from service.settings import load_settings

__all__ = ["register"]

ArticleId = Annotated[str, typer.Argument(help="An article's id, as `pullquote list` shows it.")]
_TITLE_CHARS = 60


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    app.command()(remove)
    app.command(name="list")(list_articles)
    app.command()(show)
    app.command()(reindex)


def remove(article_id: ArticleId) -> None:
    """Remove an article.

    Example: `pullquote remove 02ec09bd3dabe5d2`
    """
    with errors_shown(), open_keeper(load_settings()) as backend:
        backend.remove(article_id)
    console().print(plain(f"removed {article_id}"))


def list_articles(
    offset: Annotated[int, typer.Option(min=0, help="How many to pass over.")] = 0,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many to show.")] = 100,
    as_json: JsonOption = False,
) -> None:
    """List the articles by id.

    Examples: `pullquote list` · `pullquote list --offset 100 --json`
    """
    with errors_shown(), open_catalogue(load_settings()) as backend:
        page = backend.articles(offset, limit)
    if as_json:
        print_json(page)
        return
    table = Table(box=None, pad_edge=False)
    for name in ("id", "title", "outlet", "published", "sentences"):
        table.add_column(name, no_wrap=name not in ("title", "outlet"), overflow="fold")
    for article in page.articles:
        title = article.title or ""
        short = title if len(title) <= _TITLE_CHARS else title[: _TITLE_CHARS - 1] + "…"
        cells = (article.id, short, article.outlet or "", article.published_at or "", str(article.sentences))
        table.add_row(*(plain(cell) for cell in cells))
    console().print(table)
    shown = f"{offset + 1} to {offset + len(page.articles)}" if page.articles else "none"
    console().print(f"{shown} of {page.total} articles")


def show(article_id: ArticleId, as_json: JsonOption = False) -> None:
    """Show an article with its text.

    Example: `pullquote show 02ec09bd3dabe5d2`
    """
    with errors_shown(), open_catalogue(load_settings()) as backend:
        article = backend.article(article_id)
    if as_json:
        print_json(article)
        return
    for name in ("title", "author", "outlet", "published_at", "modified_at", "url", "language", "version"):
        if value := getattr(article, name):
            console().print(Text.assemble((f"{name}: ", "dim"), clean(value)))
    console().print()
    console().print(plain(article.text))


def reindex() -> None:
    """Make the index anew, after a change of encoder; not while the service runs.

    Example: `PULLQUOTE_ENCODER=models/my-encoder pullquote reindex`
    """
    from service.shelf import open_library  # noqa: PLC0415  (what only commands that write need)

    with errors_shown():
        settings = load_settings()
        ownership = Ownership(settings.data_dir)
        library = open_library(settings)
        try:
            with make_progress() as progress:
                task = progress.add_task("indexing", total=library.reader.n_articles())
                n = library.reindex(lambda _: progress.advance(task))
        finally:
            library.close()
            ownership.release()
    console().print(f"indexed {n} articles anew")
