"""`pullquote add`, `remove`, `list`, `show` and `reindex`."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from index import Article, Refused
from index.documents import Documents
from index.owner import Ownership
from index.reading import Failed, Read, Skipped, count_articles, read_articles, read_page
from service.cli.backend import Backend, open_backend, open_catalogue
from service.cli.interruption import finished
from service.cli.output import JsonOption, clean, console, errors_shown, plain, print_json, stderr
from service.contract import PutBody
from service.documents import make_documents
from service.settings import load_settings

__all__ = ["register"]

Sources = Annotated[
    list[str],
    typer.Argument(
        help="Files (.txt .md .jsonl .html .pdf .docx), folders of them, and addresses of pages (https://...)."
    ),
]
ArticleId = Annotated[str, typer.Argument(help="An article's id, as `pullquote list` shows it.")]
_TITLE_CHARS = 60
_CHANGES = ("added", "updated", "unchanged", "failed")


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    app.command()(add)
    app.command()(remove)
    app.command(name="list")(list_articles)
    app.command()(show)
    app.command()(reindex)


def add(sources: Sources, as_json: JsonOption = False) -> None:
    """Add articles, or replace changed ones; the same again changes nothing.

    Examples: `pullquote add news/` · `pullquote add report.pdf dump.jsonl` · `pullquote add https://news.example/ferry`
    """
    with errors_shown():
        settings = load_settings()
        tally = _Tally()
        try:
            with open_backend(settings) as backend, make_documents(settings) as documents:
                _add_all(backend, _Inputs(sources, settings.max_article_bytes, documents), tally)
        finally:
            tally.show(as_json=as_json)
    if tally.counts["failed"]:
        raise typer.Exit(1)


def remove(article_id: ArticleId) -> None:
    """Remove an article.

    Example: `pullquote remove 02ec09bd3dabe5d2`
    """
    with errors_shown(), open_backend(load_settings()) as backend:
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
    from service.desk import open_library  # noqa: PLC0415  (what only this command needs)

    with errors_shown():
        settings = load_settings()
        ownership = Ownership(settings.data_dir)
        library = open_library(settings)
        try:
            with _progress() as progress:
                task = progress.add_task("indexing", total=library.reader.n_articles())
                n = library.reindex(lambda _: progress.advance(task))
        finally:
            library.close()
            ownership.release()
    console().print(f"indexed {n} articles anew")


class _Tally:
    """What became of the inputs."""

    def __init__(self) -> None:
        self.counts = Counter(dict.fromkeys(_CHANGES, 0))
        self.failures: list[dict[str, str]] = []
        self.skipped: list[str] = []
        self.ignored: Counter[str] = Counter()
        self.warnings: list[dict[str, str]] = []

    def fail(self, place: str, reason: str) -> None:
        self.counts["failed"] += 1
        self.failures.append({"place": place, "reason": reason})

    def show(self, *, as_json: bool) -> None:
        if as_json:
            ignored = dict(self.ignored)
            told = {"failures": self.failures, "skipped": self.skipped, "warnings": self.warnings}
            print_json({**self.counts, **told, "ignored_fields": ignored})
            return
        for failure in self.failures:
            place, reason = failure["place"], failure["reason"]
            said = reason if reason.startswith(place) else f"{place}: {reason}"
            stderr().print(Text.assemble(("failed: ", "red"), clean(said)))
        for warning in self.warnings:
            stderr().print(plain(f"{warning['place']}: {warning['warning']}", style="yellow"))
        console().print(", ".join(f"{self.counts[change]} {change}" for change in _CHANGES))
        if self.skipped:
            console().print(plain(f"{len(self.skipped)} files of other kinds skipped, such as {self.skipped[0]}"))
        if self.ignored:
            fields = ", ".join(f"{name} ({n})" for name, n in self.ignored.most_common(10))
            console().print(plain(f"unknown fields ignored: {fields}"))


@dataclass(frozen=True)
class _Inputs:
    """Files, folders and addresses, and what reads documents among them."""

    sources: Sequence[str]
    max_bytes: int
    documents: Documents

    def count(self) -> int:
        """Return about how many articles there are."""
        return sum(1 if _is_address(source) else count_articles(Path(source)) for source in self.sources)

    def read(self) -> Iterator[Read | Failed | Skipped]:
        """Yield what is found, in the order given."""
        for source in self.sources:
            if _is_address(source):
                yield read_page(source, max_bytes=self.max_bytes, documents=self.documents)
            elif "://" in source:
                yield Failed(source, f"{source}: addresses begin with http:// or https://")
            else:
                yield from read_articles(Path(source), max_bytes=self.max_bytes, documents=self.documents)


def _is_address(source: str) -> bool:
    return source.lower().startswith(("http://", "https://"))


def _add_all(backend: Backend, inputs: _Inputs, tally: _Tally) -> None:
    with _progress() as progress:
        task = progress.add_task("indexing", total=inputs.count())
        articles = _readable(inputs.read(), tally, lambda: progress.advance(task))
        for outcome in finished(backend.add_all, articles):
            _count(outcome, tally)
            progress.advance(task)


def _readable(
    read: Iterable[Read | Failed | Skipped], tally: _Tally, on_failed: Callable[[], None]
) -> Iterator[Article]:
    """Yield the articles among what was read, and count the rest."""
    for item in read:
        match item:
            case Skipped(place):
                tally.skipped.append(place)
            case Failed(place, reason):
                tally.fail(place, reason)
                on_failed()
            case Read(article, ignored, warnings):
                tally.ignored.update(ignored)
                tally.warnings += [{"place": article.source or article.id, "warning": text} for text in warnings]
                yield article


def _count(outcome: PutBody | Refused, tally: _Tally) -> None:
    if isinstance(outcome, Refused):
        tally.fail(outcome.article.source or outcome.article.id, str(outcome.error))
    else:
        tally.counts[outcome.change] += 1


def _progress() -> Progress:
    """Return a bar on standard error, drawn on a terminal only."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=stderr(), transient=True, disable=not stderr().is_terminal)
