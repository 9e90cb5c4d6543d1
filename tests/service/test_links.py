from urllib.parse import parse_qs, urlsplit

import pytest

from service.contract import Quote
from service.links import Links

LINKS = Links("https://news.example")
STORED = "https://news.example/articles/a%231~b"
WEB = ["https://apex.example/1?a=b#c", "HTTP://apex.example"]
NOT_WEB = [None, "", "file:///a.txt", "javascript:alert(1)"]


def quoted(url: str | None, quote: str = "It failed.") -> Quote:
    """Return a sentence of an article with this address."""
    known = {"title": None, "author": None, "outlet": None, "published_at": None}
    return Quote(article_id="a#1~b", version="v1", url=url, quote=quote, start=3, end=3 + len(quote), **known)


@pytest.mark.parametrize("url", WEB)
def test_what_is_on_the_web_is_read_there(url: str) -> None:
    """The address of the original is the link, to an article and to a sentence."""
    assert LINKS.to_article("a#1~b", url) == LINKS.to_sentence(quoted(url)) == url


@pytest.mark.parametrize("url", NOT_WEB)
def test_what_is_not_on_the_web_is_read_here(url: str | None) -> None:
    """No other address is a link; the article is shown where it is stored, at the sentence."""
    assert LINKS.to_article("a#1~b", url) == STORED
    assert LINKS.to_sentence(quoted(url)) == f"{STORED}?start=3&end=13#v=v1&q=It%20failed."


@pytest.mark.parametrize("quote", ["50 % & more #1", "a+b=c", "“Zürich”\nüber 山"])
def test_the_page_reads_what_was_quoted(quote: str) -> None:
    """Whatever stands in a sentence, version and quote come back from the fragment."""
    fragment = urlsplit(LINKS.to_sentence(quoted(None, quote))).fragment
    assert parse_qs(fragment) == {"v": ["v1"], "q": [quote]}
