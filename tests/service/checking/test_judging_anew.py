"""The second question to the verifier: where it is asked, and what it decides."""

import asyncio
from collections.abc import Callable, Sequence

import pytest

from index import Evidence
from service.chat.base import READING_TOKENS, Call, Draft, Reading, Support
from service.checking.calibration import Calibration
from service.checking.checks import Checks
from service.checking.features import FEATURES, MOST
from service.checking.judging import Judge, Judged
from service.checking.support import Claim
from service.errors import ChatInvalidError, TokenLimitError

Make = Callable[..., tuple[Evidence, ...]]
QUESTION = "Who led the Chinese side?"
CALIBRATION = Calibration(verifier="listed", encoder="e", weights={"support": 1.0}, intercept=0.0, made={})
BOTH = CALIBRATION.model_copy(update={"weights": {"support": 1.0, "told": 0.5}})
UNMOST = tuple(name for name in FEATURES if name not in MOST)
ZHANG = Draft(("1",), "Zhang")


class Listed:
    """A verifier that gives listed probabilities in turn, then 0, and keeps what it was asked.

    So it does with agreements.
    """

    name = "listed"
    reads = True

    def __init__(self, *probabilities: float, agreements: Sequence[float] = ()) -> None:
        self._left = list(probabilities)
        self._agreements = list(agreements)
        self.heard: list[Claim] = []
        self.read: list[Claim] = []

    async def support(self, claim: Claim) -> Support:
        """Give the next one."""
        self.heard.append(claim)
        return Support(self._left.pop(0) if self._left else 0.0, Call(10, 1))

    async def reread(self, claim: Claim) -> Reading:
        """Give the claim's own text, as likely as the next one says, else none."""
        self.read.append(claim)
        found = self._agreements.pop(0) if self._agreements else 0.0
        return Reading(claim.text, (((claim.text, found), ("none", 1 - found)),), Call(20, 1))

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
    after: Callable[[Support | Reading], None] = lambda _: None,
) -> Judged:
    """Judge a statement."""
    judging = Judge(verifier, calibration, threshold=threshold, thorough=thorough)
    return asyncio.run(judging.judge(draft, QUESTION, shown, Checks(verifier, before=before, after=after)))


def numbers(judged: Judged) -> list[int]:
    """Return the numbers of the evidence that a statement rests on."""
    return [item.number for item in judged.claim.evidence] if judged.claim else []


def test_the_second_question_is_not_asked_where_the_first_decides(evidence: Make) -> None:
    """Where no agreement could lift the score to the threshold, that most is the score, and nothing more is spent."""
    verifier = Listed(0.02, agreements=[1.0])
    found = judge(verifier, ZHANG, evidence("Zhang led."), calibration=BOTH)
    assert (verifier.read, found.holds, tuple(found.features)) == ([], False, UNMOST)
    assert found.score == BOTH.probability({**found.features, **MOST}) < 0.75


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
    assert verifier.read == verifier.heard == [Claim("Zhang", ("Zhang led.",), QUESTION, "untitled")]
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
    assert (len(verifier.read), found.holds) == (asked, bool(asked))


@pytest.mark.parametrize("calibration", [None, CALIBRATION])
def test_the_second_question_is_asked_only_where_it_is_weighed(evidence: Make, calibration: Calibration | None) -> None:
    """Without a calibration, or with one of the first question alone, it would cost and change nothing."""
    verifier = Listed(0.9)
    found = judge(verifier, ZHANG, evidence("Zhang led."), calibration=calibration)
    assert (found.holds, verifier.read, tuple(found.features)) == (True, [], UNMOST)


@pytest.mark.parametrize("calibration", [None, CALIBRATION, BOTH])
@pytest.mark.parametrize("support", [0.001, 0.9])
def test_a_thorough_judge_asks_both_always(evidence: Make, calibration: Calibration | None, support: float) -> None:
    """What a calibration is made of needs both of every statement; the verdict is that of a usual judge."""
    thorough, usual = Listed(support, agreements=[0.9]), Listed(support, agreements=[0.9])
    shown = evidence("Zhang led.")
    found = judge(thorough, ZHANG, shown, calibration=calibration, thorough=True)
    assert (thorough.read, tuple(found.features)) == (thorough.heard, FEATURES)
    assert found.verdict == judge(usual, ZHANG, shown, calibration=calibration).verdict


def test_a_thorough_judge_asks_nothing_of_other_wordings(evidence: Make) -> None:
    """What the first gate stops costs nothing."""
    verifier = Listed(0.9)
    judge(verifier, Draft(("1",), "General Li"), evidence("Zhang led."), calibration=BOTH, thorough=True)
    assert (verifier.heard, verifier.read) == ([], [])


