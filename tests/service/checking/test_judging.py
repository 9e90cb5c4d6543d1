import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from index import Evidence
from service.chat.base import Call, Draft, Reading, Support
from service.checking.attribution import Attributed
from service.checking.calibration import Calibration
from service.checking.checks import Checks
from service.checking.features import FEATURES, MOST
from service.checking.gate import Wording
from service.checking.judging import Judge, Judged
from service.checking.support import Claim
from service.errors import ChatInvalidError, TokenLimitError

Make = Callable[..., tuple[Evidence, ...]]
QUESTION = "Who led the Chinese side?"
CALIBRATION = Calibration(verifier="listed", encoder="e", weights={"support": 1.0}, intercept=0.0, made={})
UNMOST = tuple(name for name in FEATURES if name not in MOST)
ZHANG = Draft(("1",), "Zhang")


class Listed:
    """A verifier that gives listed probabilities in turn, then 0, and keeps what it was asked; it never reads anew."""

    name = "listed"
    reads = True

    def __init__(self, *probabilities: float) -> None:
        self._left = list(probabilities)
        self.heard: list[Claim] = []

    async def support(self, claim: Claim) -> Support:
        """Give the next one."""
        self.heard.append(claim)
        return Support(self._left.pop(0) if self._left else 0.0, Call(10, 1))

    async def reread(self, claim: Claim) -> Reading:
        """Fail: nothing here weighs what is read anew."""
        raise AssertionError(claim)

    async def close(self) -> None:
        """Do nothing."""

    @property
    def sentences(self) -> list[list[str]]:
        """Return the sentences that it was asked of, a claim a list."""
        return [list(claim.sentences) for claim in self.heard]


def judge(
    verifier: Listed,
    draft: Draft,
    shown: Sequence[Evidence],
    question: str = QUESTION,
    *,
    calibration: Calibration | None = None,
    threshold: float = 0.75,
    before: Callable[[], None] = lambda: None,
    after: Callable[[Support | Reading], None] = lambda _: None,
) -> Judged:
    """Judge a statement."""
    judging = Judge(verifier, calibration, threshold=threshold)
    return asyncio.run(judging.judge(draft, question, shown, Checks(verifier, before=before, after=after)))


def numbers(judged: Judged) -> list[int]:
    """Return the numbers of the evidence that a statement rests on."""
    return [item.number for item in judged.claim.evidence] if judged.claim else []


def test_a_statement_that_passes_both_gates_holds(evidence: Make) -> None:
    """The verifier is asked of the sentence, the words and the question, and what it gave is kept."""
    shown = evidence("It rained.", "General Zhang led\n the Chinese side.")
    verifier = Listed(0.9)
    found = judge(verifier, Draft(("2",), "General Zhang"), shown)
    assert verifier.heard == [Claim("General Zhang", ("General Zhang led the Chinese side.",), QUESTION, "untitled")]
    assert (found.verdict, found.holds, numbers(found)) == ("supported", True, [2])
    assert (found.wording, found.support) == (Wording(), Support(0.9, Call(10, 1)))
    assert (found.score, tuple(found.features)) == (None, UNMOST)


@pytest.mark.parametrize(
    ("probability", "threshold", "holds"),
    [(0.75, 0.75, True), (0.7499, 0.75, False), (1, 1, True), (0, 0, True), (0, 0.01, False), (0.2, 0.2, True)],
)
def test_without_a_calibration_the_raw_probability_decides(
    evidence: Make, probability: float, threshold: float, *, holds: bool
) -> None:
    """At the threshold or above it a statement is supported; it has no score."""
    found = judge(Listed(probability), Draft(("1",), "Zhang"), evidence("Zhang led."), threshold=threshold)
    assert (found.holds, found.score, found.strength) == (holds, None, probability)
    assert found.verdict == ("supported" if holds else "unsupported")


def test_with_a_calibration_the_score_decides(evidence: Make) -> None:
    """The raw probability is kept beside it, but compared with nothing."""
    shown, draft = evidence("Zhang led."), Draft(("1",), "Zhang")
    doubting, trusting = (CALIBRATION.model_copy(update={"intercept": intercept}) for intercept in (-3.0, 3.0))
    found = judge(Listed(0.9), draft, shown, calibration=doubting)
    assert found.score == doubting.probability(found.features) == found.strength
    assert found.score < 0.75
    assert (found.holds, found.support) == (False, Support(0.9, Call(10, 1)))
    other = judge(Listed(0.3), draft, shown, calibration=trusting)
    assert (other.verdict, other.support, other.strength) == ("supported", Support(0.3, Call(10, 1)), other.score)


def test_a_score_below_even_odds_is_weak(evidence: Make) -> None:
    """A lax threshold lets a statement through that is more likely wrong than right, and marks it."""
    shown, draft = evidence("Zhang led."), Draft(("1",), "Zhang")
    verdicts = [
        judge(Listed(probability), draft, shown, calibration=CALIBRATION, threshold=0.2).verdict
        for probability in (0.1, 0.3, 0.6)
    ]
    assert verdicts == ["unsupported", "weak", "supported"]


