from collections.abc import Callable, Sequence

import pytest

from index.candidates import Candidate
from index.evidence import MAX_EVIDENCE, Chosen, choose_evidence
from index.scoring import ScoredPassage
from index.spans import Span

Make = Callable[..., ScoredPassage]


@pytest.fixture
def passage(candidate: Callable[..., Candidate]) -> Make:
    """Return what makes a passage of sentences of given scores; the words of each are its own unless given."""

    def make(key: int, scores: Sequence[float], words: Sequence[str] | None = None, **fields: int) -> ScoredPassage:
        words = words or [f"word{key}x{i}" for i in range(len(scores))]
        return ScoredPassage(candidate(key, words, **fields), 0.0, tuple(scores))

    return make


def told(evidence: Sequence[Chosen]) -> list[tuple[str, int, float]]:
    """Return article, start and score of each sentence."""
    return [(item.candidate.article_id, item.span.start, item.score) for item in evidence]


def test_the_best_sentences_within_the_budget(passage: Make) -> None:
    """Sentences are chosen by score until the budget is spent, and stand in reading order."""
    evidence = choose_evidence([[passage(1, [0.1, 0.9, 0.5, 0.7])]], 30, {})
    assert told(evidence) == [("a1", 10, 0.9), ("a1", 20, 0.5), ("a1", 30, 0.7)]


def test_half_of_a_passages_score_is_its_sentences(candidate: Callable[..., Candidate]) -> None:
    """A sentence of a better passage is chosen before one that is a little better by itself."""
    better = ScoredPassage(candidate(1, ["one"]), 1.0, (0.2,))
    worse = ScoredPassage(candidate(2, ["two"]), 0.4, (0.4,))
    assert told(choose_evidence([[worse, better]], 10, {})) == [("a1", 0, 0.7)]


def test_a_sentence_that_does_not_fit_makes_room_for_shorter_ones(passage: Make) -> None:
    """A long sentence past the budget is left out, and the next that fit are taken."""
    ranking = [passage(1, [0.9], tokens=20), passage(2, [0.8], tokens=100), passage(3, [0.7], tokens=10)]
    assert [item[0] for item in told(choose_evidence([ranking], 30, {}))] == ["a1", "a3"]


@pytest.mark.parametrize("budget", [0, 1, 9])
def test_there_is_always_one_sentence(passage: Make, budget: int) -> None:
    """The best sentence is chosen even where it is over the budget, and then no other."""
    assert told(choose_evidence([[passage(1, [0.1, 0.9, 0.5])]], budget, {})) == [("a1", 10, 0.9)]


def test_articles_stand_in_the_order_of_their_best_sentence(passage: Make) -> None:
    """All sentences of an article stand together, in reading order across its passages."""
    ranking = [passage(1, [0.5, 0.6], first=4, version=1), passage(2, [0.9, 0.1]), passage(3, [0.7], version=1)]
    evidence = choose_evidence([ranking], 1000, {})
    assert [item[:2] for item in told(evidence)] == [("a2", 0), ("a2", 10), ("a1", 0), ("a1", 40), ("a1", 50)]


def test_no_more_than_an_answer_has_ids_for(passage: Make) -> None:
    """However large the budget, evidence stays within the ids of the answer's schema."""
    evidence = choose_evidence([[passage(1, [i / 100 for i in range(60)], tokens=1)]], 10_000, {})
    assert len(evidence) == MAX_EVIDENCE
    assert min(item.score for item in evidence) == pytest.approx(0.2)


def test_no_passages_give_no_evidence() -> None:
    """Where nothing was found there is no evidence."""
    assert choose_evidence([], 350, {}) == []
    assert choose_evidence([[], []], 350, {}) == []


def test_questions_take_turns(passage: Make) -> None:
    """Each question has its best sentence before any has its second, however much better that is."""
    rankings = [[passage(1, [0.9, 0.8, 0.7])], [passage(2, [0.2, 0.1])]]
    assert [item[:2] for item in told(choose_evidence(rankings, 20, {}))] == [("a1", 0), ("a2", 0)]
    assert [item[:2] for item in told(choose_evidence(rankings, 30, {}))] == [("a1", 0), ("a1", 10), ("a2", 0)]


