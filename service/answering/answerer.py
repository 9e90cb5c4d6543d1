"""The answerer: one question in, one answer out."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from index import Found
from index.search import Evidence
from service import projection
from service.answering.body import Told, make_body
from service.answering.composing import Said, compose, compose_steps
from service.answering.conflicts import (
    Disagreement,
    correction_notes,
    find_disagreement,
    make_conflict,
    may_disagree,
    say,
)
from service.answering.hops import Steps, split, take_steps
from service.answering.solving import Solved, Solver
from service.answering.spending import Spending
from service.answering.telling import Tell, Telling, untold
from service.answering.understanding import Understood, understand
from service.answering.work import Search, Wanted, Work
from service.asking.hops import hop_kind
from service.asking.parts import Part, question_parts
from service.chat.base import Chat
from service.checking.judging import Judge, Judged
from service.contract import Answer, AskIn
from service.errors import ChatError

__all__ = ["Answerer", "Style"]

_BESIDE = 0.5  # of the score of the nearest sentence: what is as far from the question as that is beside it
_WIDE = 5  # times the evidence, where other articles are looked through for another value


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _nearest(found: Found) -> float:
    return max((item.score for item in found.evidence), default=0.0)


def _random_mark(_: str) -> str:
    return secrets.token_hex(4)


@dataclass(frozen=True)
class Style:
    """How questions are answered.

    `mark` and `now` are there for runs that must be alike every time, `thorough` for making a calibration.
    """

    evidence_tokens: int = 150
    thorough: bool = False
    mark: Callable[[str], str] = _random_mark
    now: Callable[[], str] = _now


@dataclass
class _Answered:
    """What the parts of a question came to."""

    said: list[Said] = field(default_factory=list)
    left_out: list[Judged] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    undecided: bool = False
    disagreements: list[tuple[str, Disagreement]] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Tell whether every part was answered."""
        return not (self.missing or self.undecided)

    def take(self, part: str, solved: Solved) -> None:
        """Add what became of one part, besides what holds."""
        self.left_out += solved.dropped
        if not solved.kept:
            self.missing.append(part)


