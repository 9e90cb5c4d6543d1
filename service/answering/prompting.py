"""The prompt of an answer: articles as data, between marks that no article can foresee."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from index.search import Evidence
from prompts import Messages, load_prompt
from service.characters import stripped, visible
from service.projection import heading
from service.prompt_names import ANSWER_PROMPT

__all__ = ["Shown", "show"]


@dataclass(frozen=True)
class Shown:
    """What the model is shown, and how many invisible characters of the articles it is not."""

    messages: Messages
    stripped: int


def show(question: str, evidence: Sequence[Evidence], mark: str) -> Shown:
    """Render the prompt of an answer; a sentence is one line, so that none can pretend to be several."""
    articles, removed = [], 0
    for _, items in groupby(evidence, key=lambda item: item.article.id):
        group = list(items)
        title = heading(group[0].article)
        removed += stripped(title) + sum(stripped(item.text) for item in group)
        sentences = [{"number": item.number, "text": _line(item.text)} for item in group]
        articles.append({"heading": _line(title), "sentences": sentences})
    messages = load_prompt(ANSWER_PROMPT).render(articles=articles, question=_line(question), mark=mark)
    return Shown(messages, removed)


def _line(text: str) -> str:
    """Return `text` as one line; a straight quotation mark would end the string of JSON that a small model copies."""
    return " ".join(visible(text).replace('"', "'").split())
