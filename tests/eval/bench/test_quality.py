from collections.abc import Sequence

import pytest

from eval.bench.data import ArticleQuestion, SpanQuestion
from eval.bench.quality import answer_shown, article_rank, paragraph_rank
from index import Article, Evidence, Found, FoundPassage

ONE, TWO = Article("one", "x" * 100), Article("two", "x" * 100)
QUESTION = SpanQuestion("Who?", "one", (20, 40), ((25, 30), (50, 54)))


def found(passages: Sequence[tuple[Article, int, int]], evidence: Sequence[tuple[Article, int, int]] = ()) -> Found:
    """Return a reply with such passages and evidence."""
    return Found(
        passages=tuple(FoundPassage(article, start, end, 1.0) for article, start, end in passages),
        evidence=tuple(Evidence(i, article, start, end, 1.0) for i, (article, start, end) in enumerate(evidence, 1)),
        searched=("Who?",),
        articles_searched=2,
        articles_in_all=2,
    )


def test_the_paragraph_is_of_the_right_article() -> None:
    """The same offsets in another article do not count, nor does a passage mostly outside of the paragraph."""
    assert paragraph_rank(found([(TWO, 20, 40), (ONE, 30, 60), (ONE, 20, 30)]), QUESTION) == 3
    assert paragraph_rank(found([(TWO, 20, 40)]), QUESTION) is None


def test_no_more_than_ten_passages_count() -> None:
    """What stands eleventh was not found."""
    others = [(TWO, 0, 10)] * 10
    assert paragraph_rank(found([*others[:9], (ONE, 20, 40)]), QUESTION) == 10
    assert paragraph_rank(found([*others, (ONE, 20, 40)]), QUESTION) is None


def test_articles_are_ranked_once_each() -> None:
    """Two passages of one article take one place."""
    assert article_rank(found([(TWO, 0, 10), (TWO, 20, 30), (ONE, 0, 10)]), ArticleQuestion("Who?", "one")) == 2
    assert article_rank(found([]), ArticleQuestion("Who?", "one")) is None


@pytest.mark.parametrize(
    ("evidence", "shown"),
    [
        ([(ONE, 25, 30)], True),
        ([(ONE, 0, 10), (ONE, 45, 60)], True),
        ([(ONE, 20, 28), (ONE, 28, 40)], False),
        ([(TWO, 0, 100)], False),
        ([], False),
    ],
)
def test_an_answer_is_shown_by_one_sentence(evidence: Sequence[tuple[Article, int, int]], shown: bool) -> None:
    """One of the right answers lies in one sentence of the article; two sentences with a half each do not show it."""
    assert answer_shown(found([], evidence), QUESTION) is shown
