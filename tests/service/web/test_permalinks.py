from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.service.web.conftest import Seen, Site

pytestmark = pytest.mark.slow

playwright = pytest.importorskip("playwright.sync_api", reason="the page's tests need playwright")
expect = playwright.expect
Visit = Callable[..., "Page"]
QUOTE = "General Zhang Youxia led the Chinese side of the talks."


@pytest.fixture
def place(site: "Site", cited: dict[str, object]) -> str:
    """Return the address of a cited sentence, without its fragment; wide characters stand before it."""
    return f"{site.url}/articles/visit?start={cited['start']}&end={cited['end']}"


def _version(site: "Site", article_id: str) -> str:
    version: str = site.api("GET", f"/articles/{article_id}").json()["version"]
    return version


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_a_link_opens_its_sentence(site: "Site", visit: Visit, place: str, seen: "Seen", size: str) -> None:
    """With version and quote in the fragment, or without any, the sentence is highlighted; neither is ever sent."""
    page = visit(f"{place}#v={_version(site, 'visit')}&q={quote(QUOTE)}", size)
    expect(page.locator("#reader mark")).to_have_text(QUOTE)
    expect(page.locator("#reader .notice")).to_have_count(0)
    page.goto("about:blank")
    page.goto(place)
    expect(page.locator("#reader mark")).to_have_text(QUOTE)
    page.click("text=Close")
    expect(page.locator("#reader")).to_be_hidden()
    assert page.url == f"{site.url}/"
    assert not [url for url in seen.requests if "Zhang" in url.partition("#")[0]]


def test_an_article_that_has_changed_says_so(site: "Site", visit: Visit) -> None:
    """Of another version the old quote is shown, and highlighted where it still stands."""
    site.put({"moving": {"text": "The old first. The toll was seven.", "title": "Moving"}})
    old = f"{site.url}/articles/moving?start=15&end=34#v={_version(site, 'moving')}"
    site.put({"moving": {"text": "One more sentence. The old first. The toll was seven.", "title": "Moving"}})
    page = visit(f"{old}&q={quote('The toll was seven.')}")
    notice = page.locator("#reader .notice")
    expect(notice).to_contain_text("This article has changed since it was cited.")
    expect(notice.locator("blockquote")).to_have_text("The toll was seven.")
    expect(notice).to_contain_text("It still stands in the article as it is now.")
    expect(page.locator("#reader mark")).to_have_text("The toll was seven.")
    site.put({"moving": {"text": "The toll was six.", "title": "Moving"}})
    page.goto("about:blank")
    page.goto(f"{old}&q={quote('The toll was seven.')}")
    expect(notice).to_contain_text("It does not stand in the article as it is now.")
    expect(page.locator("#reader mark")).to_have_count(0)
    expect(page.locator("#reader .text")).to_have_text("The toll was six.")
    page.goto("about:blank")
    page.goto(old)
    expect(notice).to_contain_text("This article has changed since it was cited.")
    expect(notice.locator("blockquote")).to_have_count(0)


def test_an_article_that_is_gone_says_so(site: "Site", visit: Visit) -> None:
    """Of an article that was removed the quote that the link carries is shown, as what the link says."""
    page = visit(f"{site.url}/articles/nowhere?start=0&end=9#v=1&q={quote('It was “so”, 100 % + more.')}")
    expect(page.locator("#reader h2")).to_have_text("No such article")
    expect(page.locator("#reader .notice")).to_contain_text("has been removed, or was never here.")
    expect(page.locator("#reader blockquote")).to_have_text("It was “so”, 100 % + more.")


def test_a_quote_without_a_version_is_compared(visit: Visit, place: str) -> None:
    """Where other words stand at the place than the link says, the article has changed."""
    page = visit(f"{place}#q={quote('Both sides praised it.')}")
    expect(page.locator("#reader .notice")).to_contain_text("This article has changed since it was cited.")
    expect(page.locator("#reader mark")).to_have_text("Both sides praised it.")


ODD = (
    "?start=9000&end=9010",
    "?start=5",
    "?start=9&end=3",
    "?start=-1&end=5",
    "?start=x&end=y",
    "",
    "?start=1e1&end=20",
)


def test_a_place_that_cannot_be_highlights_nothing(site: "Site", visit: Visit) -> None:
    """An odd place shows the article from its beginning; one beyond its end is told."""
    page = visit(site.url)
    for query in ODD:
        page.goto(f"{site.url}/articles/visit{query}")
        expect(page.locator("#reader h2")).to_have_text("Visit ends")
        expect(page.locator("#reader mark")).to_have_count(0)
        expect(page.locator("#reader .notice")).to_have_count(1 if "9000" in query else 0)


def test_a_span_over_paragraphs_is_whole(site: "Site", visit: Visit) -> None:
    """A span that goes over the end of a paragraph is highlighted in both."""
    page = visit(f"{site.url}/articles/visit?start=0&end=46")
    expect(page.locator("#reader mark")).to_have_text(["𝔗he 🛬 army chief flew home on Sunday.", "General"])


def test_ids_of_all_kinds_are_found(site: "Site", visit: Visit) -> None:
    """Ids with marks that mean something in an address lead to their article."""
    for article_id in ("a#b", "x:y~z_.-"):
        site.put({quote(article_id, safe=""): {"text": f"This is {article_id}."}})
        page = visit(f"{site.url}/articles")
        page.click(f".rows a[href='/articles/{quote(article_id, safe='~').replace('%2E', '.')}']")
        expect(page.locator("#reader .text")).to_have_text(f"This is {article_id}.")
        expect(page.locator("#reader h2")).to_have_text("Untitled article")
        page.reload()
        expect(page.locator("#reader .text")).to_have_text(f"This is {article_id}.")
        page.click("text=Close")
        expect(page.locator("#reader")).to_be_hidden()


def test_only_links_of_the_web_lead_out(site: "Site", visit: Visit) -> None:
    """An address of another scheme is no link; one of the web names its host."""
    page = visit(site.url)
    article = site.api("GET", "/articles/visit").json()
    page.route("**/api/articles/visit", lambda route: route.fulfill(json=article))
    for url, host in (("ftp://a.example/x", None), ("https://WWW.A.example:8443/x", "a.example"), ("x", None)):
        article["url"] = url
        page.goto(f"{site.url}/articles/visit")
        expect(page.locator("#reader h2")).to_have_text("Visit ends")
        links = page.locator("#reader a")
        expect(links).to_have_count(1 if host else 0)
        if host:
            expect(links).to_contain_text(f"Original at {host}")
