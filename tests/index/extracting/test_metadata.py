import pytest

from index.extracting import Extracted
from index.extracting.metadata import read_metadata
from index.extracting.pages import parse_page

LD = (
    '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Of JSON-LD", '
    '"author": {"name": "Ada Byron"}, "publisher": {"name": "LD Paper"}, "inLanguage": "fr", '
    '"datePublished": "2022-06-01", "dateModified": "2022-07-01"}</script>'
)
OG = '<meta property="og:title" content="Of OpenGraph"><meta property="og:site_name" content="OG Paper">'
OG += '<meta property="og:locale" content="de_DE">'
META = (
    '<meta name="parsely-title" content="Of meta"><meta name="author" content="By Grace Murray">'
    '<meta property="article:published_time" content="2022-06-02T10:00:00Z">'
    '<meta name="publisher" content="Meta Paper">'
    '<meta property="article:modified_time" content="2022-07-02"><meta http-equiv="content-language" content="it">'
)
TITLE = "<title>Of title | Example News</title>"
BODY = (
    '<article><h1>Of title</h1><p class="byline">By Mary Lee, June 3, 2022</p><time itemprop="datePublished" datetime='
    '"2022-06-03"></time><time itemprop="dateModified" datetime="2022-07-03"></time><p>Text.</p></article>'
)
TIME = '<article><h1>Of title</h1><time datetime="2022-06-04T09:00">4 June</time><p>Text of some length.</p></article>'
URL = "https://examplenews.example/2022/06/05/a"


def read(head: str, body: str = BODY, url: str | None = URL, attributes: str = "") -> Extracted:
    """Read the metadata of a page."""
    return read_metadata(parse_page(f"<html {attributes}><head>{head}</head><body>{body}</body></html>", "page"), url)


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("title", [("json-ld", "Of JSON-LD"), ("opengraph", "Of OpenGraph"), ("meta", "Of meta"), ("h1", "Of title")]),
        (
            "author",
            [("json-ld", "Ada Byron"), ("meta", "Grace Murray"), ("meta", "Grace Murray"), ("byline", "Mary Lee")],
        ),
        (
            "outlet",
            [("opengraph", "OG Paper"), ("opengraph", "OG Paper"), ("meta", "Meta Paper"), ("title", "Example News")],
        ),
        ("language", [("opengraph", "de"), ("opengraph", "de"), ("meta", "it"), (None, None)]),
        (
            "published_at",
            [
                ("json-ld", "2022-06-01"),
                ("meta", "2022-06-02T10:00:00Z"),
                ("meta", "2022-06-02T10:00:00Z"),
                ("itemprop", "2022-06-03"),
            ],
        ),
        (
            "modified_at",
            [("json-ld", "2022-07-01"), ("meta", "2022-07-02"), ("meta", "2022-07-02"), ("itemprop", "2022-07-03")],
        ),
    ],
)
def test_order_of_trust(field: str, values: list[tuple[str | None, str | None]]) -> None:
    """Each field comes from the most trusted source that has it, and says from which."""
    heads = [TITLE + META + OG + LD, TITLE + META + OG, TITLE + META, TITLE]
    for head, (origin, value) in zip(heads, values, strict=True):
        found = read(head)
        assert getattr(found, field) == value
        assert found.origins.get(field) == origin


def test_language_of_the_page_itself() -> None:
    """The language that the page has comes before what its metadata say."""
    found = read(OG + LD, attributes='lang="en-GB"')
    assert (found.language, found.origins["language"]) == ("en", "html")


def test_dates_in_the_body_and_in_the_address() -> None:
    """A time beside the headline comes before the day in the address, and a page without any date has none."""
    assert read("", TIME).published_at == "2022-06-04T09:00"
    assert read("", "<p>Text.</p>").origins["published_at"] == "url"
    assert read("", "<p>Text.</p>", "https://a.example/b").published_at is None


@pytest.mark.parametrize(
    "body",
    [
        '<article><time class="updated" datetime="2022-06-04"></time></article>',
        '<aside><article><time datetime="2022-06-04"></time></article></aside>',
        '<div class="related"><article><time datetime="2022-06-04"></time></article></div>',
        '<p><time datetime="2022-06-04"></time></p>',
    ],
)
def test_times_of_something_else(body: str) -> None:
    """A time of change, of other articles, or that stands anywhere, is not that of publication."""
    assert read("", body, "https://a.example/b").published_at is None


