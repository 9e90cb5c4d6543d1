"""The second question to the verifier: where it is asked, and what it decides."""

import asyncio
from collections.abc import Callable, Sequence

import pytest

from index import Evidence
from service.chat.base import Call, Draft, Support
from service.checking.calibration import Calibration
from service.checking.features import FEATURES, MOST_LOG_ODDS
from service.checking.judging import Judge, Judged
from service.checking.support import Claim
from service.errors import ChatInvalidError, TokenLimitError

Make = Callable[..., tuple[Evidence, ...]]
QUESTION = "Who led the Chinese side?"
CALIBRATION = Calibration(verifier="listed", encoder="e", weights={"support": 1.0}, intercept=0.0, made={})
BOTH = CALIBRATION.model_copy(update={"weights": {"support": 1.0, "agreement": 0.5}})
UNREAD = tuple(name for name in FEATURES if name != "agreement")
ZHANG = Draft(("1",), "Zhang")


class Listed:
    """A verifier that gives listed probabilities in turn, then 0, and keeps what it was asked.

    So it does with agreements, of which it may read none.
    """

    name = "listed"

    def __init__(self, *probabilities: float, agreements: Sequence[float | None] = ()) -> None:
        self._left = list(probabilities)
        self._agreements = list(agreements)
        self.heard: list[Claim] = []
        self.reread: list[Claim] = []

    async def support(self, claim: Claim) -> Support:
        """Give the next one."""
        self.heard.append(claim)
        return Support(self._left.pop(0) if self._left else 0.0, Call(10, 1))

    async def agreement(self, claim: Claim) -> Support | None:
        """Give the next one."""
        self.reread.append(claim)
        found = self._agreements.pop(0) if self._agreements else 0.0
        return None if found is None else Support(found, Call(20, 1))

    async def close(self) -> None:
        """Do nothing."""


def judge(
    verifier: Listed,
    draft: Draft,
    shown: Sequence[Evidence],
    *,
    calibration: Calibration | None = None,
    threshold: float = 0.75,
    thorough: bool = False,
    before: Callable[[], None] = lambda: None,
    after: Callable[[Support], None] = lambda _: None,
) -> Judged:
    """Judge a statement."""
    judging = Judge(verifier, calibration, threshold=threshold, thorough=thorough)
    return asyncio.run(judging.judge(draft, QUESTION, shown, before=before, after=after))


def numbers(judged: Judged) -> list[int]:
    """Return the numbers of the evidence that a statement rests on."""
    return [item.number for item in judged.claim.evidence] if judged.claim else []


def test_the_second_question_is_not_asked_where_the_first_decides(evidence: Make) -> None:
    """Where no agreement could lift the score to the threshold, that most is the score, and nothing more is spent."""
    verifier = Listed(0.02, agreements=[1.0])
    found = judge(verifier, ZHANG, evidence("Zhang led."), calibration=BOTH)
    assert (verifier.reread, found.holds, tuple(found.features)) == ([], False, UNREAD)
    assert found.score == BOTH.probability({**found.features, "agreement": MOST_LOG_ODDS}) < 0.75


@pytest.mark.parametrize(
    ("agreement", "verdict"),
    [(1.0, "supported"), (0.97, "supported"), (0.9, "weak"), (0.5, "unsupported"), (0.0, "unsupported")],
)
def test_the_second_question_decides_where_the_statement_could_pass(
    evidence: Make, agreement: float, verdict: str
) -> None:
    """It is asked of the same claim, and the score of both answers is compared with the threshold."""
    verifier = Listed(0.2, agreements=[agreement])
    found = judge(verifier, ZHANG, evidence("Zhang led."), calibration=BOTH, threshold=0.4)
    assert verifier.reread == verifier.heard == [Claim("Zhang", ["Zhang led."], QUESTION)]
    assert (found.verdict, tuple(found.features)) == (verdict, FEATURES)
    assert found.score == found.strength == BOTH.probability(found.features)
    assert found.support == Support(0.2, Call(10, 1))


@pytest.mark.parametrize(("apart", "asked"), [(-1e-6, 1), (1e-6, 0)])
def test_the_most_that_the_score_could_be_is_compared_with_the_threshold(
    evidence: Make, apart: float, asked: int
) -> None:
    """Right above the threshold the second question is asked, and may let the statement pass; right below it is not."""
    shown, verifier = evidence("Zhang led."), Listed(0.2, agreements=[1.0])
    most = judge(Listed(0.2, agreements=[1.0]), ZHANG, shown, calibration=BOTH, threshold=0).strength
    found = judge(verifier, ZHANG, shown, calibration=BOTH, threshold=most + apart)
    assert (len(verifier.reread), found.holds) == (asked, bool(asked))


