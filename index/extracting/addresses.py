"""The address under which an article is known, as its page says it."""

from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement  # type: ignore[import-untyped]

from index.errors import AddressError
from index.extracting.meta import Meta
from index.urls import normalise_url

__all__ = ["Choice", "canonical_address", "known_addresses"]

Choice = tuple[str, str]
"""An origin, and a value."""

_FOREIGN = "1 canonical address on another site left out"
_HOME = "1 canonical address left out that is the site's home page"
_SAME_SITE = frozenset(("www", "m", "mobile", "amp"))


def canonical_address(tree: HtmlElement, meta: Meta, url: str | None) -> tuple[Choice | None, tuple[str, ...]]:
    """Return the canonical address with its origin, and warnings of what was passed over.

    That is one on another site than `url`, which would let a page take the place of somebody else's article, and the
    home page, where `url` is below it: many a site names that on all of its pages, which would replace each other.
    """
    warnings: dict[str, None] = {}
    for origin, written in (*_written(tree, meta), ("fetched", url)):
        address = _normal(written, _base(tree, url))
        if address and url and not _same_site(address, url):
            warnings[_FOREIGN] = None
        elif address and url and _is_home(address) and not _is_home(url):
            warnings[_HOME] = None
        elif address:
            return (origin, address), tuple(warnings)
    return None, tuple(warnings)


def known_addresses(tree: HtmlElement, meta: Meta, url: str | None) -> frozenset[str]:
    """Return every way in which the page writes its own address, without a fragment and a final slash."""
    written = [url, *(value for _, value in _written(tree, meta))]
    base = _base(tree, url)
    forms = {form for value in written if value for form in (value, _normal(value, base)) if form}
    return frozenset(form.split("#")[0].rstrip("/") for form in forms) - {""}


def _written(tree: HtmlElement, meta: Meta) -> list[tuple[str, str | None]]:
    links = [link.get("href") for link in tree.iter("link") if "canonical" in (link.get("rel") or "").lower().split()]
    return [*(("link", href) for href in links[:1]), ("opengraph", meta.first("og:url"))]


def _base(tree: HtmlElement, url: str | None) -> str | None:
    base = next((element.get("href") for element in tree.iter("base") if element.get("href")), None)
    return _joined(url, base) if base else url


def _joined(base: str | None, written: str) -> str | None:
    try:
        return urljoin(base or "", written.strip())
    except ValueError:
        return None


def _normal(written: str | None, base: str | None) -> str | None:
    joined = _joined(base, written) if written else None
    try:
        return normalise_url(joined) if joined else None
    except AddressError:
        return None


def _is_home(address: str) -> bool:
    parts = urlsplit(_normal(address, None) or address)
    return parts.path in ("", "/") and not parts.query


def _same_site(address: str, url: str) -> bool:
    """Tell whether two addresses are on one host, but for the labels of its forms for small screens.

    A registered domain in common does not do: on a blogging host each author has a name below it.
    """
    fetched = _normal(url, None)
    return fetched is not None and _site(address) == _site(fetched)


def _site(address: str) -> str:
    labels = urlsplit(address).netloc.split(".")
    return ".".join([*(label for label in labels[:-2] if label not in _SAME_SITE), *labels[-2:]])
