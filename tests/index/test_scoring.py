from collections.abc import Callable

import numpy as np
import pytest

from index.candidates import Candidate
from index.scoring import Query, ScoredPassage, score_passages

NORTH = (1.0, 0.0)
EAST = (0.0, 1.0)
Make = Callable[..., Candidate]


def about(expected: float | tuple[float, ...]) -> object:
    """Compare with numbers that came out of vectors in half precision."""
    return pytest.approx(expected, abs=1e-3)


def query(*pairs: tuple[str, str], **idf: float) -> Query:
    """Return a question that points north, with the weights of its words and the pairs among them."""
    return Query(np.array(NORTH, dtype=np.float32), {"en": idf}, {"en": pairs})


def test_a_passage_is_the_sum_of_its_legs(candidate: Make) -> None:
    """Best sentence and, at a quarter of its weight, passage cosine add up; a sentence adds its own to half of it."""
    (scored,) = score_passages(query(), [candidate(1, ["x", "y"], passage=NORTH, sentences=[EAST, NORTH])], 1)
    assert scored.score == about(1.25)
    assert scored.own == about((0, 1))
    assert scored.sentence_scores == about((0.625, 1.625))


def test_cosines_between(candidate: Make) -> None:
    """A sentence and a passage that point elsewhere count by their cosine, also below zero."""
    (scored,) = score_passages(
        query(), [candidate(1, ["x", "y"], passage=(0.6, 0.8), sentences=[(-1, 0), (0.8, 0.6)])], 1
    )
    assert scored.score == about(0.8 + 0.25 * 0.6)
    assert scored.sentence_scores == about((0.475 - 1, 0.475 + 0.8))


def test_words_raise_passage_and_sentence(candidate: Make) -> None:
    """The words count by hand: shares of rare words 3 to 1, and BM25 of a passage as long as the mean."""
    (scored,) = score_passages(query(rare=3.0, common=1.0), [candidate(1, ["rare", "common"])], 2)
    lexical = 1 / (1 + 0.6)  # each word once, at a norm of .6 x (.4 + .6)
    assert scored.score == about(0.5 * 0.75 + 1.25 * lexical)
    assert scored.own == about((0.75, 0.25))


def test_the_best_sentence_is_that_of_the_best_sum(candidate: Make) -> None:
    """A sentence with the rare word may be the best of a passage before one of a better cosine."""
    (scored,) = score_passages(query(rare=1.0), [candidate(1, ["rare", "x"], sentences=[(0.7, 0.3), NORTH])], 2)
    assert scored.score == about(0.7 + 0.5 + 1.25 / 1.6)


def test_a_word_counts_once_a_sentence_and_each_time_in_the_passage(candidate: Make) -> None:
    """A repeated word raises no share of rare words, but the lexical score."""
    once, twice = (
        score_passages(query(rare=1.0), [candidate(1, [words])], 2)[0] for words in ("rare filler", "rare rare")
    )
    assert once.own == twice.own == about((1,))
    assert once.score == about(0.5 + 1.25 / 1.6)
    assert twice.score == about(0.5 + 1.25 * 2 / 2.6)


def test_a_longer_passage_counts_less(candidate: Make) -> None:
    """Three times the mean length takes the norm from .6 to .6 x (.4 + 1.8)."""
    (scored,) = score_passages(query(rare=1.0), [candidate(1, ["rare x y z u v"])], 2)
    assert scored.score == about(0.5 + 1.25 / (1 + 0.6 * (0.4 + 0.6 * 3)))


def test_title_words_count_for_the_passage_alone(candidate: Make) -> None:
    """A word of the title raises the lexical score of the passage but none of its sentences."""
    (scored,) = score_passages(query(rare=1.0), [candidate(1, ["x"], title="rare")], 2)
    assert scored.score == about(1.25 / 1.6)
    assert scored.own == about((0,))


@pytest.mark.parametrize(
    ("words", "title", "share"),
    [
        (["gannet bridg"], "", 1),
        (["the gannet bridg open"], "", 1),
        (["x"], "gannet bridg", 1),
        (["bridg gannet"], "", 0),
        (["gannet old bridg"], "", 0),
        (["gannet", "bridg"], "", 0),
        (["bridg x"], "gannet", 0),
        (["gannet bridges"], "", 0),
        (["the gannet bridg", "gannet bridg"], "gannet bridg", 1),
    ],
)
def test_words_that_stand_together_raise_the_passage(
    candidate: Make, words: list[str], title: str, share: float
) -> None:
    """Neighbours in the question that are neighbours in a sentence, or in the title, are worth an eighth."""
    made = candidate(1, words, title=title)
    weights = {"gannet": 1.0, "bridg": 1.0}
    (apart,), (together,) = (
        score_passages(query(*pairs, **weights), [made], 2) for pairs in ((), [("gannet", "bridg")])
    )
    assert together.score - apart.score == about(0.125 * share)
    assert together.own == apart.own


