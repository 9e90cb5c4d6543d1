"""Answering: retrieve, ask over numbered sentences, attribute, check, and only then say it."""

import secrets
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby

from index import Found
from index.search import Evidence
from prompts import Messages, load_prompt
from service import projection
from service.attribution import Attributed, attribute
from service.chat.base import Call, Chat, Draft
from service.contract import Answer, AskIn, Degraded, Dropped, Outcome, Reason, Usage
from service.errors import ChatError
from service.verification import SUPPORT_PROMPT, Check, check_support

__all__ = ["Answerer"]

ANSWER_PROMPT = "answer.v1"
Search = Callable[[AskIn], Awaitable[Found]]


@dataclass
class _Work:
    """What is gathered while one question is answered."""

    request: AskIn
    found: Found = field(default_factory=lambda: Found((), (), (), 0, 0))
    calls: list[Call] = field(default_factory=list)
    degraded: list[Degraded] = field(default_factory=list)
    timings_ms: dict[str, int] = field(default_factory=dict)

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        began = time.perf_counter()
        try:
            yield
        finally:
            self.timings_ms[stage] = round((time.perf_counter() - began) * 1000)

    def note(self, part: str, reason: str | None) -> None:
        if reason:
            self.degraded.append(Degraded(part=part, reason=reason))


class Answerer:
    """Answer questions with a chat model over what `search` finds; `encoder` names what searched."""

    def __init__(self, chat: Chat, search: Search, *, threshold: float, encoder: str) -> None:
        self._chat = chat
        self._search = search
        self._threshold = threshold
        self._encoder = encoder

    async def ask(self, request: AskIn) -> Answer:
        """Answer one question.

        A model that is down, slow or gives nonsense ends in the outcome `failed`; errors of the index are raised.
        """
        work = _Work(request)
        if request.history:
            work.note("history", "follow-ups are not rewritten; the question was searched as it stands")
        if request.asked_at:
            work.note("asked_at", "the moment of asking is not used; words such as 'last month' were not resolved")
        with work.timed("total"):
            with work.timed("retrieve"):
                work.found = await self._search(request)
            answer = await self._decide(work)
        return answer.model_copy(update={"timings_ms": work.timings_ms})

    async def _decide(self, work: _Work) -> Answer:
        reason = projection.nothing_found(work.found)
        if reason:
            return self._body(work, "not_found", reason)
        try:
            with work.timed("answer"):
                draft = await self._draft(work)
            if draft is None:
                return self._body(work, "not_found", "no_evidence")
            attributed = attribute(draft, work.request.question, work.found.evidence)
            if attributed is None:
                return self._unsupported(work, draft, "it names no sentence that was shown")
            with work.timed("check"):
                check = await self._check(work, attributed)
        except ChatError as exc:
            work.note("chat", str(exc))
            return self._body(work, "failed", exc.reason)
        if not check.supported:
            return self._unsupported(work, draft, "the sentence does not state it", attributed.evidence[0])
        return self._supported(work, attributed)

    async def _draft(self, work: _Work) -> Draft | None:
        messages = _answer_messages(work.request.question, work.found.evidence)
        reply = await self._chat.answer(messages)
        work.calls.append(reply.call)
        work.note("structured_output", reply.degraded)
        return reply.draft

    async def _check(self, work: _Work, attributed: Attributed) -> Check:
        check = await check_support(self._chat, work.request.question, attributed, threshold=self._threshold)
        work.calls.append(check.call)
        work.note("verifier", check.degraded)
        return check

    def _supported(self, work: _Work, attributed: Attributed) -> Answer:
        text, statements, citations = projection.cite(attributed)
        body = self._body(work, "answered", None)
        return body.model_copy(
            update={
                "answer": text,
                "statements": statements,
                "citations": citations,
                "nearest": [],
                "as_of": projection.newest(citations),
            }
        )

    def _unsupported(self, work: _Work, draft: Draft, reason: str, nearest: Evidence | None = None) -> Answer:
        dropped = Dropped(
            text=draft.text,
            reason=reason,
            verdict="unsupported",
            nearest=projection.quote(nearest) if nearest else None,
        )
        return self._body(work, "not_found", "unsupported").model_copy(update={"dropped": [dropped]})

    def _body(self, work: _Work, outcome: Outcome, reason: Reason | None) -> Answer:
        return Answer.model_validate(
            {
                "id": f"ans_{secrets.token_hex(12)}",
                "outcome": outcome,
                "reason": reason,
                "answer": "",
                "statements": [],
                "citations": [],
                "dropped": [],
                "nearest": projection.nearest(work.found.evidence),
                "searched": list(work.found.searched),
                "as_of": None,
                "degraded": work.degraded,
                "model": {"chat": self._chat.name, "encoder": self._encoder},
                "prompts": {name: load_prompt(name).fingerprint for name in (ANSWER_PROMPT, SUPPORT_PROMPT)},
                "usage": Usage(
                    calls=len(work.calls),
                    prompt_tokens=sum(call.prompt_tokens for call in work.calls),
                    completion_tokens=sum(call.completion_tokens for call in work.calls),
                ),
                "timings_ms": {},
            }
        )


def _answer_messages(question: str, evidence: Sequence[Evidence]) -> Messages:
    """Render the prompt; a sentence is one line, so that none can pretend to be several."""
    articles = []
    for _, items in groupby(evidence, key=lambda item: item.article.id):
        group = list(items)
        sentences = [{"number": item.number, "text": " ".join(item.text.split())} for item in group]
        articles.append({"heading": projection.heading(group[0].article), "sentences": sentences})
    return load_prompt(ANSWER_PROMPT).render(articles=articles, question=" ".join(question.split()))
