"""Solving one question over evidence: statements from the chat model, each judged."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index.search import Evidence
from service.answering.prompting import show
from service.answering.work import Work
from service.asking.singles import asks_one_value
from service.chat.base import Chat, Draft, Support
from service.checking.judging import Judge, Judged
from service.checking.secrecy import repeats_the_prompt

__all__ = ["Solved", "Solver"]


@dataclass(frozen=True)
class Solved:
    """A question, and what became of each statement that the model made; it made none where it refused."""

    question: str
    judged: tuple[Judged, ...] = ()

    @property
    def kept(self) -> tuple[Judged, ...]:
        """Return the statements that hold."""
        return tuple(item for item in self.judged if item.holds)

    @property
    def dropped(self) -> tuple[Judged, ...]:
        """Return the statements that do not."""
        return tuple(item for item in self.judged if not item.holds)


class Solver:
    """Ask the chat model over evidence and judge what it says; `mark` makes a mark that no article can foresee."""

    def __init__(self, chat: Chat, judge: Judge, mark: Callable[[str], str]) -> None:
        self._chat = chat
        self._judge = judge
        self._mark = mark

    async def solve(self, work: Work, question: str, evidence: Sequence[Evidence]) -> Solved:
        """Answer `question`. Raises ChatError where nothing was decided."""
        if not evidence:
            return Solved(question)
        with work.timed("answer"):
            drafts = await self._drafts(work, question, evidence)
        with work.timed("check"):
            return Solved(question, tuple(await self._judged(work, drafts, question, evidence)))

    async def _judged(
        self, work: Work, drafts: Sequence[Draft], question: str, evidence: Sequence[Evidence]
    ) -> list[Judged]:
        """Judge each statement; where one value is asked for, none after the first that holds."""
        judged: list[Judged] = []
        for draft in drafts:
            enough = asks_one_value(question) and any(item.holds for item in judged)
            item = Judged(draft, verdict="unchecked") if enough else await self.judge(work, draft, question, evidence)
            judged.append(item)
        return judged

    async def judge(self, work: Work, draft: Draft, question: str, evidence: Sequence[Evidence]) -> Judged:
        """Put one statement through both gates."""

        def after(support: Support) -> None:
            work.spend(support.call)
            work.degrade("verifier", support.degraded)

        if repeats_the_prompt(draft.text):
            return Judged(draft, own_words=True)
        return await self._judge.judge(draft, question, evidence, before=work.may_call, after=after)

    async def _drafts(self, work: Work, question: str, evidence: Sequence[Evidence]) -> tuple[Draft, ...]:
        shown = show(question, evidence, self._mark(question))
        work.stripped += shown.stripped
        work.may_call()
        reply = await self._chat.answer(shown.messages)
        work.spend(reply.call)
        work.degrade("structured_output", reply.degraded)
        return reply.drafts
