"""Solving one question over evidence: statements from the chat model, each judged."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index.search import Evidence
from service.answering.prompting import show
from service.answering.work import Work
from service.asking.singles import asks_one_value, asks_several
from service.chat.base import Chat, Draft, Reading, Support
from service.checking.checks import Checks
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


def _unheard(_: Judged) -> None:
    """Take a statement that holds."""


class Solver:
    """Ask the chat model over evidence and judge what it says; `mark` makes a mark that no article can foresee."""

    def __init__(self, chat: Chat, judge: Judge, mark: Callable[[str], str]) -> None:
        self._chat = chat
        self._judge = judge
        self._mark = mark

    async def solve(
        self, work: Work, question: str, evidence: Sequence[Evidence], hold: Callable[[Judged], None] = _unheard
    ) -> Solved:
        """Answer `question`; `hold` is given each statement that holds, once it does.

        Raises ChatError where nothing was decided.
        """
        if not evidence:
            return Solved(question)
        checks = self.checks(work)
        read = await self._read(work, question, evidence, checks) if self._reads(question) else None
        if read and read.holds:
            hold(read)
            return Solved(question, (read,))
        with work.timed("answer"):
            drafts = await self._drafts(work, question, evidence)
        with work.timed("check"):
            judged = await self._judged(drafts, question, evidence, checks, hold)
        others = [read] if read and all(read.draft.text != draft.text for draft in drafts) else []
        return Solved(question, (*judged, *others))

    def _reads(self, question: str) -> bool:
        """Tell whether one sentence may answer; a question that asks for several things needs all of the evidence."""
        return self._judge.reads and not asks_several(question)

    async def _read(self, work: Work, question: str, evidence: Sequence[Evidence], checks: Checks) -> Judged | None:
        """Read the answer out of the best sentence alone, which takes a third of the time of an answer from all."""
        with work.timed("read"):
            draft = await self._judge.read(question, max(evidence, key=lambda item: item.score), checks)
            return await self.judge(draft, question, evidence, checks) if draft else None

    async def look(self, work: Work, question: str, item: Evidence, checks: Checks) -> Judged | None:
        """Return what one sentence says, judged; None where it does not say. Raises ChatError."""
        if self._judge.reads:
            draft = await self._judge.read(question, item, checks)
        else:
            draft = next(iter(await self._drafts(work, question, [item])), None)
        return await self.judge(draft, question, [item], checks) if draft else None

    async def _judged(
        self,
        drafts: Sequence[Draft],
        question: str,
        evidence: Sequence[Evidence],
        checks: Checks,
        hold: Callable[[Judged], None],
    ) -> list[Judged]:
        """Judge each statement; where one value is asked for, none after the first that holds."""
        judged: list[Judged] = []
        for draft in drafts:
            enough = asks_one_value(question) and any(item.holds for item in judged)
            item = Judged(draft, verdict="unchecked") if enough else await self.judge(draft, question, evidence, checks)
            judged.append(item)
            if item.holds:
                hold(item)
        return judged

    async def judge(self, draft: Draft, question: str, evidence: Sequence[Evidence], checks: Checks) -> Judged:
        """Put one statement through both gates. Raises ChatError."""
        if repeats_the_prompt(draft.text):
            return Judged(draft, own_words=True)
        return await self._judge.judge(draft, question, evidence, checks)

    def checks(self, work: Work) -> Checks:
        """Return the verifier for one question, whose calls are counted on `work`."""

        def after(given: Support | Reading) -> None:
            work.spend(given.call)
            work.degrade("verifier", given.degraded)

        return Checks(self._judge.verifier, before=work.may_call, after=after)

    async def _drafts(self, work: Work, question: str, evidence: Sequence[Evidence]) -> tuple[Draft, ...]:
        shown = show(question, evidence, self._mark("\n".join((question, *(item.text for item in evidence)))))
        work.stripped += shown.stripped
        work.may_call()
        reply = await self._chat.answer(shown.messages)
        work.spend(reply.call)
        work.degrade("structured_output", reply.degraded)
        return reply.drafts
