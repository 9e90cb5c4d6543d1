"""`pullquote ask` and `pullquote search`."""

from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.console import Console

from service.cli.backend import open_backend
from service.cli.output import FAILED, JsonOption, console, errors_shown, fail, plain, print_json, stderr
from service.contract import Answer, AskIn, FiltersIn, Quote, SearchBody, SearchIn
from service.questions import check_question
from service.settings import load_settings
from service.unanswered import unanswered

__all__ = ["register"]

Outlets = Annotated[list[str] | None, typer.Option("--outlet", help="Only articles of this outlet; may be repeated.")]
From = Annotated[str | None, typer.Option("--from", help="Only articles published on or after this date.")]
To = Annotated[str | None, typer.Option("--to", help="Only articles published before this date.")]


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    app.command()(ask)
    app.command()(search)


def ask(
    question: Annotated[str, typer.Argument(help="The question, in quotes.")],
    outlets: Outlets = None,
    published_from: From = None,
    published_to: To = None,
    as_json: JsonOption = False,
) -> None:
    """Answer a question from the articles, with the sentences that prove it.

    Ends with 3 where the model decided nothing. Example: `pullquote ask "Who led the Chinese side?"`
    """
    with errors_shown():
        settings = load_settings()
        check_question(question, max_chars=settings.max_question_chars)
        request = AskIn(question=question, filters=_filters(outlets, published_from, published_to))
        status = stderr().status("reading the articles") if stderr().is_terminal else None
        if status:
            status.start()
        try:
            with open_backend(settings) as backend:
                answer = backend.ask(request)
        finally:
            if status:
                status.stop()
    if as_json:
        print_json(answer)
    else:
        _show(answer, settings.data_dir)
    if answer.outcome == "failed":
        raise typer.Exit(FAILED)


def search(
    question: Annotated[str, typer.Argument(help="Words or a question, in quotes.")],
    limit: Annotated[int, typer.Option(min=1, max=100, help="How many passages.")] = 16,
    outlets: Outlets = None,
    published_from: From = None,
    published_to: To = None,
    as_json: JsonOption = False,
) -> None:
    """Show the passages that a question would be answered from, the best first.

    Example: `pullquote search "police unit for foreigners" --limit 3`
    """
    with errors_shown():
        settings = load_settings()
        check_question(question, max_chars=settings.max_question_chars)
        filters = _filters(outlets, published_from, published_to)
        with open_backend(settings) as backend:
            found = backend.search(SearchIn(question=question, limit=limit, filters=filters))
    if as_json:
        print_json(found)
    else:
        _show_passages(found)


def _filters(outlets: list[str] | None, published_from: str | None, published_to: str | None) -> FiltersIn:
    try:
        return FiltersIn(outlets=outlets or [], published_from=published_from, published_to=published_to)
    except ValidationError as exc:
        fail("; ".join(f"--{str(e['loc'][0]).removeprefix('published_')}: {e['msg']}" for e in exc.errors()), 2)


def _show(answer: Answer, data_dir: Path) -> None:
    out = console()
    if answer.answer:
        out.print(plain(answer.answer, style="bold"))
    else:
        reason = f" ({answer.reason})" if answer.reason else ""
        out.print(plain(unanswered(answer, data_dir) + reason, style="bold yellow"))
    for citation in answer.citations:
        _show_quote(out, f"[{citation.marker}]", citation)
    if answer.nearest:
        out.print("\nThe nearest sentences:")
        for quote in answer.nearest:
            _show_quote(out, " · ", quote)
    _show_besides(out, answer)
    for degraded in answer.degraded:
        stderr().print(plain(f"{degraded.part}: {degraded.reason}", style="yellow"))


def _show_besides(out: Console, answer: Answer) -> None:
    """Print how it came about, what is missing, and what was left out."""
    for step in answer.steps:
        out.print(plain(f"\nOn the way: {step.question} {step.text}", style="dim"))
    for part in answer.missing:
        out.print(plain(f"\nNot in these articles: {part}", style="bold yellow"))
    if answer.window:
        window = f"published from {answer.window.published_from} to before {answer.window.published_to}"
        out.print(plain(f"\nSearched what was {window} (“{answer.window.wording}”).", style="dim"))
    for note in answer.notes:
        out.print(plain(f"\nNote: {note}.", style="dim"))
    for dropped in answer.dropped:
        out.print(plain(f"\nLeft out: {dropped.text} ({dropped.reason})", style="dim"))


def _show_quote(out: Console, marker: str, quote: Quote) -> None:
    out.print(plain(f"{marker} “{quote.quote}”"))
    page = f"page {quote.page}" if quote.page else None
    known = (quote.title or quote.article_id, page, quote.outlet, quote.published_at)
    where = ", ".join(part for part in known if part)
    out.print(plain(f"    {where}", style="dim"))
    if quote.copies:
        others = ", ".join(dict.fromkeys(copy.outlet or copy.article_id for copy in quote.copies))
        out.print(plain(f"    also in {others}", style="dim"))


def _show_passages(found: SearchBody) -> None:
    out = console()
    if not found.passages:
        out.print(f"Nothing found ({found.reason}).")
    for number, passage in enumerate(found.passages, 1):
        head = f"{number}. {passage.article_id} [{passage.start}:{passage.end}]  score {passage.score:.3f}"
        out.print(plain(head, style="bold"))
        out.print(plain(passage.text))
        if passage.copies:
            out.print(plain(f"({passage.copies} copies in other articles left out)", style="dim"))
        out.print()
