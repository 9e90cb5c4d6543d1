"""Rewriting: how near a follow-up, put anew by the service, comes to what a person made of it."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from statistics import fmean, median

from eval.bench.metrics import Figure, Section, rate
from eval.measure.asking import ASKED_AT
from eval.measure.cases import Case, MeasureSet
from eval.metrics.token_f1 import token_f1
from eval.recording import Recorder
from service.answering.spending import Spending
from service.answering.understanding import understand
from service.answering.work import Work
from service.contract import AskIn, Turn

__all__ = ["Rewritten", "rewrite_all", "score_rewritten"]


@dataclass(frozen=True)
class Rewritten:
    """A question, what it was understood as, and how long that took."""

    case: Case
    question: str
    asked: bool
    seconds: float


async def rewrite_all(measured: MeasureSet, recorder: Recorder) -> AsyncIterator[Rewritten]:
    """Yield each question as the service understands it in its conversation."""
    for case in measured.cases:
        before = len(recorder.spent)
        history = [Turn.model_validate({"role": role, "content": text[:20_000]}) for role, text in case.history]
        work = Work(AskIn(question=case.question, history=history[-100:]), Spending())
        understood = await understand(work, recorder, lambda: ASKED_AT)
        seconds = [taken for _, taken in recorder.spent[before:]]
        yield Rewritten(case, understood.question, bool(seconds), sum(seconds))


def score_rewritten(rewritten: Sequence[Rewritten]) -> Section:
    """Return the token F1 with the gold rewrite, beside that of leaving every question as it is."""
    n = len(rewritten)
    asked = [item for item in rewritten if item.asked]
    changed = [item for item in rewritten if item.question != item.case.question]
    same = [item for item in rewritten if item.case.golds[0] == item.case.question]
    return {
        "token F1": Figure(fmean(token_f1(item.question, item.case.golds) for item in rewritten), n, "mean"),
        "token F1, left as it is": Figure(
            fmean(token_f1(item.case.question, item.case.golds) for item in rewritten), n, "mean"
        ),
        "the model was asked": rate(item.asked for item in rewritten),
        "changed": rate(item in changed for item in rewritten),
        "left as it is where a person did": rate(item not in changed for item in same),
        "seconds of a rewrite, median": Figure(
            median(item.seconds for item in asked) if asked else 0.0, len(asked), "s"
        ),
    }
