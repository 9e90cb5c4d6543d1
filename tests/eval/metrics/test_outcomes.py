from dataclasses import astuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.metrics.outcomes import Refusals, is_expected, outcome_accuracy, refusal_scores
from service.contract import Outcome

EXPECTED: tuple[Outcome, ...] = ("answered", "partial", "not_found")
PAIRS = st.lists(st.tuples(st.sampled_from(EXPECTED), st.sampled_from((*EXPECTED, "failed"))), max_size=20)


@pytest.mark.parametrize(
    ("expected", "found", "score"),
    [
        ("answered", "answered", True),
        ("answered", "partial", False),
        ("partial", "answered", False),
        ("partial", "partial", True),
        ("not_found", "not_found", True),
        ("not_found", "partial", False),
        ("not_found", "failed", None),
        ("answered", "failed", None),
    ],
)
def test_only_the_same_outcome_is_right(expected: Outcome, found: Outcome, score: bool | None) -> None:
    """A partial answer is no whole one, nor the other way round; what failed has no score."""
    assert is_expected(expected, found) is score


def test_figures_by_hand() -> None:
    """Of 4 refusals 3 had to be, of 5 unanswerable 3 were refused, of 4 answerable 1 was; one failed."""
    pairs: list[tuple[Outcome, Outcome]] = [
        *[("not_found", "not_found")] * 3,
        ("not_found", "answered"), ("not_found", "partial"), ("not_found", "failed"),
        ("answered", "not_found"), ("answered", "answered"), ("partial", "partial"), ("partial", "answered"),
    ]  # fmt: skip
    assert astuple(refusal_scores(pairs)) == pytest.approx((9, 1, 3 / 4, 3 / 5, 2 * 0.75 * 0.6 / 1.35, 1 / 4))
    assert outcome_accuracy(pairs) == pytest.approx(5 / 9)


def test_nothing_decided_is_no_score() -> None:
    """Without a case, or where all failed, there is no figure."""
    assert outcome_accuracy([]) is outcome_accuracy([("answered", "failed")]) is None
    assert refusal_scores([("answered", "failed")]) == Refusals(0, 1, None, None, None, None)


@given(PAIRS)
def test_refusals_by_their_definition(pairs: list[tuple[Outcome, Outcome]]) -> None:
    """Precision, recall and F1 are those of sets: what was refused against what had to be."""
    decided = [i for i, (_, found) in enumerate(pairs) if found != "failed"]
    had_to = {i for i in decided if pairs[i][0] == "not_found"}
    refused = {i for i in decided if pairs[i][1] == "not_found"}
    scores = refusal_scores(pairs)
    assert (scores.n, scores.n_failed) == (len(decided), len(pairs) - len(decided))
    assert scores.precision == (len(had_to & refused) / len(refused) if refused else None)
    assert scores.recall == (len(had_to & refused) / len(had_to) if had_to else None)
    answerable = set(decided) - had_to
    assert scores.false_refusal_rate == (len(refused & answerable) / len(answerable) if answerable else None)
    if scores.precision and scores.recall:
        harmonic = 2 / (1 / scores.precision + 1 / scores.recall)
        assert scores.f1 == pytest.approx(harmonic)
    else:
        assert not scores.f1
