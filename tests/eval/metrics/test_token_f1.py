import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.metrics.token_f1 import exact_match, token_f1

WORDS = st.lists(st.sampled_from(["gate", "four", "failed", "late"]), max_size=6).map(" ".join)


@pytest.mark.parametrize(
    ("answer", "gold", "f1"),
    [
        ("the cat sat on the mat", "cat mat", 2 / 3),
        ("Denver Broncos", "The Denver Broncos!", 1.0),
        ("in France, in Europe", "in France", 2 * (2 / 4) * 1 / (2 / 4 + 1)),
        ("yes yes", "yes", 2 / 3),
        ("Norway", "France", 0.0),
        ("", "France", 0.0),
        ("France", "", 0.0),
    ],
)
def test_f1_by_hand(answer: str, gold: str, f1: float) -> None:
    """F1 is the harmonic mean of precision and recall over tokens, each counted as often as it stands."""
    assert token_f1(answer, [gold]) == pytest.approx(f1)


def test_the_best_gold_string_counts() -> None:
    """Of several gold strings the one that is matched best counts, for both measures."""
    assert token_f1("10th century", ["10th", "10th century", "the first half of the 10th century"]) == 1
    assert exact_match("the 10th century.[1]", ["10th", "10th century"])
    assert not exact_match("the 10th century", ["10th"])


def test_where_no_answer_is_right() -> None:
    """Without a gold string, as in SQuAD 2.0, an empty answer has everything and any other nothing."""
    assert (token_f1("", []), exact_match("", [])) == (1.0, True)
    assert (token_f1("Paris", []), exact_match("Paris", [])) == (0.0, False)


@given(WORDS, WORDS)
def test_f1_is_symmetric_and_a_share(one: str, other: str) -> None:
    """F1 lies in [0, 1], is the same both ways round, and is 1 where the tokens match exactly."""
    assert 0 <= token_f1(one, [other]) == token_f1(other, [one]) <= 1
    assert token_f1(one, [other]) == 1 or not exact_match(one, [other])
