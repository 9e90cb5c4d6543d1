"""What every reranker keeps, the fake one included."""

import math

import pytest

from index.rerankers import FakeReranker, Reranker
from index.rerankers.cross_encoder import CrossEncoderReranker

QUERY = "When was the bridge opened?"
TEXTS = ["The bridge opened on Monday.", "The ferry stopped.", "", "On Monday the ferry cost"]


@pytest.fixture(scope="module", params=[FakeReranker, CrossEncoderReranker])
def reranker(request: pytest.FixtureRequest) -> Reranker:
    """Return each reranker in turn."""
    if request.param is FakeReranker:
        return FakeReranker()
    return CrossEncoderReranker(request.getfixturevalue("cross_encoder_folder"), name="tiny")


def test_it_says_what_it_is(reranker: Reranker) -> None:
    """It has a name."""
    assert reranker.name


def test_no_texts(reranker: Reranker) -> None:
    """Nothing gives nothing."""
    assert reranker.scores(QUERY, []) == []


def test_every_text_has_a_number(reranker: Reranker) -> None:
    """There is one finite score a text, and they tell texts apart."""
    scores = reranker.scores(QUERY, TEXTS)
    assert len(scores) == len(TEXTS)
    assert all(type(score) is float and math.isfinite(score) for score in scores)
    assert len(set(scores)) > 1


def test_scores_keep_the_order_of_the_texts(reranker: Reranker) -> None:
    """Many texts of different lengths at once give what each gives alone, in the order given."""
    texts = [("the bridge " * (i * 7 % 20)) + f"ferry {'monday ' * (i % 3)}" for i in range(50)]
    together = reranker.scores(QUERY, texts)
    assert together == pytest.approx([reranker.scores(QUERY, [text])[0] for text in texts], abs=1e-5)
    assert reranker.scores(QUERY, texts[::-1]) == pytest.approx(together[::-1], abs=1e-5)


def test_the_query_counts(reranker: Reranker) -> None:
    """Another question gives the same texts other scores."""
    assert reranker.scores(QUERY, TEXTS) != reranker.scores("ferry", TEXTS)


@pytest.mark.parametrize(
    "text", ["", " \n", "?", "bridge " * 5_000, "a" * 50_000, "👨‍👩‍👧‍👦 שלום 你好", "\x07\u200b\ufffd"]
)
def test_any_text_and_any_question_have_a_score(reranker: Reranker, text: str) -> None:
    """What is empty, or longer than the limit, or of other characters has a score too."""
    (as_text,), (as_query,) = reranker.scores(QUERY, [text]), reranker.scores(text, [TEXTS[0]])
    assert math.isfinite(as_text)
    assert math.isfinite(as_query)


def test_scoring_is_repeatable(reranker: Reranker) -> None:
    """The same texts get the same scores."""
    assert reranker.scores(QUERY, TEXTS) == reranker.scores(QUERY, TEXTS)


def test_texts_may_be_any_sequence(reranker: Reranker) -> None:
    """A tuple serves as a list does."""
    assert reranker.scores(QUERY, tuple(TEXTS)) == reranker.scores(QUERY, TEXTS)
