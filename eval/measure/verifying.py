"""Verdicts on claims: how the verifier's support tells what a page supports from what it does not (WiCE)."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from eval.bench.metrics import Figure, Section
from eval.measure.asking import desk_over
from eval.measure.cases import Case, MeasureSet
from eval.metrics.auc import auc, auc_interval
from eval.recording import Recorder
from service.checking.attribution import Attributed
from service.checking.calibration import find_calibration
from service.checking.features import features_of
from service.checking.gate import check_wording
from service.checking.support import Claim
from service.settings import Settings
from service.verifiers import make_verifier

__all__ = ["Verified", "score_verified", "verify_all"]

_SENTENCES = 4
_SEED = 2022


@dataclass(frozen=True)
class Verified:
    """A claim with what the gates say of the best sentences of its page."""

    case: Case
    probability: float
    score: float | None
    worded: bool


async def verify_all(settings: Settings, measured: MeasureSet, recorder: Recorder) -> AsyncIterator[Verified]:
    """Yield each claim, checked against the four sentences that retrieval ranks first."""
    verifier = make_verifier(settings, recorder)
    calibration = find_calibration(verifier.name, settings)
    for case in measured.cases:
        with desk_over(settings, case.documents or (), recorder) as (_, library):
            found = library.search([case.question], limit=8, budget_tokens=2_000)
        best = sorted(found.evidence, key=lambda item: -item.score)[:_SENTENCES]
        claim = Attributed(case.question, tuple(sorted(best, key=lambda item: item.start)))
        support = await verifier.support(Claim(case.question, claim.sentences))
        score = calibration.probability(features_of(support, None, claim, "")) if calibration else None
        yield Verified(case, support.probability, score, check_wording(claim, "", None).passed)


def score_verified(verified: Sequence[Verified]) -> Section:
    """Return the areas under the curve, of the raw probability and of the calibrated score, by kind of claim."""
    return {
        "supported against not, raw": _area(verified, "not_supported", calibrated=False),
        "supported against not": _area(verified, "not_supported", calibrated=True),
        "supported against not, with the gate of words": _area(verified, "not_supported", calibrated=True, gated=True),
        "supported against partially": _area(verified, "partially_supported", calibrated=True),
    }


def _area(verified: Sequence[Verified], other: str, *, calibrated: bool, gated: bool = False) -> Figure:
    def score(item: Verified) -> float:
        value = item.score if calibrated and item.score is not None else item.probability
        return value - 1 if gated and not item.worded else value

    yes = [score(item) for item in verified if item.case.extra["label"] == "supported"]
    no = [score(item) for item in verified if item.case.extra["label"] == other]
    return Figure(auc(yes, no) or 0.0, len(yes) + len(no), "AUC", auc_interval(yes, no, seed=_SEED))
