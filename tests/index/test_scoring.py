from collections.abc import Callable, Sequence

import numpy as np
import pytest

from index.articles import Article
from index.candidates import Candidate
from index.scoring import Query, score_passages

NORTH = (1.0, 0.0)
EAST = (0.0, 1.0)


@pytest.fixture
def candidate(article: Callable[..., Article]) -> Callable[..., Candidate]:
    """Return what makes a candidate of a passage direction, sentence directions and sentence words."""

    def make(
        key: int,
        passage: tuple[float, float],
        sentences: Sequence[tuple[float, float]],
        words: Sequence[tuple[str, ...]],
        title: tuple[str, ...] = (),
    ) -> Candidate:
        return Candidate(
            key=key,
            version_key=key,
            article=article(f"a{key}", language="en"),
            spans=tuple((i, i + 1, 1) for i in range(len(sentences))),
            vector=np.array(passage, dtype=np.float32),
            sentence_vectors=np.array(sentences, dtype=np.float32),
            title_words=title,
            sentence_words=tuple(words),
        )

    return make


def query(**idf: float) -> Query:
    """Return a question that points north, with the weights of its words."""
    return Query("question", np.array(NORTH, dtype=np.float32), {"en": idf})


def test_a_passage_is_the_sum_of_its_legs(candidate: Callable[..., Candidate]) -> None:
    """Best sentence and, at half its weight, passage cosine add up; a sentence adds its own cosine."""
    (scored,) = score_passages(query(), [candidate(1, NORTH, [EAST, NORTH], [(), ()])], 1)
    assert scored.score == pytest.approx(1.5)
    assert scored.sentence_scores == pytest.approx((1.5, 2.5))


def test_words_raise_passage_and_sentence(candidate: Callable[..., Candidate]) -> None:
    """A match raises the passage, and the sentence that holds the rare word most."""
    (scored,) = score_passages(
        query(rare=3.0, common=1.0), [candidate(1, EAST, [EAST] * 2, [("rare",), ("common",)])], 2
    )
    assert 0 < scored.score < 1
    rare, common = (score - scored.score for score in scored.sentence_scores)
    assert (rare, common) == pytest.approx((0.75, 0.25))


def test_title_words_count_for_the_passage_alone(candidate: Callable[..., Candidate]) -> None:
    """A word of the title raises the passage but none of its sentences."""
    (scored,) = score_passages(query(rare=1.0), [candidate(1, EAST, [EAST], [("x",)], title=("rare",))], 2)
    assert scored.score > 0
    assert scored.sentence_scores == pytest.approx((scored.score,))


def test_the_best_comes_first_and_ties_are_stable(candidate: Callable[..., Candidate]) -> None:
    """Passages are in the order of their scores, and of their keys where these are equal."""
    candidates = [
        candidate(3, EAST, [EAST], [()]),
        candidate(2, NORTH, [NORTH], [()]),
        candidate(1, EAST, [EAST], [()]),
    ]
    assert [scored.candidate.key for scored in score_passages(query(), candidates, 1)] == [2, 1, 3]


def test_nothing_to_score() -> None:
    """No candidates give no scores."""
    assert score_passages(query(), [], 1) == []
