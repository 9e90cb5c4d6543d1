import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.keys import passage_key, sentence_keys


@given(st.integers(1, 2**40), st.integers(1, 300))
def test_a_sentence_names_its_passage(passage: int, n: int) -> None:
    """Each sentence has a key of its own, in order, out of which its passage is read."""
    keys = sentence_keys(passage, n)
    assert len(set(keys)) == n
    assert keys == sorted(keys)
    assert {passage_key(key) for key in keys} == {passage}


@given(st.integers(1, 2**40))
def test_passages_share_no_key(passage: int) -> None:
    """The longest passage that an encoder could read ends before the next begins."""
    assert sentence_keys(passage, 1 << 16)[-1] < sentence_keys(passage + 1, 1)[0]


@pytest.mark.parametrize("passage", [1, 2**40])
def test_a_passage_without_a_sentence(passage: int) -> None:
    """No sentences have no keys."""
    assert sentence_keys(passage, 0) == []


def test_keys_fit_an_integer_of_the_ledger() -> None:
    """Keys of a hundred million million passages are still integers to SQLite."""
    assert sentence_keys(10**14, 1 << 16)[-1] < 2**63