@pytest.mark.parametrize(
    "text", ["General Li", "Zhang on 12 June", "the moon is made of cheese", "see https://e.example"]
)
def test_the_verifier_is_not_asked_of_other_wordings(evidence: Make, text: str) -> None:
    """What is not in the sentence costs nothing, and is said."""
    verifier = Listed(1.0)
    found = judge(verifier, Draft(("1",), text), evidence("General Zhang led the Chinese side."))
    assert (verifier.heard, found.support, found.score, found.strength) == ([], None, None, -1)
    assert (found.verdict, found.wording.passed, found.reason) == ("unsupported", False, found.wording.words())


def test_a_statement_that_rests_on_nothing(evidence: Make) -> None:
    """Without a sentence there is nothing to ask of, and it is said."""
    verifier = Listed(1.0)
    for shown in ((), evidence("It rained.")):
        found = judge(verifier, Draft(("40",), "Emperor Norton"), shown)
        assert found == Judged(Draft(("40",), "Emperor Norton"))
        assert found.reason == "it names no sentence that was shown"
    assert verifier.heard == []


def test_a_number_one_line_off_costs_nothing(evidence: Make) -> None:
    """The sentence with the words is asked of, and the one that was named is not."""
    verifier = Listed(0.9)
    shown = evidence("It rained.", "General Zhang led the Chinese side.", "They left.")
    assert numbers(judge(verifier, Draft(("3",), "General Zhang"), shown)) == [2]
    assert len(verifier.heard) == 1


def test_another_sentence_is_tried(evidence: Make) -> None:
    """Where the first one does not state it, the next that holds its words is asked of."""
    verifier = Listed(0.1, 0.9)
    shown = evidence("Zhang spoke.", "Zhang led.", "It rained.", scores=(0.9, 0.5, 0.1))
    found = judge(verifier, Draft((), "Zhang"), shown)
    assert verifier.sentences == [["Zhang spoke."], ["Zhang led."]]
    assert (found.holds, numbers(found)) == (True, [2])


def test_the_verifier_has_two_tries(evidence: Make) -> None:
    """However many sentences hold the words, two are asked of, and the better of them is kept."""
    for first, second, best in ((0.2, 0.1, 1), (0.1, 0.2, 2), (0.1, 0.1, 1)):
        verifier = Listed(first, second, 1.0, 1.0)
        shown = evidence("Zhang spoke.", "Zhang slept.", "Zhang led.", "Zhang ate.")
        found = judge(verifier, Draft((), "Zhang"), shown)
        assert verifier.sentences == [["Zhang spoke."], ["Zhang slept."]]
        assert (found.holds, numbers(found), found.strength) == (False, [best], max(first, second))
        assert found.reason == "the sentence does not state it"


def test_other_wordings_use_up_no_try(evidence: Make) -> None:
    """Only questions to the verifier count."""
    verifier = Listed(0.1, 0.9)
    shown = evidence("They led 7.", "Seven led.", "7 led.", "It rained.", scores=(0.9, 0.8, 0.7, 0.1))
    found = judge(verifier, Draft(("4",), "7"), shown, "How many led?")
    assert verifier.sentences == [["They led 7."], ["7 led."]]
    assert numbers(found) == [3]


def test_the_nearest_is_kept(evidence: Make) -> None:
    """A sentence that the verifier denied is nearer than one of other words."""
    shown = evidence("Zhang led.", "It rained on Sunday.")
    found = judge(Listed(0.1), Draft(("2",), "Zhang"), shown)
    assert (numbers(found), found.support) == ([1], Support(0.1, Call(10, 1)))
    other = judge(Listed(0.1), Draft(("2",), "Norton of Peru on Sunday"), shown)
    assert (numbers(other), other.support) == ([2], None)


def test_a_name_in_the_sentence_before_has_it_cited_too(evidence: Make) -> None:
    """The verifier reads both in reading order; the sentence itself is cited first."""
    verifier = Listed(0.9)
    shown = evidence("General Zhang came.", "He led the Chinese side on Sunday.")
    found = judge(verifier, Draft(("2",), "General Zhang led on Sunday"), shown)
    assert verifier.sentences == [["General Zhang came.", "He led the Chinese side on Sunday."]]
    assert (found.holds, numbers(found)) == (True, [2, 1])


def test_words_in_the_sentence_before_have_it_cited_too(evidence: Make) -> None:
    """What is not named may stand there as well."""
    shown = evidence("An old wooden bridge stood there.", "It collapsed.")
    assert numbers(judge(Listed(0.9), Draft(("2",), "an old wooden bridge collapsed"), shown)) == [2, 1]


