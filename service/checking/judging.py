"""Judging: both gates on one statement, and another sentence of the evidence where the first does not hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from index.language import UNDETERMINED, detect_language
from index.search import Evidence
from service.chat.base import READING_TOKENS, Draft, Support
from service.checking.attribution import Attributed, attributions, sentence_before
from service.checking.calibration import Calibration
from service.checking.checks import Checks
from service.checking.features import features_of
from service.checking.gate import Wording, check_wording
from service.checking.rereading import is_refusal
from service.checking.support import Claim, Verifier
from service.contract import Verdict

__all__ = ["Judge", "Judged"]

_EVEN = 0.5  # a statement that is kept below even odds, by a lax threshold, is marked as weak
_TRIES = 2  # sentences that the verifier is asked of, for one statement


@dataclass(frozen=True)
class Judged:
    """A statement with the sentences it may rest on, and what the gates found; `support` is None where not asked.

    `own_words` tells that it repeats a prompt. `score` is the calibrated probability of support, None without a
    calibration for the verifier.
    """

    draft: Draft
    claim: Attributed | None = None
    wording: Wording = field(default_factory=Wording)
    support: Support | None = None
    features: Mapping[str, float] = field(default_factory=dict)
    score: float | None = None
    verdict: Verdict = "unsupported"
    own_words: bool = False

    @property
    def holds(self) -> bool:
        """Tell whether the statement may be said."""
        return self.verdict in ("supported", "weak")

    @property
    def reason(self) -> str:
        """Say why it may not."""
        if self.verdict == "unchecked":
            return "one value was asked for, and another statement gives it"
        if self.own_words:
            return "it repeats what the service tells the model"
        if self.claim is None:
            return "it names no sentence that was shown"
        return self.wording.words() or "the sentence does not state it"

    @property
    def strength(self) -> float:
        """Return what is compared with the threshold; -1 where the verifier was not asked."""
        if self.score is not None:
            return self.score
        return self.support.probability if self.support else -1.0


class Judge:
    """Put statements through both gates; a thorough one asks the verifier all it can, for making a calibration."""

    def __init__(
        self, verifier: Verifier, calibration: Calibration | None, *, threshold: float, thorough: bool = False
    ) -> None:
        self.verifier = verifier
        self._calibration = calibration
        self._threshold = threshold
        self._thorough = thorough

    @property
    def reads(self) -> bool:
        """Tell whether answers may be read out of single sentences: a calibration knows what readings are worth."""
        return self.verifier.reads and self._calibration is not None and self._calibration.reads

    async def judge(self, draft: Draft, question: str, evidence: Sequence[Evidence], checks: Checks) -> Judged:
        """Return the first attribution of `draft` that passes both gates, else the one that came nearest.

        Raises errors of the verifier.
        """
        best = Judged(draft)
        asked: list[tuple[Evidence, ...]] = []
        for claim in attributions(draft, question, evidence):
            found = self._gate(draft, claim, question, evidence)
            if found.wording.passed and found.claim and len(asked) < _TRIES and found.claim.evidence not in asked:
                asked.append(found.claim.evidence)
                found = await self._verify(found, found.claim, question, checks)
            if found.holds:
                return found
            best = max(best, found, key=_nearness)
        return best

    async def read(self, question: str, item: Evidence, checks: Checks) -> Draft | None:
        """Return what is read out of one sentence as the answer; None where that is nothing, or could not hold.

        Raises errors of the verifier.
        """
        cited = Attributed("", (item,))
        claim = Claim("", cited.sentences, question, cited.heading)
        support = await checks.support(claim)
        if not self._decide(Judged(Draft((), "")), support, features_of(support, None, cited, question)).holds:
            return None
        reading = await checks.reread(claim)
        if is_refusal(reading) or reading.call.completion_tokens >= READING_TOKENS:
            return None
        return Draft((str(item.number),), reading.text)

    def _gate(self, draft: Draft, claim: Attributed, question: str, evidence: Sequence[Evidence]) -> Judged:
        """Compare wordings; names that stand in the sentence before have it cited too."""
        language = _language(question)
        alone = check_wording(claim, question, language)
        neighbour = sentence_before(claim.evidence[0], evidence) if alone.names or alone.unsaid else None
        if neighbour is not None:
            both = check_wording(claim, question, language, [neighbour.text])
            if both.passed:
                wider = replace(claim, evidence=(*claim.evidence, neighbour))
                return Judged(draft, wider, both)
        return Judged(draft, claim, alone)

    async def _verify(
        self,
        found: Judged,
        cited: Attributed,
        question: str,
        checks: Checks,
    ) -> Judged:
        """Ask the verifier once, and a second time where that could still let the statement pass."""
        claim = Claim(found.draft.text, cited.sentences, question, cited.heading)
        support = await checks.support(claim)
        decided = self._decide(found, support, features_of(support, None, cited, question))
        wanted = self.verifier.reads if self._thorough else self.reads and decided.holds
        if not wanted:
            return decided
        reading = await checks.reread(claim)
        return self._decide(found, support, features_of(support, reading, cited, question))

    def _decide(self, found: Judged, support: Support, features: Mapping[str, float]) -> Judged:
        score = self._calibration.probability(features) if self._calibration else None
        decided = replace(found, support=support, features=features, score=score)
        if not decided.strength >= self._threshold:  # NaN too
            return decided
        return replace(decided, verdict="weak" if score is not None and score < _EVEN else "supported")


def _language(question: str) -> str | None:
    language = detect_language(question)
    return None if language == UNDETERMINED else language


def _nearness(judged: Judged) -> tuple[bool, bool, float]:
    return judged.claim is not None, judged.wording.passed, judged.strength
