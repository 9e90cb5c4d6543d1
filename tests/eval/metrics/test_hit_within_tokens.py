import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.metrics.hit_within_tokens import count_tokens, hit_within_tokens

NONE, ONE = frozenset[int](), frozenset({0})


@pytest.mark.parametrize(("budget", "hit"), [(10, False), (29, False), (30, True), (100, True)])
def test_a_proof_counts_once_it_has_ended(budget: int, hit: bool) -> None:
    """A sentence of 20 tokens behind one of 10 is read in 30 tokens, and not in fewer."""
    assert hit_within_tokens([(10, NONE), (20, ONE), (5, ONE)], 1, budget) is hit


def test_nothing_to_be_found_is_no_score() -> None:
    """Without a known proof there is no score; with one and no evidence there is no hit."""
    assert hit_within_tokens([(10, NONE)], 0, 100) is None
    assert hit_within_tokens([], 1, 100) is False


@pytest.mark.parametrize(
    ("text", "n"), [("", 0), ("The dam failed.", 4), ("Gate No. 4: $4.2 million", 10), ("Straße über", 2)]
)
def test_words_and_marks_are_tokens(text: str, n: int) -> None:
    """Each word and each mark is one token, in any script of words."""
    assert count_tokens(text) == n


@given(st.lists(st.tuples(st.integers(1, 30), st.booleans()), max_size=8), st.integers(0, 120))
def test_by_laying_tokens_out(pieces: list[tuple[int, bool]], budget: int) -> None:
    """It is whether the last token of a piece with a proof is among the first tokens of all laid out in a row."""
    row = [(number, gold) for number, (length, gold) in enumerate(pieces) for _ in range(length)]
    whole = [gold for number, gold in enumerate(g for _, g in pieces) if number not in {n for n, _ in row[budget:]}]
    assert hit_within_tokens([(n, ONE if gold else NONE) for n, gold in pieces], 1, budget) is any(whole)