def test_a_sentence_that_two_questions_want_is_chosen_once(passage: Make) -> None:
    """What one question has chosen costs the other nothing."""
    rankings = [[passage(1, [0.9, 0.1])], [passage(1, [0.8, 0.2])]]
    assert told(choose_evidence(rankings, 20, {})) == [("a1", 0, 0.9), ("a1", 10, 0.1)]


def test_a_copy_is_not_chosen(passage: Make) -> None:
    """Of a story the same words stand once, the best of them; another story may use the same words."""
    words = ["the hall burn", "nobodi hurt"]
    ranking = [
        passage(1, [0.9, 0.2], words, story=7),
        passage(2, [0.8, 0.3], words, story=7),
        passage(3, [0.7, 0.1], words, story=8),
    ]
    chosen = [item[:2] for item in told(choose_evidence([ranking], 1000, {}))]
    assert chosen == [("a1", 0), ("a3", 0), ("a3", 10), ("a2", 10)]


def test_an_article_may_repeat_itself(passage: Make) -> None:
    """The same sentence twice in one article is no copy."""
    evidence = choose_evidence([[passage(1, [0.9, 0.8], ["refrain", "refrain"])]], 1000, {})
    assert [item[1] for item in told(evidence)] == [0, 10]


def test_a_pronoun_brings_the_sentence_before(passage: Make) -> None:
    """A sentence that begins with a pronoun comes with the one before it, in reading order, at most at its score."""
    words = ["the mayor open it", "he spoke", "ferri stop"]
    evidence = choose_evidence([[passage(1, [0.1, 0.9, 0.5], words)]], 20, {})
    assert told(evidence) == [("a1", 0, 0.1), ("a1", 10, 0.9)]
    assert told(choose_evidence([[passage(1, [0.3, 0.2], words[:2])]], 20, {})) == [("a1", 0, 0.3), ("a1", 10, 0.2)]


@pytest.mark.parametrize(("budget", "starts"), [(19, [10]), (20, [0, 10]), (9, [10]), (0, [10])])
def test_the_sentence_before_must_fit(passage: Make, budget: int, starts: list[int]) -> None:
    """Where both are over the budget the sentence stands alone."""
    evidence = choose_evidence([[passage(1, [0.1, 0.9], ["the mayor", "he spoke"])]], budget, {})
    assert [item.span.start for item in evidence] == starts


def test_a_sentence_before_that_is_there_already_costs_nothing(passage: Make) -> None:
    """What was chosen before is brought by no pronoun again."""
    words = ["the mayor", "he spoke", "he left"]
    evidence = choose_evidence([[passage(1, [0.9, 0.8, 0.1], words)]], 30, {})
    assert [item.span.start for item in evidence] == [0, 10, 20]


def test_the_last_place_is_for_the_sentence_itself(passage: Make) -> None:
    """Where one id is left the pronoun's sentence takes it without the one before."""
    scores = [*[0.9] * (MAX_EVIDENCE - 1), 0.1, 0.8]
    words = [*(f"word{i}" for i in range(MAX_EVIDENCE)), "he spoke"]
    evidence = choose_evidence([[passage(1, scores, words)]], 10_000, {})
    assert len(evidence) == MAX_EVIDENCE
    assert [item.span.start for item in evidence[-2:]] == [10 * (MAX_EVIDENCE - 2), 10 * MAX_EVIDENCE]


def test_the_sentence_before_may_stand_in_another_passage(passage: Make) -> None:
    """A passage that begins with a pronoun brings the last sentence of the one before, if that is told."""
    leaning = passage(5, [0.9, 0.1], ["he spoke", "ferri stop"], first=4, version=1)
    before = {5: Span(30, 39, 10, 7)}
    evidence = choose_evidence([[leaning]], 20, before)
    assert [item.span for item in evidence] == [before[5], leaning.candidate.spans[0]]
    assert evidence[0].score <= evidence[1].score
    assert [item.span.start for item in choose_evidence([[leaning]], 20, {})] == [40, 50]


def test_a_first_sentence_has_none_before(passage: Make) -> None:
    """An article that begins with a pronoun is chosen as it is."""
    assert [item.span.start for item in choose_evidence([[passage(1, [0.9], ["he spoke"])]], 20, {})] == [0]
