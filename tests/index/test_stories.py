from collections.abc import Callable
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.stories import SAME_STORY, bands_of, sign, similarity
from index.words import index_words

WORDS = st.lists(st.sampled_from([f"w{i}" for i in range(30)]), max_size=60)


def runs(words: list[str]) -> set[tuple[str, ...]]:
    """Return the runs of three words, which a signature estimates."""
    return {tuple(words[i : i + 3]) for i in range(max(1, len(words) - 2))}


def words_of(sentences: list[str]) -> list[str]:
    """Return the words of an article."""
    return list(chain.from_iterable(index_words(sentence, "en") for sentence in sentences))


@given(st.lists(st.text(max_size=8), max_size=40))
def test_equal_texts_are_the_same(words: list[str]) -> None:
    """Whatever the words, their signature is the same again, and all bands with it."""
    one, other = sign(words), sign(list(words))
    assert similarity(one, other) == 1
    assert bands_of(one) == bands_of(other)


@given(WORDS, WORDS)
def test_the_similarity_is_that_of_the_runs(one: list[str], other: list[str]) -> None:
    """The estimate lies between 0 and 1, the same either way, and near the share of runs in common."""
    estimate = similarity(sign(one), sign(other))
    assert 0 <= estimate <= 1
    assert estimate == similarity(sign(other), sign(one))
    shared = len(runs(one) & runs(other)) / len(runs(one) | runs(other))
    assert estimate == pytest.approx(shared, abs=0.25)


@given(WORDS)
def test_bands_are_numbers_that_a_ledger_keeps(words: list[str]) -> None:
    """There are 32 numbers, each of 63 bits at most, so that SQLite stores them as they are."""
    numbers = bands_of(sign(words))
    assert len(numbers) == len(set(numbers)) == 32
    assert all(0 <= number < 2**63 for number in numbers)


@pytest.mark.parametrize("seed", range(8))
def test_a_copy_cut_to_two_thirds_is_the_same_story(report: Callable[..., list[str]], seed: int) -> None:
    """A report and its first two thirds are found by a band they share, and are similar enough."""
    sentences = report(seed)
    whole, cut = sign(words_of(sentences)), sign(words_of(sentences[:16]))
    assert similarity(whole, cut) >= SAME_STORY
    assert set(bands_of(whole)) & set(bands_of(cut))


@pytest.mark.parametrize("seed", range(8))
def test_an_edited_headline_is_the_same_story(report: Callable[..., list[str]], seed: int) -> None:
    """A report whose first sentence was written anew is nearly the same."""
    sentences = report(seed)
    edited = sign(words_of(["Fire destroys the town hall of Ember, twelve hurt.", *sentences[1:]]))
    assert similarity(sign(words_of(sentences)), edited) > 0.8


def test_unrelated_reports_are_not(report: Callable[..., list[str]]) -> None:
    """Reports of other words, or of the same words in another order, have nothing in common."""
    signatures = [sign(words_of(report(seed))) for seed in range(12)]
    others = [similarity(one, other) for i, one in enumerate(signatures) for other in signatures[:i]]
    assert max(others) < 0.1
    words = words_of(report(1))
    assert similarity(sign(words), sign(words[::-1])) < 0.1


def test_very_short_articles() -> None:
    """Articles of fewer words than a run are the same where they are equal, and only there."""
    short = [sign(words) for words in ([], ["fire"], ["fire", "ember"], ["ember", "fire"], ["fire", "in", "ember"])]
    assert [[similarity(one, other) == 1 for other in short] for one in short] == [
        [i == j for j in range(5)] for i in range(5)
    ]
