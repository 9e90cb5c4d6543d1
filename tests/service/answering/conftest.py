"""Answering with a chat model of which every word and every probability is written down beforehand."""

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import pytest

from index import Article, Evidence
from prompts import Messages
from service.answering import Spending, Style
from service.answering.solving import Solver
from service.answering.work import Work
from service.chat.base import Call, Draft, Reading, Reply, Support, Written
from service.checking.calibration import Calibration
from service.checking.judging import Judge
from service.checking.support import ChatVerifier
from service.contract import Answer, ArticleIn, AskIn
from service.desk import Desk
from service.errors import ChatError
from service.settings import Settings
from service.shelf import open_library

ASKED_AT = "2024-06-01T00:00:00Z"
_QUESTION = re.compile(r"(?:Last question|Question): (.*)\Z")
_NUMBERED = re.compile(r"^(?P<text>.+) \[(?P<number>\d+)\]$", re.MULTILINE)
Said = Sequence[str]
T = TypeVar("T")


class ScriptedChat:
    """Give what is scripted, and remember every prompt by its kind.

    `answers` holds by question the statements to give: a text, then a phrase of each sentence that it rests on. One
    whose phrases are not all among the sentences shown is not given; "#40" names an id itself. `supports` holds by a
    phrase of sentence or question the probability that the one answers the other, `agreements` by a statement how
    likely it is read out of a sentence that holds its phrases, .9 where there is none, and `writes` what is written to
    a last question, which is repeated where there
    is nothing. An error in the place of any is raised.
    """

    name = "scripted"

    def __init__(
        self,
        answers: Mapping[str, Sequence[Said] | ChatError] | None = None,
        *,
        supports: Mapping[str, float | ChatError] | None = None,
        agreements: Mapping[str, float | ChatError] | None = None,
        writes: Mapping[str, str | ChatError] | None = None,
        cost: Call = Call(10, 5),  # noqa: B008  (frozen)
        degraded: str | None = None,
    ) -> None:
        self.answers = answers or {}
        self.supports = supports or {}
        self.agreements = agreements or {}
        self.writes = writes or {}
        self.cost = cost
        self.degraded = degraded
        self.heard: list[tuple[str, Messages]] = []

    @property
    def kinds(self) -> list[str]:
        """Return the kinds of the prompts, in their order."""
        return [kind for kind, _ in self.heard]

    def users(self, kind: str) -> list[str]:
        """Return what the user said in the prompts of a kind."""
        return [messages.user for heard, messages in self.heard if heard == kind]

    async def answer(self, messages: Messages) -> Reply:
        """Give the statements whose sentences are shown."""
        self.heard.append(("answer", messages))
        shown = {found["text"]: found["number"] for found in _NUMBERED.finditer(messages.user)}
        said = _given(self.answers, _question(messages), ())
        drafts = [_draft(text, phrases, shown) for text, *phrases in said]
        return Reply(tuple(draft for draft in drafts if draft), self.cost, self.degraded)

    async def support(self, messages: Messages) -> Support:
        """Give the probability that a sentence answers."""
        self.heard.append(("support", messages))
        phrase = next((phrase for phrase in self.supports if phrase in messages.user), "")
        return Support(_given(self.supports, phrase, 0.9), self.cost, self.degraded)

    async def reread(self, messages: Messages) -> Reading:
        """Give the statements of the sentence, the likeliest first; what is left is the probability of none."""
        self.heard.append(("reread", messages))
        said = _given(self.answers, _question(messages), ())
        fitting = [text for text, *phrases in said if all(phrase in messages.user for phrase in phrases)]
        likely = [(text, _given(self.agreements, text, 0.9)) for text in fitting]
        none = ("none", max(0.0, 1 - sum(probability for _, probability in likely)))
        place = tuple(sorted((*likely, none), key=lambda one: -one[1]))
        return Reading(place[0][0], (place,), self.cost, self.degraded)

    async def write(self, messages: Messages) -> Written:
        """Give what is written to a question."""
        self.heard.append(("write", messages))
        question = _question(messages)
        return Written(_given(self.writes, question, question), self.cost)

    async def check(self) -> str:
        """Be there."""
        return "scripted answers"

    async def warm(self) -> None:
        """Do nothing."""

    async def close(self) -> None:
        """Do nothing."""


def _question(messages: Messages) -> str:
    found = _QUESTION.search(messages.user)
    assert found
    return found[1]


def _given(scripted: Mapping[str, T | ChatError], key: str, otherwise: T) -> T:
    given = scripted.get(key, otherwise)
    if isinstance(given, ChatError):
        raise given
    return given


def _draft(text: str, phrases: Sequence[str], shown: Mapping[str, str]) -> Draft | None:
    ids = []
    for phrase in phrases:
        numbers = [number for sentence, number in shown.items() if phrase in sentence]
        if phrase.startswith("#"):
            numbers = [phrase[1:]]
        if not numbers:
            return None
        ids.append(numbers[0])
    return Draft(tuple(ids), text)


@pytest.fixture(scope="session")
def script() -> type[ScriptedChat]:
    """Return what makes a chat of what is written down."""
    return ScriptedChat


@pytest.fixture(scope="session")
def evidence() -> Callable[..., tuple[Evidence, ...]]:
    """Return what makes evidence of articles, a sentence a line, each ranking behind the one before."""

    def make(*articles: Article) -> tuple[Evidence, ...]:
        lines = [(article, line) for article in articles for line in re.finditer(r"[^\n]+", article.text)]
        return tuple(
            Evidence(number, article, *line.span(), 1 - number / 100) for number, (article, line) in enumerate(lines, 1)
        )

    return make


@pytest.fixture
def work() -> Callable[..., Work]:
    """Return what makes the work of one question; limits of spending by name."""

    def make(question: str = "Who?", *, day: int | None = None, answer: int | None = None, **fields: object) -> Work:
        request = AskIn.model_validate({"question": question, "asked_at": ASKED_AT, **fields})
        return Work(request, Spending(answer_limit=answer, day_limit=day))

    return make


@pytest.fixture
def solver() -> Callable[..., Solver]:
    """Return what makes a solver over a chat, which checks its statements too."""

    def make(chat: ScriptedChat, calibration: Calibration | None = None) -> Solver:
        return Solver(chat, Judge(ChatVerifier(chat), calibration, threshold=0.75), lambda _: "mark")

    return make


@pytest.fixture
def asked(settings: Settings) -> Callable[..., list[Answer]]:
    """Return what stores articles at a real desk and asks a chat questions of them, one after the other."""

    def run(
        chat: ScriptedChat,
        articles: Sequence[Mapping[str, str]],
        *requests: Mapping[str, object],
        thorough: bool = False,
        **changes: object,
    ) -> list[Answer]:
        async def story() -> list[Answer]:
            changed = settings.model_copy(update=changes)
            style = Style(changed.evidence_tokens, thorough, mark=lambda _: "mark", now=lambda: ASKED_AT)
            desk = Desk(changed, open_library(changed), chat, ChatVerifier(chat), style)
            try:
                for fields in articles:
                    rest = {name: value for name, value in fields.items() if name != "id"}
                    await desk.put(fields["id"], ArticleIn.model_validate({"language": "en", **rest}))
                return [await desk.ask(AskIn.model_validate(request)) for request in requests]
            finally:
                await desk.close()

        return asyncio.run(story())

    return run
