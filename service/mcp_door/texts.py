"""Answers and stages as text that a person or a model reads.

What comes from an article stands on one line without control characters, so that none can pass for another quote.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from service.contract import Answer, Quote
from service.contract.events import StageEvent, StageName
from service.links import Links
from service.unanswered import unanswered

__all__ = ["answer_text", "stage_text"]

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_STAGES: dict[StageName, str] = {
    "waiting": "beginning",
    "understanding": "understanding the question",
    "searching": "searching the articles",
    "reading": "reading what was found",
    "checking": "checking what the sentences state",
    "comparing": "comparing what articles say",
}


def stage_text(event: StageEvent) -> str:
    """Return what is being done."""
    return f"waiting for {event.ahead} earlier questions" if event.ahead else _STAGES[event.stage]


def answer_text(answer: Answer, links: Links, data_dir: Path | None = None) -> str:
    """Return an answer with its markers, the quotes that prove it, and what a reader should know besides.

    `data_dir` is named where it holds no articles.
    """
    return "\n".join(_lines(answer, links, data_dir))


def _lines(answer: Answer, links: Links, data_dir: Path | None) -> Iterator[str]:
    yield _head(answer, data_dir)
    if answer.citations:
        yield ""
    for citation in answer.citations:
        yield from _quoted(f"[{citation.marker}]", citation, links)
    for missing in answer.missing:
        yield f"\nNot in these articles: {_line(missing)}"
    if answer.nearest:
        yield "\nThe nearest sentences:"
    for quote in answer.nearest:
        yield from _quoted(" · ", quote, links)
    yield from _besides(answer)


def _head(answer: Answer, data_dir: Path | None) -> str:
    if answer.outcome == "failed":
        return f"{unanswered(answer)} ({answer.reason})"
    return _line(answer.answer or unanswered(answer, data_dir))


def _quoted(marker: str, quote: Quote, links: Links) -> Iterator[str]:
    yield f"{marker} “{_line(quote.quote)}”"
    page = f"page {quote.page}" if quote.page else None
    known = (quote.title or quote.article_id, page, quote.outlet, quote.published_at, links.to_sentence(quote))
    yield "    " + ", ".join(_line(part) for part in known if part)


def _besides(answer: Answer) -> Iterator[str]:
    if answer.window:
        yield f"\nSearched what was published from {answer.window.published_from} to {answer.window.published_to}."
    for note in answer.notes:
        yield f"\nNote: {_line(note)}."
    for degraded in answer.degraded:
        yield f"\n{degraded.part}: {_line(degraded.reason)}"


def _line(text: str) -> str:
    return _CONTROL.sub(lambda found: " " if found[0].isspace() else "\ufffd", text)
