import math
from collections.abc import Callable

import pytest

from index import Evidence
from service.chat.base import Call, Reading, Support
from service.checking.attribution import Attributed
from service.checking.features import FEATURES, MOST, features_of

Make = Callable[..., tuple[Evidence, ...]]
QUESTION = "Who led the Chinese side in June?"


def features(
    text: str, *cited: Evidence, support: float = 0.5, told: float | None = 0.5, question: str = QUESTION
) -> dict[str, float]:
    """Return the features of a statement; `told` is how likely it was read, None that nothing was read."""
    place = ((text, told or 0.0), ("none", 1 - (told or 0.0)))
    second = None if told is None else Reading(text, (place,), Call())
    return features_of(Support(support, Call()), second, Attributed(text, cited), question)


def test_there_is_a_number_for_every_name(evidence: Make) -> None:
    """All names are given, and all numbers are finite."""
    found = features("Zhang", *evidence("Zhang led."))
    assert tuple(found) == FEATURES
    assert all(math.isfinite(value) for value in found.values())


def test_what_was_not_asked_is_no_feature(evidence: Make) -> None:
    """Without the second question all other features are the same, and a zero is never put in its place."""
    shown = evidence("Zhang led.")
    whole, bare = features("Zhang", *shown, told=0.5), features("Zhang", *shown, told=None)
    assert whole == {**bare, "told": 0, "agreement": MOST["agreement"]}
    assert tuple(bare) == tuple(name for name in FEATURES if name not in MOST)


@pytest.mark.parametrize("name", ["support", "told"])
@pytest.mark.parametrize(("probability", "odds"), [(0.5, 0), (0.9, math.log(9)), (0.1, -math.log(9))])
def test_what_the_verifier_gave_is_in_log_odds(evidence: Make, name: str, probability: float, odds: float) -> None:
    """Both are on the scale of a regression, and neither changes the other."""
    found = features("Zhang", *evidence("Zhang led."), **{name: probability})
    assert (found["support"], found["told"]) == pytest.approx((odds, 0) if name == "support" else (0, odds))


@pytest.mark.parametrize(("name", "most"), [("support", 9.21), ("told", MOST["told"])])
def test_certainty_stays_finite(evidence: Make, name: str, most: float) -> None:
    """A plain yes or no counts as very likely, as much in the one direction as in the other, and nothing as more."""
    shown = evidence("Zhang led.")
    no, likely, yes = (features("Zhang", *shown, **{name: said})[name] for said in (0.0, 0.95, 1.0))
    assert yes == pytest.approx(-no)
    assert likely < yes == pytest.approx(most, abs=0.01)


def test_rank_is_that_of_the_best_cited_sentence(evidence: Make) -> None:
    """The neighbour that is cited for a name alone pulls nothing down."""
    assert features("Zhang", *evidence("Zhang led.", "It rained.", scores=(0.2, 0.7)))["rank"] == 0.7


@pytest.mark.parametrize(
    ("text", "sentence", "title", "asked"),
    [
        ("Zhang", "Zhang led the Chinese side in June.", None, 1),
        ("Zhang", "Zhang led the side.", None, 0.5),
        ("Zhang", "Zhang spoke.", "June: the Chinese side", 0.75),
        ("Zhang", "Zhang spoke.", None, 0),
        ("Zhang led in June", "Zhang spoke of the Chinese.", None, 0.5),
        ("Zhang led the Chinese side in June", "It rained.", None, 1),
    ],
)
def test_asked_is_what_stands_of_the_question(
    evidence: Make, text: str, sentence: str, title: str | None, asked: float
) -> None:
    """Its words, less those of the statement, are looked for in sentence and title; where none are left all stand."""
    assert features(text, *evidence(sentence, title=title))["asked"] == asked


@pytest.mark.parametrize(
    ("text", "said"),
    [("Zhang", 1), ("General Zhang", 0.5), ("Norton", 0), ("Norton led the Chinese side", 0), ("the Chinese side", 1)],
)
def test_said_is_what_stands_of_the_statement(evidence: Make, text: str, said: float) -> None:
    """Its words, less those of the question, are looked for in the sentences alone."""
    assert features(text, *evidence("Zhang spoke.", title="General Norton"))["said"] == said


def test_several_sentences_are_read_together(evidence: Make) -> None:
    """Words may stand in any of them."""
    found = features("General Zhang", *evidence("The General led\n the side.", "Zhang slept in June."))
    assert (found["asked"], found["said"]) == (0.75, 1)
