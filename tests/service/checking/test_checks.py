import asyncio

import pytest

from service.chat.base import Call, Reading, Support
from service.checking.checks import Checks
from service.checking.support import Claim
from service.errors import ChatTimeoutError, TokenLimitError

SENTENCES = ("General Zhang led the Chinese side.",)
QUESTION = "Who led?"


class Counting:
    """A verifier that counts what it is asked; where it is broken it fails the first time."""

    name = "counting"

    def __init__(self, *, reads: bool = True, broken: bool = False) -> None:
        self.reads = reads
        self.broken = broken
        self.asked: list[Claim] = []

    async def support(self, claim: Claim) -> Support:
        """Be the surer the more was asked."""
        self.asked.append(claim)
        if self.broken:
            self.broken = False
            raise ChatTimeoutError("slow")
        return Support(len(self.asked) / 10, Call(3, 1))

    async def reread(self, claim: Claim) -> Reading:
        """Read the sentence."""
        self.asked.append(claim)
        return Reading(claim.sentences[0], (), Call(4, 2))

    async def close(self) -> None:
        """Do nothing."""


def ask(verifier: Counting, *claims: Claim) -> list[float]:
    """Return the supports of claims that are asked after each other."""

    async def story() -> list[float]:
        checks = Checks(verifier, before=lambda: None, after=lambda _: None)
        return [(await checks.support(claim)).probability for claim in claims]

    return asyncio.run(story())


def test_what_was_asked_once_is_not_asked_again() -> None:
    """Two statements on one sentence are one question to a verifier that is not shown them."""
    verifier = Counting()
    assert ask(verifier, Claim("Zhang", SENTENCES, QUESTION), Claim("General Zhang", SENTENCES, QUESTION)) == [0.1, 0.1]
    assert len(verifier.asked) == 1


@pytest.mark.parametrize(
    ("verifier", "other"),
    [
        (Counting(), Claim("Zhang", SENTENCES, "Who left?")),
        (Counting(), Claim("Zhang", ("Zhang left.",), QUESTION)),
        (Counting(reads=False), Claim("Li", SENTENCES, QUESTION)),
    ],
    ids=["another question", "another sentence", "another text that is shown"],
)
def test_whatever_it_is_shown_makes_another_question(verifier: Counting, other: Claim) -> None:
    """Question and sentences count, and the text where the verifier judges it."""
    assert ask(verifier, Claim("Zhang", SENTENCES, QUESTION), other) == [0.1, 0.2]


def test_claims_without_a_question_are_told_apart_by_their_text() -> None:
    """They are shown even to a verifier that reads."""
    assert ask(Counting(), Claim("Zhang led.", SENTENCES), Claim("Li led.", SENTENCES)) == [0.1, 0.2]


def test_each_call_is_announced_and_told() -> None:
    """What is remembered costs nothing, so nothing is told of it."""
    told: list[object] = []
    verifier, claim = Counting(), Claim("Zhang", SENTENCES, QUESTION)

    async def story() -> None:
        checks = Checks(verifier, before=lambda: told.append("before"), after=told.append)
        for _ in range(2):
            await checks.support(claim)
            await checks.reread(claim)

    asyncio.run(story())
    assert told == ["before", Support(0.1, Call(3, 1)), "before", Reading(SENTENCES[0], (), Call(4, 2))]


def test_a_limit_stops_before_the_call() -> None:
    """Where nothing more may be spent the verifier is not asked."""
    verifier = Counting()

    def stop() -> None:
        raise TokenLimitError("enough")

    with pytest.raises(TokenLimitError):
        asyncio.run(Checks(verifier, before=stop, after=lambda _: None).support(Claim("Zhang", SENTENCES, QUESTION)))
    assert verifier.asked == []


def test_a_failure_is_not_remembered() -> None:
    """What failed is asked again."""
    verifier, claim = Counting(broken=True), Claim("Zhang", SENTENCES, QUESTION)

    async def story() -> float:
        checks = Checks(verifier, before=lambda: None, after=lambda _: None)
        with pytest.raises(ChatTimeoutError):
            await checks.support(claim)
        return (await checks.support(claim)).probability

    assert asyncio.run(story()) == 0.2
