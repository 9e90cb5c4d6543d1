"""Composing: statements that hold, as the answer's text with its markers, its statements and its citations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from index.search import Evidence
from service import projection
from service.answering.hops import Step as TakenStep
from service.answering.hops import Steps
from service.checking.attribution import Attributed
from service.checking.judging import Judged
from service.contract import Citation, Dropped, Gates, Statement, Step

__all__ = ["Composed", "Said", "compose", "compose_steps", "dropped", "gates"]


@dataclass(frozen=True)
class Said:
    """A statement to be said: the part of the question it answers and `lead` stand before it and are no part of it."""

    judged: Judged
    question: str | None = None
    lead: str = ""
    tail: str = ""


@dataclass(frozen=True)
class Composed:
    """The text of an answer and what it consists of."""

    text: str
    statements: list[Statement]
    citations: list[Citation]
    steps: list[Step] = field(default_factory=list)


def compose(said: Sequence[Said], verifier: str) -> Composed:
    """Return the answer: statements one after the other, each followed by the markers of the sentences it rests on."""
    numbers: dict[tuple[str, int], int] = {}
    citations: list[Citation] = []
    statements: list[Statement] = []
    text, part = "", None
    for item in said:
        cited = item.judged.claim.evidence if item.judged.claim else ()
        markers = [_marker(evidence, numbers, citations) for evidence in cited]
        question = f"{item.question} " if item.question and item.question != part else ""
        text, part = text + (" " if text else "") + question + item.lead, item.question
        start = len(text)
        text += item.judged.draft.text + item.tail
        statements.append(_statement(item, start, [f"c{marker}" for marker in markers], verifier))
        text += "".join(f"[{marker}]" for marker in markers)
    return Composed(text, statements, citations)


def compose_steps(steps: Steps, verifier: str) -> Composed:
    """Return the answer that follows from steps: one statement, which rests on the sentences of all of them."""
    final = steps.final.claim.evidence if steps.final.claim else ()
    others = [item for step in steps.steps for item in (step.judged.claim.evidence if step.judged.claim else ())]
    distinct = {(item.article.id, item.start): item for item in (*final, *others)}
    whole = replace(steps.final, claim=Attributed(steps.final.draft.text, tuple(distinct.values())))
    composed = compose([Said(whole)], verifier)
    ids = {(citation.article_id, citation.start): citation.id for citation in composed.citations}
    return replace(composed, steps=[_step(step, ids, verifier) for step in steps.steps])


def _step(step: TakenStep, ids: Mapping[tuple[str, int], str], verifier: str) -> Step:
    cited = step.judged.claim.evidence if step.judged.claim else ()
    return Step(
        question=step.question,
        text=step.judged.draft.text,
        citation_ids=[ids[item.article.id, item.start] for item in cited],
        verdict=step.judged.verdict,
        score=_rounded(step.judged.score),
        gates=gates(step.judged, verifier),
    )


def _marker(item: Evidence, numbers: dict[tuple[str, int], int], citations: list[Citation]) -> int:
    """Return the number of a cited sentence; one that is cited twice keeps its number."""
    key = (item.article.id, item.start)
    if key not in numbers:
        numbers[key] = marker = len(numbers) + 1
        citations.append(Citation(**projection.quote(item).model_dump(), id=f"c{marker}", marker=marker))
    return numbers[key]


def _statement(item: Said, start: int, citation_ids: list[str], verifier: str) -> Statement:
    text = item.judged.draft.text
    return Statement(
        text=text,
        start=start,
        end=start + len(text),
        citation_ids=citation_ids,
        verdict=item.judged.verdict,
        score=_rounded(item.judged.score),
        gates=gates(item.judged, verifier),
        question=item.question,
    )


def gates(judged: Judged, verifier: str) -> Gates:
    """Return what the gates found, as a body."""
    support = judged.support
    return Gates(
        wording="passed" if judged.wording.passed and judged.claim else "failed",
        missing=judged.wording.missing,
        support="skipped" if support is None else "passed" if judged.holds else "failed",
        probability=None if support is None else round(support.probability, 4),
        verifier=verifier,
        features={name: round(value, 4) for name, value in judged.features.items()},
    )


def dropped(judged: Judged, verifier: str) -> Dropped:
    """Return a statement that was left out, and why."""
    return Dropped(
        text=judged.draft.text,
        reason=judged.reason,
        verdict=judged.verdict,
        nearest=projection.quote(judged.claim.evidence[0]) if judged.claim else None,
        score=_rounded(judged.score),
        gates=None if judged.verdict == "unchecked" else gates(judged, verifier),
    )


def _rounded(score: float | None) -> float | None:
    return None if score is None else round(score, 4)