@pytest.mark.parametrize("calibration", [None, CALIBRATION])
def test_the_second_question_is_asked_only_where_it_is_weighed(evidence: Make, calibration: Calibration | None) -> None:
    """Without a calibration, or with one of the first question alone, it would cost and change nothing."""
    verifier = Listed(0.9)
    found = judge(verifier, ZHANG, evidence("Zhang led."), calibration=calibration)
    assert (found.holds, verifier.reread, tuple(found.features)) == (True, [], UNREAD)


@pytest.mark.parametrize("calibration", [None, CALIBRATION, BOTH])
@pytest.mark.parametrize("support", [0.001, 0.9])
def test_a_thorough_judge_asks_both_always(evidence: Make, calibration: Calibration | None, support: float) -> None:
    """What a calibration is made of needs both of every statement; the verdict is that of a usual judge."""
    thorough, usual = Listed(support, agreements=[0.9]), Listed(support, agreements=[0.9])
    shown = evidence("Zhang led.")
    found = judge(thorough, ZHANG, shown, calibration=calibration, thorough=True)
    assert (thorough.reread, tuple(found.features)) == (thorough.heard, FEATURES)
    assert found.verdict == judge(usual, ZHANG, shown, calibration=calibration).verdict


def test_a_thorough_judge_asks_nothing_of_other_wordings(evidence: Make) -> None:
    """What the first gate stops costs nothing."""
    verifier = Listed(0.9)
    judge(verifier, Draft(("1",), "General Li"), evidence("Zhang led."), calibration=BOTH, thorough=True)
    assert (verifier.heard, verifier.reread) == ([], [])


def test_what_is_not_read_anew_is_tried_on_another_sentence(evidence: Make) -> None:
    """A sentence whose answer is another one makes room for the next that holds the words; the best is kept."""
    shown = evidence("Zhang spoke.", "Zhang led.")
    verifier = Listed(0.9, 0.9, agreements=[0.01, 0.9])
    found = judge(verifier, Draft((), "Zhang"), shown, calibration=BOTH)
    assert [list(claim.sentences) for claim in verifier.reread] == [["Zhang spoke."], ["Zhang led."]]
    assert (found.holds, numbers(found)) == (True, [2])
    neither = judge(Listed(0.9, 0.9, agreements=[0.01, 0.02]), Draft((), "Zhang"), shown, calibration=BOTH)
    assert (neither.holds, numbers(neither), neither.reason) == (False, [2], "the sentence does not state it")


def test_a_verifier_that_reads_nothing_anew_decides_by_the_first_question(evidence: Make) -> None:
    """A model for entailment has no second answer: none is counted, and the features lack it."""
    told: list[Support] = []
    verifier = Listed(0.9, agreements=[None])
    found = judge(verifier, ZHANG, evidence("Zhang led."), thorough=True, after=told.append)
    assert (found.holds, tuple(found.features), told) == (True, UNREAD, [Support(0.9, Call(10, 1))])
    assert len(verifier.reread) == 1


def test_both_questions_are_told_before_and_after(evidence: Make) -> None:
    """The cost of the second one is passed on like that of the first, and it is announced by itself."""
    told: list[object] = []
    verifier = Listed(0.9, agreements=[0.8])
    shown = evidence("Zhang led.")
    judge(verifier, ZHANG, shown, calibration=BOTH, before=lambda: told.append("before"), after=told.append)
    assert told == ["before", Support(0.9, Call(10, 1)), "before", Support(0.8, Call(20, 1))]


def test_a_limit_stops_the_second_question(evidence: Make) -> None:
    """It is looked at again between the two, and a statement of which only one was answered is not said."""
    verifier, told = Listed(0.9, agreements=[0.9]), list[Support]()

    def stop() -> None:
        if told:
            raise TokenLimitError("enough")

    with pytest.raises(TokenLimitError, match="enough"):
        judge(verifier, ZHANG, evidence("Zhang led."), calibration=BOTH, before=stop, after=told.append)
    assert (len(verifier.heard), verifier.reread, told) == (1, [], [Support(0.9, Call(10, 1))])


def test_a_second_question_that_fails_decides_nothing(evidence: Make) -> None:
    """However sure the first answer was, the error passes on."""

    class Broken(Listed):
        async def agreement(self, claim: Claim) -> Support | None:
            raise ChatInvalidError(claim.text)

    with pytest.raises(ChatInvalidError, match="Zhang"):
        judge(Broken(0.9), ZHANG, evidence("Zhang led."), calibration=BOTH)
