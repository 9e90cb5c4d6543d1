from collections.abc import Callable, Sequence

import numpy as np
import pytest

from index.articles import Article
from index.candidates import Candidate
from index.evidence import MAX_EVIDENCE, choose_evidence
from index.scoring import ScoredPassage


@pytest.fixture
def passage(article: Callable[..., Article]) -> Callable[..., ScoredPassage]:
    """Return what makes a passage of an article with sentences of ten characters, of given scores and tokens."""

    def make(article_id: str, scores: Sequence[float], tokens: int = 10, first: int = 0) -> ScoredPassage:
        spans = tuple(((first + i) * 10, (first + i) * 10 + 9, tokens) for i in range(len(scores)))
        vector = np.ones(2, dtype=np.float32)
        text = "sentence. " * (first + len(scores))
        candidate = Candidate(1, 1, article(article_id, text), spans, vector, np.stack([vector]), (), ())
        return ScoredPassage(candidate, max(scores), tuple(scores))

    return make


def test_the_best_sentences_within_the_budget(passage: Callable[..., ScoredPassage]) -> None:
    """Sentences are chosen by score until the budget is spent, and stand in reading order."""
    evidence = choose_evidence([passage("a", [0.1, 0.9, 0.5, 0.7])], 30)
    assert [(e.number, e.start, e.score) for e in evidence] == [(1, 10, 0.9), (2, 20, 0.5), (3, 30, 0.7)]
    assert {e.text for e in evidence} == {"sentence."}


def test_a_sentence_that_does_not_fit_makes_room_for_shorter_ones(passage: Callable[..., ScoredPassage]) -> None:
    """A long sentence past the budget is left out, and the next that fit are taken."""
    evidence = choose_evidence([passage("a", [0.9], 20), passage("b", [0.8], 100), passage("c", [0.7], 10)], 30)
    assert [e.article.id for e in evidence] == ["a", "c"]


@pytest.mark.parametrize("budget", [0, 1, 9])
def test_there_is_always_one_sentence(passage: Callable[..., ScoredPassage], budget: int) -> None:
    """The best sentence is chosen even where it is over the budget, and then no other."""
    evidence = choose_evidence([passage("a", [0.1, 0.9, 0.5])], budget)
    assert [(e.number, e.score) for e in evidence] == [(1, 0.9)]


def test_articles_stand_in_the_order_of_their_best_sentence(passage: Callable[..., ScoredPassage]) -> None:
    """All sentences of an article stand together, in reading order across its passages."""
    passages = [passage("a", [0.5, 0.6], first=4), passage("b", [0.9, 0.1]), passage("a", [0.7])]
    evidence = choose_evidence(passages, 1000)
    assert [(e.number, e.article.id, e.start) for e in evidence] == [
        (1, "b", 0),
        (2, "b", 10),
        (3, "a", 0),
        (4, "a", 40),
        (5, "a", 50),
    ]


def test_no_more_than_an_answer_has_ids_for(passage: Callable[..., ScoredPassage]) -> None:
    """However large the budget, evidence stays within the ids of the answer's schema."""
    evidence = choose_evidence([passage("a", [i / 100 for i in range(60)], 1)], 10_000)
    assert [e.number for e in evidence] == list(range(1, MAX_EVIDENCE + 1))
    assert min(e.score for e in evidence) == pytest.approx(0.2)


def test_no_passages_give_no_evidence() -> None:
    """Where nothing was found there is no evidence."""
    assert choose_evidence([], 350) == ()