def test_the_sentence_before_is_cited_only_where_it_is_needed(evidence: Make) -> None:
    """A sentence that says all of it stands alone."""
    shown = evidence("General Zhang came.", "General Zhang led the Chinese side.")
    assert numbers(judge(Listed(0.9), Draft(("2",), "General Zhang led"), shown)) == [2]


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("General Zhang led on Sunday", "General Li came."),
        ("General Zhang led 7 on Sunday", "General Zhang came with 7."),
        ("General Zhang led on Sunday 12 June", "General Zhang came on 12 June."),
        ("General Zhang led https://e.example Sunday", "General Zhang came, https://e.example says."),
    ],
)
def test_the_sentence_before_lends_names_alone(evidence: Make, text: str, before: str) -> None:
    """Where it lacks the name, or where a value is missing too, nothing is asked."""
    verifier = Listed(1.0)
    found = judge(verifier, Draft(("2",), text), evidence(before, "He led the Chinese side on Sunday."))
    assert verifier.heard == []
    assert not found.holds


def test_the_sentence_before_is_one_of_the_evidence(evidence: Make) -> None:
    """A neighbour that was not chosen, or stands in another article, lends nothing."""
    verifier = Listed(1.0)
    draft = Draft(("2",), "General Zhang led on Sunday")
    whole = evidence("General Zhang came.", "He led the Chinese side on Sunday.")
    other = evidence("General Zhang came.", "It rained.", id="b")
    assert not judge(verifier, draft, whole[1:]).holds
    assert not judge(verifier, draft, [other[0], whole[1]]).holds
    assert verifier.heard == []


def test_sentences_that_were_named_together_are_asked_of_together(evidence: Make) -> None:
    """A statement over two sentences rests on both."""
    verifier = Listed(0.9)
    shown = evidence("General Zhang came.", "It rained.", "The army chief left on 12 June.")
    found = judge(verifier, Draft(("3", "1"), "Zhang left on 12 June"), shown)
    assert verifier.sentences == [["General Zhang came.", "The army chief left on 12 June."]]
    assert numbers(found) == [1, 3]


def test_articles_in_another_language_are_compared_by_values_and_names(evidence: Make) -> None:
    """The language is that of the question, where it can be told."""
    shown = evidence("Las tropas chinas fueron dirigidas por Zhang con 1.200 soldados.", language="es")
    asked = "Who was the commander of the Chinese soldiers at the border?"
    assert judge(Listed(0.9), Draft(("1",), "they stood under Zhang, 1200 men"), shown, asked).holds
    verifier = Listed(1.0)
    assert not judge(verifier, Draft(("1",), "they stood under Norton, 1300 men"), shown, asked).holds
    assert not judge(verifier, Draft(("1",), "they stood under Zhang, 1200 men"), shown, "Zhang?").holds
    assert verifier.heard == []


def test_calls_are_told_before_and_after(evidence: Make) -> None:
    """Each call of the verifier is announced, and what it gave is passed on."""
    told: list[object] = []
    shown = evidence("Zhang spoke.", "Zhang led.")
    judge(Listed(0.1, 0.9), Draft((), "Zhang"), shown, before=lambda: told.append("before"), after=told.append)
    assert told == ["before", Support(0.1, Call(10, 1)), "before", Support(0.9, Call(10, 1))]


def test_a_limit_stops_the_next_call(evidence: Make) -> None:
    """What `before` raises passes on, and the verifier is not asked."""
    verifier = Listed(1.0)

    def stop() -> None:
        raise TokenLimitError("enough")

    with pytest.raises(TokenLimitError, match="enough"):
        judge(verifier, ZHANG, evidence("Zhang led."), before=stop)
    assert verifier.heard == []


def test_a_verifier_that_fails_decides_nothing(evidence: Make) -> None:
    """Its error passes on; a statement that was not checked is not said."""

    class Broken(Listed):
        async def support(self, claim: Claim) -> Support:
            raise ChatInvalidError(claim.text)

    with pytest.raises(ChatInvalidError, match="Zhang"):
        judge(Broken(), Draft((), "Zhang"), evidence("Zhang led."))


@pytest.mark.parametrize(
    ("verdict", "holds"), [("supported", True), ("weak", True), ("unsupported", False), ("unchecked", False)]
)
def test_only_what_was_supported_may_be_said(verdict: str, *, holds: bool) -> None:
    """A verdict decides whether a statement holds, and nothing else does."""
    judged = replace(Judged(Draft((), "x")), verdict=verdict)  # type: ignore[arg-type]
    assert judged.holds is holds


def test_every_reason_is_said(evidence: Make) -> None:
    """Why a statement may not be said is a sentence for the reader."""
    claim = Attributed("x", evidence("y"))
    judged = Judged(Draft((), "x"), claim)
    assert judged.reason == "the sentence does not state it"
    assert replace(judged, wording=Wording(("7",))).reason == "not in the cited sentence: 7"
    assert replace(judged, claim=None).reason == "it names no sentence that was shown"
    assert replace(judged, verdict="unchecked").reason == "one value was asked for, and another statement gives it"
