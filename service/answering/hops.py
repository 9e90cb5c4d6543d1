"""Questions that take several facts: sub-questions, each with its own evidence and statement, then what follows."""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from index.search import Evidence
from prompts import load_prompt
from service.answering.solving import Solver
from service.answering.work import Work
from service.chat.base import Chat
from service.checking.judging import Judged
from service.checking.wording import content_words
from service.errors import ChatError
from service.prompt_names import SUBQUESTIONS_PROMPT

__all__ = ["Step", "Steps", "split", "take_steps"]

_PLACE = re.compile(r"#([1-3])")
_MOST = 3
_OWN_WORDS = 2  # "Who directed" for "the director of", and one more
_MAX_CHARS = 300

Retrieve = Callable[[str], Awaitable[Sequence[Evidence]]]


@dataclass(frozen=True)
class Step:
    """A sub-question as it was asked, and the statement that answers it."""

    question: str
    judged: Judged


@dataclass(frozen=True)
class Steps:
    """The steps to an answer, and the last statement, which follows from them."""

    steps: tuple[Step, ...]
    final: Judged


async def split(work: Work, chat: Chat, question: str) -> list[str]:
    """Return the sub-questions of `question`, as the chat model gives them; none where they are of no use."""
    work.may_call()
    try:
        written = await chat.write(load_prompt(SUBQUESTIONS_PROMPT).render(question=" ".join(question.split())))
    except ChatError as exc:
        work.degrade("subquestions", f"the question was asked as it stands: {exc}")
        return []
    work.spend(written.call)
    lines = [line.strip(" -•\t") for line in written.text.splitlines() if line.strip()]
    useful = 1 < len(lines) <= _MOST and all(_is_useful(i, line, question) for i, line in enumerate(lines, 1))
    return lines if useful else []


def _is_useful(number: int, line: str, question: str) -> bool:
    """Tell whether a line is a question that leans on earlier ones alone, in the words of the whole question."""
    strange = content_words(_PLACE.sub(" ", line), None) - content_words(question, None)
    leans = all(int(n) < number for n in _PLACE.findall(line))
    return line.endswith("?") and len(line) <= _MAX_CHARS and leans and len(strange) <= _OWN_WORDS


async def take_steps(
    work: Work, solver: Solver, question: str, lines: Sequence[str], retrieve: Retrieve
) -> Steps | None:
    """Answer the sub-questions in turn and then `question` from what they rest on; None where a step fails."""
    steps: list[Step] = []
    for line in lines:
        asked = _PLACE.sub(lambda place: steps[int(place[1]) - 1].judged.draft.text, line)
        solved = await solver.solve(work, asked, await retrieve(asked))
        work.left_out += solved.dropped
        if not solved.kept:
            return None
        steps.append(Step(asked, solved.kept[0]))
    if _PLACE.search(lines[-1]):  # a bridge: the last fact is the answer
        return Steps(tuple(steps[:-1]), steps[-1].judged)
    facts = _numbered([item for step in steps for item in (step.judged.claim.evidence if step.judged.claim else ())])
    solved = await solver.solve(work, question, facts)
    work.left_out += solved.dropped
    return Steps(tuple(steps), solved.kept[0]) if solved.kept else None


def _numbered(items: Sequence[Evidence]) -> list[Evidence]:
    """Return the sentences, each once, numbered from 1 in reading order."""
    distinct = {(item.article.id, item.start): item for item in items}
    ordered = sorted(distinct.values(), key=lambda item: (item.article.id, item.start))
    return [
        Evidence(number, item.article, item.start, item.end, item.score, item.copies)
        for number, item in enumerate(ordered, 1)
    ]