def test_pairs_count_by_the_weight_of_their_words(candidate: Make) -> None:
    """A pair has half of the weight of its words, so that all pairs of three words have three quarters of theirs."""
    pairs, weights = [("a", "b"), ("b", "c")], {"a": 1.0, "b": 2.0, "c": 5.0}
    made = candidate(1, ["b c"])
    (apart,), (together,) = (score_passages(query(*given, **weights), [made], 2) for given in ((), pairs))
    assert together.score - apart.score == about(0.25 * 7 / 2 / 8)


@pytest.mark.parametrize("idf", [{}, {"rare": 0.0}])
def test_words_without_weight(candidate: Make, idf: dict[str, float]) -> None:
    """Where no word of the question weighs anything the vectors alone count."""
    (scored,) = score_passages(query(**idf), [candidate(1, ["rare"], passage=NORTH, sentences=[NORTH])], 1)
    assert (scored.score, scored.own) == (about(1.25), about((1,)))


def test_a_language_has_its_own_words(candidate: Make) -> None:
    """A question's words are those of the language of each article."""
    words = {"en": {"hous": 1.0}, "de": {"haus": 1.0}, None: {}}
    asked = Query(np.array(NORTH, dtype=np.float32), words, dict.fromkeys(words, ()))
    candidates = [candidate(i, ["haus"], language=language) for i, language in enumerate(("en", "de", None), 1)]
    scores = {scored.candidate.key: scored.score for scored in score_passages(asked, candidates, 1)}
    assert scores == {1: 0, 2: about(0.5 + 1.25 / 1.6), 3: 0}


def test_the_best_comes_first_and_ties_are_stable(candidate: Make) -> None:
    """Passages are in the order of their scores, and of their keys where these are equal."""
    candidates = [candidate(3), candidate(2, sentences=[NORTH]), candidate(1)]
    assert [scored.candidate.key for scored in score_passages(query(), candidates, 1)] == [2, 1, 3]


def test_candidates_of_different_numbers_of_sentences(candidate: Make) -> None:
    """Each candidate has the scores of its own sentences."""
    scored = score_passages(
        query(), [candidate(1, ["a", "b"], sentences=[NORTH, EAST]), candidate(2, ["c"]), candidate(3, ["d"] * 3)], 1
    )
    assert {one.candidate.key: one.own for one in scored} == {1: (1, 0), 2: (0,), 3: (0, 0, 0)}


def test_nothing_to_score() -> None:
    """No candidates give no scores."""
    assert score_passages(query(), [], 1) == []


def linked(candidate: Make, *others: Candidate) -> dict[int, ScoredPassage]:
    """Score a best passage, which names Quennell Harbour, with `others`; return all by key."""
    best = candidate(1, ["the bridg of quennel harbour", "it cost much"], sentences=[NORTH, EAST])
    scored = score_passages(query(), [best, *others], 1)
    assert scored[0].candidate.key == 1
    assert [one.score for one in scored] == sorted((one.score for one in scored), reverse=True)
    return {one.candidate.key: one for one in scored}


@pytest.mark.parametrize(
    ("title", "gain"),
    [
        ("quennel harbour", 0.4),
        ("the harbour of quennel", 0.4),
        ("quennel harbour fire", 0.4 * (2 / 3 - 0.5) / 0.5),
        ("quennel harbour burn down", 0),
        ("quennel fire", 0),
        ("fire", 0),
        ("", 0),
        ("it and the of", 0),
    ],
)
def test_an_article_that_the_best_passage_names_is_raised(candidate: Make, title: str, gain: float) -> None:
    """A title of which the best passage holds over half is worth up to .4; function words are no part of it."""
    scored = linked(candidate, candidate(2, ["x"], title=title, sentences=[(0.2, 0.9)]))
    assert scored[2].score == about(0.2 + gain)
    assert scored[2].own == about((0.2,))


def test_a_raised_passage_stays_below_the_best(candidate: Make) -> None:
    """A named article comes second, however near it was."""
    named = candidate(2, ["x"], title="quennel harbour", sentences=[(0.9, 0.4)])
    scored = linked(candidate, named, candidate(3, ["y"], sentences=[(0.95, 0.3)]))
    assert scored[3].score < scored[2].score < scored[1].score
    assert scored[1].score - scored[2].score < 1e-5


def test_a_passage_as_good_as_the_best_is_not_lowered(candidate: Make) -> None:
    """A named article of the very same score keeps it."""
    scored = linked(candidate, candidate(2, ["x"], title="quennel harbour", sentences=[NORTH]))
    assert scored[2].score == scored[1].score


def test_the_article_itself_is_not_raised(candidate: Make) -> None:
    """Other passages of the best article keep their scores, though it names its own title."""
    scored = linked(candidate, candidate(2, ["x"], title="quennel harbour", version=1, sentences=[(0.2, 0.9)]))
    assert scored[2].score == about(0.2)
