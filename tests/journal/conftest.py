"""Answers made by hand, and a journal with a clock that the test turns."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from service.contract import Answer, AskIn, Usage
from service.journal import Journal
from service.journal.file import JournalFile

Fields = dict[str, object]


def make_quote(article_id: str, text: str, *, copies: Sequence[str] = ()) -> Fields:
    """Make a sentence of an article, which stands word for word in the articles `copies` too."""
    known_by = {"url": f"https://x.example/{article_id}", "title": f"Title of {article_id}", "author": "A. Writer"}
    described = {**known_by, "version": "v1", "outlet": "Apex", "published_at": "2024-05-02"}
    return {
        **described,
        "article_id": article_id,
        "quote": text,
        "start": 5,
        "end": 5 + len(text),
        "copies": [{**described, "article_id": name, "start": 0, "end": len(text)} for name in copies],
    }


def make_answer(*cited: tuple[str, str, str], answer_id: str = "ans_1", **fields: object) -> Answer:
    """Make an answer of statements, each given as (text, article, sentence) and resting on that sentence."""
    text, statements, citations = "", [], []
    for number, (said, article_id, sentence) in enumerate(cited, 1):
        start = len(text) + bool(text)
        text += f"{' ' if text else ''}{said}[{number}]"
        citations.append({**make_quote(article_id, sentence), "id": f"c{number}", "marker": number})
        place = {"text": said, "start": start, "end": start + len(said), "citation_ids": [f"c{number}"]}
        gates = {"wording": "passed", "missing": [], "support": "passed", "probability": 0.9, "verifier": "v"}
        statements.append({**place, "verdict": "supported", "score": 0.9, "gates": gates, "question": None})
    body = {
        "id": answer_id,
        "outcome": "answered" if cited else "not_found",
        "reason": None if cited else "no_evidence",
        "answer": text,
        "statements": statements,
        "citations": citations,
        "dropped": [],
        "nearest": [],
        "searched": ["what was asked"],
        "as_of": None,
        "degraded": [],
        "model": {"chat": "fake"},
        "prompts": {},
        "usage": Usage(),
        "timings_ms": {"total": 5},
    }
    return Answer.model_validate({**body, **fields})


def make_request(question: str = "Who led?", *history: tuple[str, str], **fields: object) -> AskIn:
    """Make a request after these messages, each given as (role, content)."""
    turns = [{"role": role, "content": content} for role, content in history]
    return AskIn.model_validate({"question": question, "history": turns, **fields})


class Make:
    """What makes bodies."""

    quote = staticmethod(make_quote)
    answer = staticmethod(make_answer)
    request = staticmethod(make_request)


@pytest.fixture
def make() -> Make:
    """Return what makes answers, requests and quotes."""
    return Make()


@dataclass
class Clock:
    """A clock that stands until it is turned."""

    moment: datetime = field(default_factory=lambda: datetime(2024, 6, 1, 12, 30, 5, tzinfo=UTC))

    def __call__(self) -> datetime:
        """Return the moment."""
        return self.moment

    def turn(self, **by: float) -> None:
        """Go forward by days, hours, seconds."""
        self.moment += timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    """Return a clock at 2024-06-01T12:30:05Z."""
    return Clock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where the journal is to be."""
    return tmp_path / "data" / "journal.db"


@pytest.fixture
def notes() -> list[str]:
    """Return what was said of files that were set aside."""
    return []


@pytest.fixture
def file(path: Path, clock: Clock, notes: list[str]) -> Iterator[JournalFile]:
    """Return a journal's file that keeps answers for 30 days."""
    opened = JournalFile(path, days=30, now=clock, on_aside=notes.append)
    yield opened
    opened.close()


@pytest.fixture
def on_disk(path: Path) -> Callable[[str], list[str]]:
    """Return what tells in which files of the folder a text stands, byte for byte."""

    def found(text: str) -> list[str]:
        return sorted(each.name for each in path.parent.iterdir() if text.encode() in each.read_bytes())

    return found


@pytest.fixture
def deleted() -> set[str]:
    """Return the ids of articles that were deleted."""
    return set()


@pytest.fixture
def tell(path: Path, clock: Any, deleted: set[str]) -> Callable[..., None]:
    """Return what opens a journal, tells it a story, and closes it."""

    def run(story: Callable[[Journal], Awaitable[None]], days: int = 30) -> None:
        async def told() -> None:
            journal = Journal(path, days=days, is_live=lambda name: name not in deleted, now=clock)
            try:
                await story(journal)
            finally:
                await journal.close()

        asyncio.run(told())

    return run
