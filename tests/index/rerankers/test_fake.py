import pytest

from index.rerankers import FakeReranker


@pytest.mark.parametrize(
    ("query", "text", "score"),
    [
        ("The bridge opened?", "THE BRIDGE, opened.", 1),
        ("bridge bridge ferry", "a bridge", 0.5),
        ("bridge", "bridges", 0),
        ("", "bridge", 0),
        ("?", "?", 0),
    ],
)
def test_a_score_is_the_share_of_words(query: str, text: str, score: float) -> None:
    """Each word of the query counts once, whatever its case; a part of a word is none."""
    assert FakeReranker().scores(query, [text]) == [score]


def test_it_counts_its_calls() -> None:
    """One call is one, however many texts it has."""
    reranker = FakeReranker()
    for texts in (["one", "two"], []):
        reranker.scores("one", texts)
    assert reranker.calls == 2
