import gzip

import pytest

from index.errors import InvalidArticleError
from index.fetching.errors import XmlError
from index.listings import Entry, Listing, read_listing

pytestmark = pytest.mark.slow

URL = "https://news.example/sitemaps/one.xml"
SPACE = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
)
MAP = f"<urlset {SPACE}>{{}}</urlset>"
INDEX = f"<sitemapindex {SPACE}>{{}}</sitemapindex>"


def read(data: str | bytes, content_type: str = "application/xml") -> Listing:
    """Return the listing in some bytes."""
    found = read_listing(data if isinstance(data, bytes) else data.encode(), url=URL, content_type=content_type)
    assert found is not None
    return found


def test_pages() -> None:
    """Each address comes in its one form, with its lastmod as it is written and as a date of change."""
    page = "<url><loc> https://News.example/a?utm_source=x </loc><lastmod>2024-05-02T10:00Z</lastmod></url>"
    found = read(MAP.format(page + "<url><loc>/b</loc></url>"))
    assert (found.kind, found.listings, found.warnings) == ("sitemap", (), ())
    assert found.entries == (
        Entry("https://news.example/a", "sitemap", modified_at="2024-05-02T10:00Z", lastmod="2024-05-02T10:00Z"),
        Entry("https://news.example/b", "sitemap"),
    )


def test_news() -> None:
    """A news sitemap tells title and date of publication."""
    date = "<news:publication_date>2024-05-02</news:publication_date>"
    news = f"<news:news>{date}<news:title>Ferry</news:title></news:news>"
    (found,) = read(MAP.format(f"<url><loc>https://news.example/a</loc>{news}</url>")).entries
    assert (found.title, found.published_at, found.modified_at) == ("Ferry", "2024-05-02", None)


def test_an_index() -> None:
    """It names further sitemaps and no pages."""
    found = read(INDEX.format("<sitemap><loc>/a.xml</loc><lastmod>2024-05</lastmod></sitemap>"))
    assert found.entries == ()
    assert [(entry.url, entry.lastmod) for entry in found.listings] == [("https://news.example/a.xml", "2024-05")]


def test_what_is_left_out_is_counted() -> None:
    """Addresses that are none, come twice, and dates that are none."""
    pages = (
        "<url/><url><loc>ftp://x.example/</loc></url><url><loc>/a</loc><lastmod>never</lastmod></url>"
        "<url><loc>/a</loc></url>"
    )
    found = read(MAP.format(pages))
    assert [entry.url for entry in found.entries] == ["https://news.example/a"]
    assert found.warnings == (
        "2 entries without the address of a page left out",
        "1 dates left out that cannot be read",
        "1 entries left out that name the same page again",
    )


@pytest.mark.parametrize("content_type", ["application/gzip", "application/xml", "text/html"])
def test_packed(content_type: str) -> None:
    """One that is packed by gzip is unpacked, whatever its type is said to be."""
    packed = gzip.compress(f'<?xml version="1.0"?>{MAP.format("<url><loc>/a</loc></url>")}'.encode())
    assert len(read(packed, content_type).entries) == 1


HOSTILE = {
    "bomb": gzip.compress(b"<urlset>" + b" " * 200_000_000 + b"</urlset>"),
    "cut off": gzip.compress(MAP.format("").encode())[:-4],
    "no XML": b"\x1f\x8bnothing",
    "entities": f'<!DOCTYPE urlset [<!ENTITY e "x">]>{MAP.format("<url><loc>&e;</loc></url>")}'.encode(),
    "too deep": MAP.format("<url>" * 200_000 + "</url>" * 200_000).encode(),
    "too many": MAP.format("<a/>" * 500_001).encode(),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_sitemaps_are_refused(kind: str) -> None:
    """Each is refused by an error that names its address."""
    with pytest.raises(XmlError, match=r"^https://news\.example/sitemaps/one\.xml: "):
        read(HOSTILE[kind])


def test_other_xml_is_named() -> None:
    """XML that is neither is told by its root."""
    with pytest.raises(InvalidArticleError, match=r"neither a feed nor a sitemap \(its root is svg\)"):
        read("<svg xmlns='http://www.w3.org/2000/svg'/>", "text/xml")
