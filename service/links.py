"""Links for people: to the original of an article, or to where it is stored, at the sentence that is cited."""

from urllib.parse import quote, urlencode, urlsplit

from service.contract import Quote

__all__ = ["Links"]


class Links:
    """Make links to articles; `own_url` is where the service is reached."""

    def __init__(self, own_url: str) -> None:
        self._own_url = own_url

    def to_article(self, article_id: str, url: str | None) -> str:
        """Return the article's own address, or its page here where it has none on the web."""
        return url if url and _is_web(url) else self._page(article_id)

    def to_sentence(self, cited: Quote) -> str:
        """Return the article's own address, or the sentence on its page here.

        Version and quote stand in the fragment, from which the page tells that the article has changed since.
        """
        if cited.url and _is_web(cited.url):
            return cited.url
        place = urlencode({"start": cited.start, "end": cited.end})
        kept = urlencode({"v": cited.version, "q": cited.quote}, quote_via=quote)
        return f"{self._page(cited.article_id)}?{place}#{kept}"

    def _page(self, article_id: str) -> str:
        return f"{self._own_url}/articles/{quote(article_id, safe='')}"


def _is_web(url: str) -> bool:
    return urlsplit(url).scheme in ("http", "https")
