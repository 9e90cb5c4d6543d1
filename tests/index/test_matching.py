import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.lexical import idf
from index.matching import Matches, match, saturation
from index.words import numbered

WORDS = st.lists(st.sampled_from("abcdefgh"), max_size=9).map(" ".join)


def matched(weights: dict[str, float], *passages: list[str], pairs: list[tuple[str, str]] | None = None) -> Matches:
    """Match passages, each a title and sentences, at a norm of .6."""
    numbers = [numbered([line.split() for line in passage]) for passage in passages]
    return match(weights, pairs or [], numbers, np.full(len(passages), 0.6))


def test_a_sentence_has_the_share_of_its_words() -> None:
    """Each sentence is worth the idf of the question's words in it, each once; those of the title are no sentence's."""
    found = matched(
        {"rare": 3.0, "common": 1.0}, ["rare", "rare rare x", "common", ""], ["", "rare common"], ["x", "x"]
    )
    assert found.shares == pytest.approx([0.75, 0.25, 0, 1, 0])


def test_bm25_by_hand() -> None:
    """A word counts by how often it stands in title and text, each time less; the sum is divided by its supremum."""
    found = matched({"a": 1.0, "b": 2.0}, ["", "x"], ["", "a"], ["b", "x"], ["b", "a b"], ["", "a b " * 200])
    ones = 1 / 1.6
    assert found.bm25 == pytest.approx([0, ones / 3, 2 * ones / 3, (ones + 2 * 2 / 2.6) / 3, 200 / 200.6])
    assert list(found.bm25) == sorted(found.bm25)


def test_a_longer_passage_counts_less() -> None:
    """A word is at half of its worth where it stands as often as the norm says, which grows with the length."""
    norms = saturation(np.array([10, 100, 300]), 100)
    assert norms == pytest.approx([0.6 * 0.46, 0.6, 0.6 * 2.2])
    assert match({"a": 1.0}, [], [numbered([[], ["a"] * 3])], np.array([3.0])).bm25 == pytest.approx([0.5])


@pytest.mark.parametrize(
    ("passage", "share"),
    [
        (["", "gannet bridg"], 0.5),
        (["", "the gannet bridg open"], 0.5),
        (["gannet bridg", "x"], 0.5),
        (["gannet bridg", "gannet bridg gannet bridg"], 0.5),
        (["", "bridg gannet"], 0),
        (["", "gannet old bridg"], 0),
        (["", "gannet", "bridg"], 0),
        (["gannet", "bridg"], 0),
        (["", ""], 0),
    ],
)
def test_neighbours(passage: list[str], share: float) -> None:
    """Neighbours in the question count where they are neighbours in one line, once a passage, at half their idf."""
    found = matched({"gannet": 1.0, "bridg": 1.0}, ["x", "y"], passage, ["x", "y"], pairs=[("gannet", "bridg")])
    assert found.pairs == pytest.approx([0, share, 0])


def test_passages_do_not_touch() -> None:
    """The last word of one passage and the first of the next are no neighbours."""
    assert not matched({"a": 1.0, "b": 1.0}, ["", "a"], ["b", "x"], pairs=[("a", "b")]).pairs.any()


@pytest.mark.parametrize("weights", [{}, {"a": 0.0}])
def test_a_question_without_weight(weights: dict[str, float]) -> None:
    """Where no word of the question weighs anything everything is zero."""
    found = matched(weights, ["a", "a", "a b"])
    assert (list(found.shares), list(found.bm25), list(found.pairs)) == ([0, 0], [0], [0])


@given(st.lists(st.lists(WORDS, min_size=2, max_size=5), min_size=1, max_size=6), st.data())
def test_what_is_matched_at_once_is_matched_alone(passages: list[list[str]], data: st.DataObject) -> None:
    """A passage matches the same among others as by itself, and as words compared one by one; all is from 0 to 1."""
    weights = data.draw(st.dictionaries(st.sampled_from("abcdefgh"), st.floats(0.1, 9), min_size=1))
    pairs = list(zip(weights, list(weights)[1:], strict=False))
    found = matched(weights, *passages, pairs=pairs)
    alone = [matched(weights, passage, pairs=pairs) for passage in passages]
    assert found.bm25 == pytest.approx(np.concatenate([one.bm25 for one in alone]))
    assert found.pairs == pytest.approx(np.concatenate([one.pairs for one in alone]))
    total = sum(weights.values())
    lines = [line.split() for passage in passages for line in passage[1:]]
    assert found.shares == pytest.approx([sum(weights.get(word, 0) for word in set(line)) / total for line in lines])
    for part in (found.shares, found.bm25, found.pairs):
        assert part.min() >= 0
        assert part.max() <= 1 + 1e-9


@given(st.data(), st.integers(1, 10_000_000), st.integers(1, 100_000), st.floats(1, 1_000))
def test_the_score_stays_on_its_scale(data: st.DataObject, n_passages: int, n_words: int, mean_length: float) -> None:
    """From a library of one passage to one of millions BM25 is between 0 and 1."""
    standing = data.draw(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, n_passages), min_size=1))
    weights = {word: idf(count, n_passages) for word, count in standing.items()}
    words = data.draw(st.lists(st.sampled_from(sorted(standing)), max_size=300))
    norms = saturation(np.array([n_words]), mean_length)
    (score,) = match(weights, [], [numbered([[], words])], norms).bm25
    assert 0 <= score <= 1 + 1e-9


@pytest.mark.parametrize("word", ["vigkaancj", "okwcaazey"])
def test_no_word_ends_a_line(word: str) -> None:
    """Lines end where they end, also where the checksum of a word is 0."""
    found = matched({"x": 1.0}, ["", f"x {word} x", "x"], ["", "x"])
    assert found.shares == pytest.approx([1, 1, 1])
