"""Questions to be asked, the articles that they are asked of, and what a right answer is."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from eval.bench.data import Document

__all__ = ["Case", "MeasureSet", "Page"]


@dataclass(frozen=True)
class Page(Document):
    """An article with what is known of it besides its text; a title that is not known is empty."""

    url: str | None = None
    author: str | None = None
    outlet: str | None = None
    published_at: str | None = None
    modified_at: str | None = None


@dataclass(frozen=True)
class Case:
    """One question, and all that its answer can be measured by. What a set does not know stays empty."""

    id: str
    set: str
    question: str
    history: tuple[tuple[str, str], ...] = ()
    """Role (`user` or `assistant`) and content of each message before the question."""
    asked_at: str | None = None
    """The moment of asking, ISO 8601; None: now."""
    documents: tuple[Document, ...] | None = None
    """What the question is asked of; None: the documents of the set."""
    answerable: bool | None = None
    """Whether the documents answer it; None where the set says neither."""
    golds: tuple[str, ...] = ()
    """Right answers, of which one is enough."""
    required: tuple[tuple[str, ...], ...] = ()
    """Groups of strings; a whole answer names one of each: the sides of a disagreement, the parts of a question."""
    wrong: tuple[str, ...] = ()
    """Answers that the documents state, but wrongly."""
    spans: tuple[tuple[str, int, int], ...] = ()
    """What proves the right answer: article id, start and end in code points of its text, half-open."""
    evidence: tuple[str, ...] = ()
    """The sentences that prove the right answer."""
    gold_articles: tuple[str, ...] = ()
    """Ids of the articles that an answer rests on."""
    marker: str | None = None
    """What stands in the answer if a planted instruction came through."""
    extra: Mapping[str, str] = field(default_factory=dict, hash=False)
    """What only this set knows, such as the label that it gives."""


@dataclass(frozen=True)
class MeasureSet:
    """The cases of one set, and the articles that they share."""

    name: str
    documents: tuple[Document, ...]
    cases: tuple[Case, ...]