def test_what_is_not_read_anew_is_tried_on_another_sentence(evidence: Make) -> None:
    """A sentence whose answer is another one makes room for the next that holds the words; the best is kept."""
    shown = evidence("Zhang spoke.", "Zhang led.")
    verifier = Listed(0.9, 0.9, agreements=[0.01, 0.9])
    found = judge(verifier, Draft((), "Zhang"), shown, calibration=BOTH)
    assert [list(claim.sentences) for claim in verifier.read] == [["Zhang spoke."], ["Zhang led."]]
    assert (found.holds, numbers(found)) == (True, [2])
    neither = judge(Listed(0.9, 0.9, agreements=[0.01, 0.02]), Draft((), "Zhang"), shown, calibration=BOTH)
    assert (neither.holds, numbers(neither), neither.reason) == (False, [2], "the sentence does not state it")


def test_a_verifier_that_reads_nothing_anew_decides_by_the_first_question(evidence: Make) -> None:
    """A model for entailment has no second answer: it is not asked for one, and the features lack it."""
    told: list[object] = []
    verifier = Listed(0.9)
    verifier.reads = False
    found = judge(verifier, ZHANG, evidence("Zhang led."), thorough=True, after=told.append)
    assert (found.holds, tuple(found.features), told) == (True, UNMOST, [Support(0.9, Call(10, 1))])
    assert verifier.read == []


def test_both_questions_are_told_before_and_after(evidence: Make) -> None:
    """The cost of the second one is passed on like that of the first, and it is announced by itself."""
    told: list[object] = []
    verifier = Listed(0.9, agreements=[0.8])
    shown = evidence("Zhang led.")
    judge(verifier, ZHANG, shown, calibration=BOTH, before=lambda: told.append("before"), after=told.append)
    reading = Reading("Zhang", ((("Zhang", 0.8), ("none", 1 - 0.8)),), Call(20, 1))
    assert told == ["before", Support(0.9, Call(10, 1)), "before", reading]


def test_a_limit_stops_the_second_question(evidence: Make) -> None:
    """It is looked at again between the two, and a statement of which only one was answered is not said."""
    verifier, told = Listed(0.9, agreements=[0.9]), list[object]()

    def stop() -> None:
        if told:
            raise TokenLimitError("enough")

    with pytest.raises(TokenLimitError, match="enough"):
        judge(verifier, ZHANG, evidence("Zhang led."), calibration=BOTH, before=stop, after=told.append)
    assert (len(verifier.heard), verifier.read, told) == (1, [], [Support(0.9, Call(10, 1))])


def test_a_second_question_that_fails_decides_nothing(evidence: Make) -> None:
    """However sure the first answer was, the error passes on."""

    class Broken(Listed):
        async def reread(self, claim: Claim) -> Reading:
            raise ChatInvalidError(claim.text)

    with pytest.raises(ChatInvalidError, match="Zhang"):
        judge(Broken(0.9), ZHANG, evidence("Zhang led."), calibration=BOTH)


def read(
    support: float, reading: Reading, shown: Sequence[Evidence], calibration: Calibration | None = BOTH
) -> tuple[Draft | None, Listed]:
    """Have the first sentence read; return what was read, and the verifier."""

    class Fixed(Listed):
        async def reread(self, claim: Claim) -> Reading:
            self.read.append(claim)
            return reading

    verifier = Fixed(support)
    checks = Checks(verifier, before=lambda: None, after=lambda _: None)
    judging = Judge(verifier, calibration, threshold=0.4)
    return asyncio.run(judging.read(QUESTION, shown[0], checks)), verifier


def test_a_sentence_is_read_for_its_answer(evidence: Make) -> None:
    """What is read names the sentence; it is still to be judged."""
    draft, verifier = read(0.9, Reading("General Zhang", (), Call(5, 3)), evidence("General Zhang led."))
    assert draft == Draft(("1",), "General Zhang")
    assert verifier.read == [Claim("", ("General Zhang led.",), QUESTION, "untitled")]


@pytest.mark.parametrize(
    ("support", "reading", "read_at_all"),
    [
        (0.001, Reading("General Zhang", (), Call(5, 3)), 0),
        (0.9, Reading("none", (), Call(5, 2)), 1),
        (0.9, Reading("", (), Call(5, 1)), 1),
        (0.9, Reading("General Zhang led and led and led", (), Call(5, READING_TOKENS)), 1),
    ],
    ids=["could not hold", "a refusal", "nothing", "cut off"],
)
def test_nothing_is_read_out_of_it(evidence: Make, support: float, reading: Reading, read_at_all: int) -> None:
    """A sentence that could not answer is not read, and what was cut off is no answer."""
    draft, verifier = read(support, reading, evidence("General Zhang led."))
    assert (draft, len(verifier.read)) == (None, read_at_all)


@pytest.mark.parametrize(("calibration", "reads"), [(None, False), (CALIBRATION, False), (BOTH, True)])
def test_sentences_are_read_where_it_is_known_what_that_is_worth(
    calibration: Calibration | None,
    reads: bool,
) -> None:
    """Without a calibration of readings answers come from all of the evidence; a model for entailment never reads."""
    assert Judge(Listed(), calibration, threshold=0.4).reads is reads
    blind = Listed()
    blind.reads = False
    assert not Judge(blind, calibration, threshold=0.4).reads
