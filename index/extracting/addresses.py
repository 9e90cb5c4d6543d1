"""The address under which an article is known, as its page says it."""

from urllib.parse import urljoin

from courlan import extract_domain
from lxml.html import HtmlElement  # type: ignore[import-untyped]

from index.errors import AddressError
from index.extracting.meta import Meta
from index.urls import normalise_url

__all__ = ["FOREIGN", "Choice", "canonical_address", "known_addresses"]

Choice = tuple[str, str]
"""An origin, and a value."""

FOREIGN = "1 canonical address on another site left out"


def canonical_address(tree: HtmlElement, meta: Meta, url: str | None) -> tuple[Choice | None, bool]:
    """Return the canonical address with its origin, and whether one on another site than `url` was passed over."""
    foreign = False
    for origin, written in (*_written(tree, meta), ("fetched", url)):
        address = _normal(written, _base(tree, url))
        if address and (url is None or _same_site(address, url)):
            return (origin, address), foreign
        foreign = foreign or address is not None
    return None, foreign


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


def _same_site(address: str, url: str) -> bool:
    """Tell whether two addresses lie below the same registered domain, or on the same host where there is none."""
    fetched = _normal(url, None)
    if fetched is None:
        return False
    domains = extract_domain(address, fast=False), extract_domain(fetched, fast=False)
    return domains[0] == domains[1] if all(domains) else address.split("/")[2] == fetched.split("/")[2]