def test_a_change_is_no_publication() -> None:
    """A page that only says when it was changed has no date of publication."""
    found = read('<meta property="og:updated_time" content="2022-07-01">', "<p>Text.</p>", "https://a.example/b")
    assert (found.published_at, found.modified_at) == (None, "2022-07-01")


@pytest.mark.parametrize(
    ("href", "url", "canonical", "origin"),
    [
        ("/a?utm_source=x#top", "https://www.example.org/b", "https://www.example.org/a", "link"),
        ("https://example.org/a", "https://m.example.org/a?amp=1", "https://example.org/a", "link"),
        ("https://evil.example/a", "https://example.org/a?fbclid=1", "https://example.org/a", "fetched"),
        ("https://evil.co.uk/a", "https://news.co.uk/a", "https://news.co.uk/a", "fetched"),
        ("https://evil.blogs.example/a", "https://news.blogs.example/b", "https://news.blogs.example/b", "fetched"),
        ("https://blogs.example/evil", "https://news.blogs.example/b", "https://news.blogs.example/b", "fetched"),
        ("https://example.org/a", "https://amp.example.org/a", "https://example.org/a", "link"),
        ("https://en.example.org/a", "https://en.m.example.org/a", "https://en.example.org/a", "link"),
        ("https://example.org:8080/evil", "https://example.org/a", "https://example.org/a", "fetched"),
        ("javascript:alert(1)", "https://example.org/a", "https://example.org/a", "fetched"),
        ("http://[", "https://example.org/a", "https://example.org/a", "fetched"),
        ("https://example.org/a", None, "https://example.org/a", "link"),
        ("/a", None, None, None),
    ],
)
def test_canonical_address(href: str, url: str | None, canonical: str | None, origin: str | None) -> None:
    """The canonical address is resolved and normalised, and one on another site is not taken."""
    found = read(f'<link rel="canonical" href="{href}">', url=url)
    assert found.canonical_url == canonical
    assert found.origins.get("canonical_url") == origin
    assert any("another site" in warning for warning in found.warnings) == ("evil" in href)


HOME = "https://example.org/"
HOMES = [
    (f'<link rel="canonical" href="{HOME}"><meta property="og:url" content="{HOME}">', "fetched", 1),
    ('<link rel="canonical" href="https://www.example.org">', "fetched", 1),
    (f'<link rel="canonical" href="/a"><meta property="og:url" content="{HOME}">', "link", 0),
    (f'<link rel="canonical" href="{HOME}"><meta property="og:url" content="{HOME}a">', "opengraph", 1),
]


@pytest.mark.parametrize(("head", "origin", "warnings"), HOMES)
def test_a_page_that_names_the_home_page(head: str, origin: str, warnings: int) -> None:
    """It keeps its own address, lest all pages of its site take one place; the home page itself may have that."""
    found = read(head, url=f"{HOME}a")
    assert (found.canonical_url, found.origins["canonical_url"]) == (f"{HOME}a", origin)
    assert sum("home page" in warning for warning in found.warnings) == warnings
    assert not any("home page" in warning for warning in read(head, url=HOME).warnings)


def test_pages_told_apart_by_their_queries() -> None:
    """An address without a path is no home page where its query names the article."""
    found = read('<link rel="canonical" href="/?p=7">', url=f"{HOME}ferry")
    assert (found.canonical_url, found.warnings) == (f"{HOME}?p=7", ())
    found = read(f'<link rel="canonical" href="{HOME}">', url=f"{HOME}?p=7")
    assert found.canonical_url == f"{HOME}?p=7"


@pytest.mark.parametrize(
    "author", ["https://example.org/ada", "admin", "ada@example.org", "", "A", "x" * 200, "<b>", "one two three " * 9]
)
def test_no_author(author: str) -> None:
    """An address, a placeholder or a sentence is no author."""
    assert read(f'<meta name="author" content="{author}">', "<p>Text.</p>").author is None


def test_several_authors() -> None:
    """Several authors are named once each, parted by commas."""
    head = '<meta name="author" content="Ada Byron"><meta name="author" content="By Ada Byron">'
    assert read(head + '<meta name="author" content="Grace Murray">').author == "Ada Byron, Grace Murray"


def test_an_address_is_no_outlet() -> None:
    """A site's name that is an address is passed over."""
    assert (
        read('<meta property="og:site_name" content="https://www.a.example">', url="https://b.example").outlet is None
    )
