import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.metrics.quote_validity import is_valid, quote_validity
from index import Article
from service.contract import Quote

ARTICLE = Article("dam", "The gate 🌊 gave way. Water rose.")
ARTICLES = {"dam": ARTICLE}


def quote(text: str, start: int, end: int, article_id: str = "dam", version: str = ARTICLE.version) -> Quote:
    """Return a quote of the article."""
    return Quote(
        article_id=article_id, version=version, url=None, title=None, author=None, outlet=None, published_at=None,
        quote=text, start=start, end=end,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("given_quote", "valid"),
    [
        (quote("The gate 🌊 gave way.", 0, 20), True),
        (quote("Water rose.", 21, 32), True),
        (quote("Water rose", 21, 32), False),
        (quote("water rose.", 21, 32), False),
        (quote("Water rose.", 22, 33), False),
        (quote("Water rose.", -11, 32), False),
        (quote("", 5, 5), False),
        (quote("Water rose.", 21, 32, article_id="flood"), False),
        (quote("Water rose.", 21, 32, version="0" * 64), False),
    ],
)
def test_a_quote_is_the_articles_own_words(given_quote: Quote, valid: bool) -> None:
    """Words, place, article and version all have to fit; offsets count code points."""
    assert is_valid(given_quote, ARTICLES) is valid


def test_the_share() -> None:
    """Of two quotes one is right; without a quote there is no score."""
    assert quote_validity([quote("Water rose.", 21, 32), quote("Water fell.", 21, 32)], ARTICLES) == 0.5
    assert quote_validity([], ARTICLES) is None


@given(st.integers(0, 40), st.integers(0, 40))
def test_every_slice_is_valid(start: int, end: int) -> None:
    """What is cut from the text is valid as long as it has all the characters that its offsets promise."""
    text = ARTICLE.text[start:end]
    assert is_valid(quote(text, start, end), ARTICLES) is (len(text) == end - start > 0)