class Answerer:
    """Answer questions with a chat model over what `search` finds; `encoder` names what searched."""

    def __init__(
        self,
        chat: Chat,
        search: Search,
        judge: Judge,
        *,
        encoder: str,
        style: Style | None = None,
        spending: Spending | None = None,
    ) -> None:
        self._chat = chat
        self._search = search
        self._judge = judge
        self._encoder = encoder
        self._style = style or Style()
        self._spending = spending or Spending()
        self._solver = Solver(chat, judge, self._style.mark)

    async def ask(self, request: AskIn, tell: Tell = untold) -> Answer:
        """Answer one question; `tell` hears what is done meanwhile, and each statement once it cannot change.

        A model that is down, slow or gives nonsense ends in the outcome `failed`; errors of the index are raised.
        """
        work = Work(request, self._spending, Telling(tell))
        understood = Understood(request.question, tuple(request.search_as or [request.question]), request.filters)
        with work.timed("total"):
            try:
                understood = await understand(work, self._chat, self._style.now)
                understood = await self._retrieve(work, understood)
                work.telling.searched(work.searched, understood.window)
                work.telling.sources(work.found)
                told = await self._decide(work, understood)
            except ChatError as exc:
                work.degrade("chat", str(exc))
                told = Told("failed", exc.reason)
        names = {"chat": self._chat.name, "encoder": self._encoder, "verifier": self._judge.verifier.name}
        body = make_body(work, understood, told, names, request.asked_at or self._style.now())
        work.telling.said(body.answer, body.statements, body.citations)
        work.telling.dropped(body.dropped)
        return body

    async def _retrieve(self, work: Work, understood: Understood) -> Understood:
        """Search; a window in which nothing is found is given up, and said to be.

        So is one that is only implied ("the latest") where all that it holds is beside the question.
        """
        work.found = await self._find(work, understood, understood.queries)
        if understood.window is None or (work.found.evidence and not understood.window.implied):
            return understood
        wider = replace(understood, window=None, filters=work.request.filters)
        found = await self._find(work, wider, wider.queries)
        if _nearest(work.found) >= _BESIDE * _nearest(found) > 0:
            return understood
        what = "that is near the question " if work.found.evidence else ""
        work.notes.append(f"nothing {what}was found {understood.window.describe()}, so that all articles were searched")
        work.found = found
        return wider

    async def _decide(self, work: Work, understood: Understood) -> Told:
        reason = projection.nothing_found(work.found)
        return Told("not_found", reason) if reason else await self._answer(work, understood)

    async def _answer(self, work: Work, understood: Understood) -> Told:
        steps = await self._steps(work, understood)
        if steps:
            return Told("answered", composed=compose_steps(steps, self._judge.verifier.name))
        parts = question_parts(understood.question)
        answered = _Answered()
        for part in parts:
            await self._answer_part(work, understood, answered, part, alone=len(parts) == 1)
        if not answered.said:
            return Told("not_found", "unsupported" if answered.left_out else "no_evidence", left_out=answered.left_out)
        return self._told(work, answered)

    async def _answer_part(
        self, work: Work, understood: Understood, answered: _Answered, part: Part, *, alone: bool
    ) -> None:
        """Answer one part of a question from its own evidence, and look whether other articles say otherwise."""
        given = alone or work.request.search_as
        queries = understood.queries if given else [part.search]
        evidence = work.found.evidence if given else (await self._find(work, understood, queries)).evidence
        asked = part.text if part.search == part.text else f"{understood.question} {part.text}"
        first, shown = len(answered.said), None if alone else part.text
        try:
            hold = self._holder(work, answered, shown)
            answered.take(part.text, await self._solver.solve(work, asked, evidence, hold))
        except ChatError as exc:
            if not answered.said:
                raise
            answered.undecided = True  # what was told stays said, and nobody knows whether this part is missing
            work.degrade("chat", f"{part.text} was not answered: {exc}")
            return
        if len(answered.said) == first + 1:
            found = await self._disagreement(work, understood, asked, queries, answered.said[first].judged)
            if found:
                answered.said[first:] = say(found, shown)
                answered.disagreements.append((part.text, found))
        if not alone:
            self._tell(work, answered)

    def _holder(self, work: Work, answered: _Answered, part: str | None) -> Callable[[Judged], None]:
        """Return what takes a statement that holds; the first of a part is told when other articles were asked too."""
        first = len(answered.said)

        def hold(judged: Judged) -> None:
            answered.said.append(Said(judged, part))
            if len(answered.said) > first + 1:
                self._tell(work, answered)

        return hold

    def _tell(self, work: Work, answered: _Answered) -> None:
        so_far = compose(answered.said, self._judge.verifier.name)
        work.telling.said(so_far.text, so_far.statements, so_far.citations)

    async def _steps(self, work: Work, understood: Understood) -> Steps | None:
        """Go by sub-questions where the question needs several facts, or return None."""
        if work.request.search_as or hop_kind(understood.question) == "single":
            return None
        with work.timed("split"):
            lines = await split(work, self._chat, understood.question)

        async def retrieve(question: str) -> Sequence[Evidence]:
            return (await self._find(work, understood, [question])).evidence

        return await take_steps(work, self._solver, understood.question, lines, retrieve) if lines else None

    def _told(self, work: Work, answered: _Answered) -> Told:
        """Say what holds."""
        composed = compose(answered.said, self._judge.verifier.name)
        conflicts = [
            make_conflict(question, found, answered.said, composed.statements)
            for question, found in answered.disagreements
        ]
        work.notes += [note for _, found in answered.disagreements for note in correction_notes(found)]
        return Told(
            "answered" if answered.whole else "partial",
            composed=composed,
            missing=answered.missing,
            conflicts=conflicts,
            left_out=answered.left_out,
        )

    async def _disagreement(
        self, work: Work, understood: Understood, question: str, queries: Sequence[str], first: Judged
    ) -> Disagreement | None:
        """Look for other values; what fails here costs the comparison, not the answer."""
        if not may_disagree(first):
            return None
        wide = await self._find(work, understood, queries, times=_WIDE)
        try:
            return await find_disagreement(work, self._solver, question, first, wide.evidence)
        except ChatError as exc:
            work.degrade("conflicts", f"other articles were not asked for another value: {exc}")
            return None

    async def _find(self, work: Work, understood: Understood, queries: Sequence[str], times: int = 1) -> Found:
        limit = min(50, work.request.limit * times)
        with work.timed("retrieve"):
            budget = self._style.evidence_tokens * times
            work.searched += [query for query in queries if query not in work.searched]
            return await self._search(Wanted(tuple(queries), understood.filters, limit, budget))
