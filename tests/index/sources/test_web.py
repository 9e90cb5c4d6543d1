"""Looks at a site on loopback that changes between them."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from index.documents import Documents
from index.fetching import Fetcher, Policy
from index.ledger import Item
from index.sources import Event, Found, Gone, Kept, Left, Missed, Noticed, Web, unread

pytestmark = pytest.mark.slow

Look = Callable[..., list[Event]]


@pytest.fixture
def documents(site: object) -> Iterator[Documents]:
    """Return what may fetch from the site, without waiting between requests."""
    with Documents(Fetcher(Policy(allow_private=(site.host,), host_delay=0))) as opened:  # type: ignore[attr-defined]
        yield opened


@pytest.fixture
def look(site: object, documents: Documents) -> Look:
    """Return what looks at a path again and again, and keeps what is to be kept as the ledger does."""
    known: dict[str, Item] = {}

    def once(path: str, *, max_entries: int = 100, stored: bool = True) -> list[Event]:
        web = Web(documents, max_bytes=100_000, max_entries=max_entries)
        events = list(web.read(f"{site.url}{path}", list(known.values())))  # type: ignore[attr-defined]
        for event in events:
            match event:
                case Found(read, Item() as item) if stored:
                    known[item.place] = Item(**{**vars(item), "article_id": read.article.id})
                case Kept(item) | Missed(_, Item() as item):
                    known[item.place] = item
                case Gone(item, named=True):
                    known[item.place] = replace(unread(item), article_id=None)
                case Gone(item) | Left(item):
                    del known[item.place]
        return events

    return once


def kinds(events: list[Event]) -> str:
    """Return the events of pages, in short."""
    listings = [event for event in events if isinstance(event, Kept) and event.item.kind == "listing"]
    pages = [event for event in events if event not in listings]
    return " ".join(type(event).__name__ for event in pages if type(event).__name__ != "Recognised")


def test_a_page(site: object, look: Look) -> None:
    """An address of a page gives its article, and nothing else."""
    site.article("/a", "Ferry", "The ferry sails.")
    (found,) = look("/a")
    assert isinstance(found, Found)
    assert found.read.article.url == f"{site.url}/a"


def test_a_feed_that_is_looked_at_again(site: object, look: Look) -> None:
    """What has not changed is answered by 304; a new page is read, a changed one is read again."""
    site.article("/a", "A", "The ferry sails.")
    site.article("/b", "B", "The bridge opened.")
    site.feed("/feed", "/a", "/b")
    assert kinds(look("/feed")) == "Found Found"
    assert site.asked_now() == ["/a", "/b", "/feed"]
    assert kinds(look("/feed")) == "Kept Kept"
    assert site.asked_now() == ["*/a", "*/b", "*/feed"]
    site.article("/b", "B", "The bridge was closed.")
    assert kinds(look("/feed")) == "Kept Found"
    site.article("/c", "C", "The dam held.")
    site.feed("/feed", "/c", "/a", "/b")
    assert kinds(look("/feed")) == "Found Kept Kept"


def test_what_left_a_feed(site: object, look: Look) -> None:
    """It is asked for once more: while it is there it is left alone, else it is gone."""
    for name in "abc":
        site.article(f"/{name}", name, f"The ferry {name} sails.")
    site.feed("/feed", "/a", "/b", "/c")
    look("/feed")
    del site.replies["/b"]
    site.feed("/feed", "/c")
    events = look("/feed")
    assert kinds(events) == "Kept Left Gone"
    assert [event.item.place[-2:] for event in events if isinstance(event, Left | Gone)] == ["/a", "/b"]
    site.asked_now()
    assert kinds(look("/feed")) == "Kept"
    assert site.asked_now() == ["*/c", "*/feed"]


ANSWERS = [(404, "Gone"), (410, "Gone"), (500, "Missed"), (403, "Missed"), (200, "Missed")]


@pytest.mark.parametrize(("status", "kind"), ANSWERS)
def test_a_page_that_is_in_the_feed_still(site: object, look: Look, status: int, kind: str) -> None:
    """Only 404 and 410 say that it is gone; a failure, or a page without text, is tried again and changes nothing."""
    site.article("/a", "A", "The ferry sails.")
    site.feed("/feed", "/a")
    look("/feed")
    site.put("/a", "<html></html>", status=status)
    assert kinds(look("/feed")) == kind
    site.article("/a", "A", "The ferry sails.")
    assert kinds(look("/feed")) == ("Found" if kind == "Gone" else "Kept")


def test_a_page_that_never_worked(site: object, look: Look) -> None:
    """It is tried again though its feed has not changed, and is a failure each time."""
    site.feed("/feed", "/a")
    assert kinds(look("/feed")) == "Missed"
    assert kinds(look("/feed")) == "Missed"
    site.article("/a", "A", "The ferry sails.")
    assert kinds(look("/feed")) == "Found"
    assert site.asked_now() == ["*/feed", "*/feed", "/a", "/a", "/a", "/feed"]


def test_a_feed_that_fails(site: object, look: Look) -> None:
    """While the feed itself cannot be read, or is a page, nothing of it is kept, left or gone."""
    site.article("/a", "A", "The ferry sails.")
    site.feed("/feed", "/a")
    look("/feed")
    for body, status in (("<rss", 200), ("", 500), ("", 404), ("<html><p>Sorry</p></html>", 200)):
        site.put("/feed", body, "text/html" if "html" in body else "text/xml", status=status)
        assert kinds(look("/feed")) == "Missed"
    site.feed("/feed", "/a")
    assert kinds(look("/feed")) == "Kept"


def test_a_sitemap_by_lastmod(site: object, look: Look) -> None:
    """A page whose lastmod is the same is not asked for; one without a lastmod is, and one whose lastmod is new."""
    for name in "abc":
        site.article(f"/{name}", name, f"The ferry {name} sails.", cached=False)
    site.sitemap("/map", a="2024-05-01", b="2024-05-01", c="")
    assert kinds(look("/map")) == "Found Found Found"
    site.asked_now()
    site.sitemap("/map", a="2024-05-01", b="2024-05-02", c="")
    assert kinds(look("/map")) == "Kept Found Found"
    assert site.asked_now() == ["/b", "/c", "/map"]


def test_a_lastmod_that_is_the_day_of_the_look(site: object, look: Look) -> None:
    """A page corrected later on the day that its sitemap names is seen: the page is asked for, if only for a change."""
    today = datetime.now(UTC).date().isoformat()
    site.article("/a", "A", "The ferry sails.")
    site.sitemap("/map", a=today)
    assert kinds(look("/map")) == "Found"
    assert kinds(look("/map")) == "Kept"
    assert site.asked_now() == ["*/a", "/a", "/map", "/map"]
    site.article("/a", "A", "The ferry does not sail.")
    assert kinds(look("/map")) == "Found"


def test_a_sitemap_of_the_day_of_the_look(site: object, look: Look) -> None:
    """What comes into it later on the day that its index names is found."""
    today = datetime.now(UTC).date().isoformat()
    for name in "ab":
        site.article(f"/{name}", name, f"The ferry {name} sails.")
    site.sitemap("/one", a="2024-05-01T08:00:00Z")
    index = f"<sitemapindex><sitemap><loc>/one</loc><lastmod>{today}</lastmod></sitemap></sitemapindex>"
    site.put("/index", index, "text/xml")
    assert kinds(look("/index")) == "Found"
    site.sitemap("/one", a="2024-05-01T08:00:00Z", b="2024-05-01T08:00:00Z")
    assert kinds(look("/index")) == "Kept Found"


def test_a_lastmod_whose_fetch_failed(site: object, look: Look) -> None:
    """A new lastmod is not taken for seen before its page was read."""
    site.article("/a", "A", "The ferry sails.")
    site.sitemap("/map", a="2024-05-01")
    look("/map")
    site.put("/a", "", status=500)
    site.sitemap("/map", a="2024-05-02")
    assert kinds(look("/map")) == "Missed"
    site.article("/a", "A", "The ferry was sold.")
    assert kinds(look("/map")) == "Found"
    assert kinds(look("/map")) == "Kept"


def test_an_index_of_sitemaps(site: object, look: Look) -> None:
    """Sitemaps below are read to a depth of three, each once, and not again while their lastmod is the same."""
    site.article("/a", "A", "The ferry sails.")
    site.sitemap("/one", a="")
    index = "<sitemap><loc>/{}</loc><lastmod>2024-05-01</lastmod></sitemap><sitemap><loc>/index</loc></sitemap>"
    site.put("/index", f"<sitemapindex>{index.format('one')}</sitemapindex>", "text/xml", cached=False)
    events = look("/index")
    assert kinds(events) == "Noticed Found"
    assert "names " in str([event.warning for event in events if isinstance(event, Noticed)])
    assert site.asked_now() == ["/a", "/index", "/one"]
    assert kinds(look("/index")) == "Noticed Kept"
    assert site.asked_now() == ["*/a", "/index"]
    site.put("/index", "<sitemapindex></sitemapindex>", "text/xml", cached=False)
    assert kinds(look("/index")) == "Left"


def test_sitemaps_without_end(site: object, look: Look) -> None:
    """A chain of indexes is followed three deep, and that it goes on is told."""
    for number in range(9):
        below = f"<sitemapindex><sitemap><loc>/{number + 1}</loc></sitemap></sitemapindex>"
        site.put(f"/{number}", below, "text/xml")
    (noticed,) = [event for event in look("/0") if isinstance(event, Noticed)]
    assert noticed.warning == "1 sitemaps more than 3 deep were not read"
    assert site.asked_now() == ["/0", "/1", "/2", "/3"]


def test_more_pages_than_are_read(site: object, look: Look) -> None:
    """The newest are read, that others are left out is told, and they are not forgotten when the limit is raised."""
    for name in "abc":
        site.article(f"/{name}", name, f"The ferry {name} sails.")
    site.sitemap("/map", a="2024-05-01", b="2024-05-03", c="2024-05-02")
    events = look("/map", max_entries=2)
    assert kinds(events) == "Noticed Found Found"
    assert site.asked_now() == ["/b", "/c", "/map"]
    assert "1 pages were left out beside the newest 2; PULLQUOTE_MAX_ENTRIES raises that" in str(events)
    assert kinds(look("/map")) == "Found Kept Kept"


def test_pages_left_out_of_a_sitemap_below_another(site: object, look: Look) -> None:
    """They are read once the limit is raised, though the index says that their sitemap has not changed."""
    for name in "abc":
        site.article(f"/{name}", name, f"The ferry {name} sails.")
    site.sitemap("/one", a="2024-05-01", b="2024-05-03", c="2024-05-02")
    index = "<sitemapindex><sitemap><loc>/one</loc><lastmod>2024-05-03T10:00:00Z</lastmod></sitemap></sitemapindex>"
    site.put("/index", index, "text/xml")
    assert kinds(look("/index", max_entries=2)) == "Noticed Found Found"
    assert kinds(look("/index")) == "Found Kept Kept"


PUBLISHED = "<pubDate>Thu, 02 May 2024 08:30:00 GMT</pubDate>"
JSON_LD = '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "2023-01-01"}</script>'
META = '<meta property="article:published_time" content="2023-02-02">'
TIME = '<time itemprop="datePublished" datetime="2023-03-03"></time>'


@pytest.mark.parametrize(
    ("head", "said", "date", "origin"),
    [
        (JSON_LD + META, "", "2023-01-01", "json-ld"),
        (META, "", "2023-02-02", "meta"),
        ("", TIME, "2024-05-02T08:30:00+00:00", "feed"),
        ("", "", "2024-05-02T08:30:00+00:00", "feed"),
    ],
)
def test_what_dates_are_trusted(site: object, look: Look, head: str, said: str, date: str, origin: str) -> None:  # noqa: PLR0917
    """JSON-LD and the page's head before the feed, the feed before the page's body; each with where it came from."""
    site.article("/a", "A", f"{said}The ferry sails.", head)
    site.feed("/feed", "/a", dates=PUBLISHED)
    (found,) = [event for event in look("/feed") if isinstance(event, Found)]
    article = found.read.article
    assert (article.published_at, article.origins["published_at"]) == (date, origin)
    assert article.modified_at is None
    assert article.origins["fetched_at"] == "fetch"


def test_a_date_that_a_sitemap_tells(site: object, look: Look) -> None:
    """The lastmod is a date of change, not of publication; without any date an article has none."""
    site.article("/a", "A", "The ferry sails.")
    site.article("/b", "B", "The bridge opened.")
    site.sitemap("/map", a="2024-05-02", b="")
    first, second = (event.read.article for event in look("/map") if isinstance(event, Found))
    assert (first.published_at, first.modified_at, first.origins["modified_at"]) == (None, "2024-05-02", "sitemap")
    assert (second.published_at, second.modified_at) == (None, None)


def test_a_date_that_the_feed_corrects(site: object, look: Look) -> None:
    """What a feed says anew is taken though the page has not changed."""
    site.article("/a", "A", "The ferry sails.")
    site.feed("/feed", "/a")
    look("/feed")
    site.feed("/feed", "/a", dates=PUBLISHED)
    (found,) = [event for event in look("/feed") if isinstance(event, Found)]
    assert found.read.article.published_at == "2024-05-02T08:30:00+00:00"


def test_an_article_that_was_redirected_to(site: object, look: Look) -> None:
    """It is known by where it is, and tells what led there."""
    site.article("/new", "A", "The ferry sails.")
    site.put("/old", "", status=301, headers={"Location": "/mid"})
    site.put("/mid", "", status=302, headers={"Location": "/new"})
    (found,) = look("/old")
    assert isinstance(found, Found)
    assert found.read.article.url == f"{site.url}/new"
    assert found.read.article.origins["redirects"] == f"{site.url}/old {site.url}/mid"


def test_one_article_at_several_addresses(site: object, look: Look) -> None:
    """rel=canonical, tracking and fragments lead to one id."""
    canonical = '<link rel="canonical" href="/a?utm_medium=x#top">'
    for path in ("/a", "/a?print=1"):
        site.article(path, "A", "The ferry sails.", canonical)
    (first,), (second,) = look("/a#x", stored=False), look("/a?print=1", stored=False)
    assert isinstance(first, Found)
    assert isinstance(second, Found)
    assert first.read.article.id == second.read.article.id
    assert first.read.article.meta_version == second.read.article.meta_version
    assert first.read.article.origins["url"] == "link"
