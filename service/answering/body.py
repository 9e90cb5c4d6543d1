"""The body of an answer, as the contract has it."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from prompts import load_prompt
from service import projection
from service.answering.composing import Composed, dropped
from service.answering.understanding import Understood
from service.answering.work import Work
from service.asking.ages import age_note
from service.checking.judging import Judged
from service.contract import Answer, Conflict, Outcome, Reason, Usage
from service.prompt_names import PROMPTS

__all__ = ["Told", "make_body"]


@dataclass(frozen=True)
class Told:
    """What was decided: the outcome with its reason, and what is said, missing, in conflict and left out."""

    outcome: Outcome
    reason: Reason | None = None
    composed: Composed = field(default_factory=lambda: Composed("", [], []))
    missing: Sequence[str] = ()
    conflicts: Sequence[Conflict] = ()
    left_out: Sequence[Judged] = ()


def make_body(work: Work, understood: Understood, told: Told, names: dict[str, str], asked_at: str) -> Answer:
    """Return the answer. `names` are those of the models, `chat`, `encoder` and `verifier`."""
    as_of = projection.newest(told.composed.citations)
    age = age_note(as_of, asked_at)
    return Answer(
        id=f"ans_{secrets.token_hex(12)}",
        outcome=told.outcome,
        reason=told.reason,
        answer=told.composed.text,
        statements=told.composed.statements,
        steps=told.composed.steps,
        citations=told.composed.citations,
        missing=list(told.missing),
        conflicts=list(told.conflicts),
        dropped=[dropped(judged, names["verifier"]) for judged in (*told.left_out, *work.left_out)],
        nearest=[] if told.outcome == "answered" else projection.nearest(work.found.evidence),
        searched=list(work.searched or understood.queries),
        window=projection.window_out(understood.window),
        as_of=as_of,
        notes=[*work.notes, *([age] if age else [])],
        stripped=work.stripped,
        degraded=work.degraded,
        model=names,
        prompts={name: load_prompt(name).fingerprint for name in PROMPTS},
        usage=_usage(work),
        timings_ms=work.timings_ms,
    )


def _usage(work: Work) -> Usage:
    return Usage(
        calls=len(work.calls),
        prompt_tokens=sum(call.prompt_tokens for call in work.calls),
        completion_tokens=sum(call.completion_tokens for call in work.calls),
        answer_limit=work.spending.answer_limit,
        today=work.spending.today,
        day_limit=work.spending.day_limit,
    )
