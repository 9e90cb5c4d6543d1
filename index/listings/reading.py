"""A listing out of bytes, told from a page by content type and root element, whatever its address looks like."""

import re
from xml.etree.ElementTree import Element

from index.errors import InvalidArticleError
from index.fetching import Fetched, FetchError, gunzip, safe_xml
from index.fetching.errors import XmlError, shown
from index.listings.feeds import read_feed
from index.listings.records import Listing
from index.listings.sitemaps import read_sitemap

__all__ = ["listing_in", "read_listing"]

_XML = ("application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/xml", "text/xml")
_GZIP = b"\x1f\x8b"
# many a server calls a feed text/html
_BEGINS = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}\?>\s*)?<(?:rss|feed|rdf:RDF|urlset|sitemapindex)[\s>]")
_SNIFFED = 1_024
_FEEDS, _SITEMAPS = ("rss", "RDF", "feed"), ("urlset", "sitemapindex")
_MAX_FEED_ELEMENTS = 100_000


def read_listing(data: bytes, *, url: str, content_type: str | None) -> Listing | None:
    """Return the feed or sitemap that was fetched from `url`; None where it is neither, as a page is.

    Raises FetchError for XML that is broken, too large or not read, InvalidArticleError for XML of another kind.
    """
    try:
        if data.startswith(_GZIP):
            data = gunzip(data)
        if content_type not in _XML and not _BEGINS.match(data[:_SNIFFED]):
            return None
        root = safe_xml(data)
    except FetchError as exc:
        raise XmlError(f"{shown(url)}: {exc}") from exc
    return _listing(root, url)


def listing_in(fetched: Fetched) -> Listing | None:
    """Return the feed or sitemap that a fetched address turned out to be; see read_listing."""
    return read_listing(fetched.body, url=fetched.url, content_type=fetched.content_type)


def _listing(root: Element, url: str) -> Listing | None:
    name = str(root.tag).rpartition("}")[2]
    if name in _SITEMAPS:
        return read_sitemap(root, url)
    if name in _FEEDS:
        if sum(1 for _ in root.iter()) > _MAX_FEED_ELEMENTS:
            raise XmlError(f"{shown(url)}: has more than {_MAX_FEED_ELEMENTS:,} elements; a feed needs less")
        return read_feed(root, url)
    if name == "html":
        return None
    raise InvalidArticleError(
        f"{shown(url)}: is XML, but neither a feed nor a sitemap (its root is {shown(name)}); give the pages themselves"
    )
