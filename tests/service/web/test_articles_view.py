from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.service.web.conftest import Site

pytestmark = pytest.mark.slow

playwright = pytest.importorskip("playwright.sync_api", reason="the page's tests need playwright")
expect = playwright.expect
Visit = Callable[..., "Page"]
MARKDOWN = b"""---
title: "Dam gate fails"
url: https://compass.example/dam
outlet: The Compass
published_at: 2023-10-17
---

# A heading

Gate No. 4 gave way at night.
"""


def _file(name: str, body: bytes) -> dict[str, object]:
    return {"name": name, "mimeType": "text/plain", "buffer": body}


def _ids(site: "Site") -> list[str]:
    return [one["id"] for one in site.api("GET", "/articles?limit=1000").json()["articles"]]


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_articles_are_listed_and_read(site: "Site", visit: Visit, size: str) -> None:
    """Each article is there with what tells it, opens to be read, and closes onto the list."""
    page = visit(site.url, size)
    page.click("nav >> text=Articles")
    expect(page.locator("h1:visible")).to_have_text("Articles (3)")
    expect(page.locator(".rows .source").nth(2)).to_have_text("ApexA. Writer13 June 20223 sentences")
    page.click(".rows >> text=Ferry sails again")
    expect(page.locator("#reader .text p").first).to_have_text("The ferry to Port Ellis sails again.")
    expect(page.locator("#reader mark")).to_have_count(0)
    expect(page.locator("#reader h2")).to_be_focused()
    page.click("text=Close")
    expect(page.locator("#reader")).to_be_hidden()
    expect(page.locator(".title", has_text="Ferry sails again")).to_be_focused()
    assert page.url == f"{site.url}/articles"


def test_files_are_added(site: "Site", visit: Visit) -> None:
    """Files of every kind become articles, what cannot be says why in words, and nothing in a name is markup."""
    page = visit(f"{site.url}/articles")
    html = b"<html><body><article><p>" + b"The museum opens again on Monday. " * 20 + b"</p></article></body></html>"
    page.set_input_files(
        "#files",
        [
            _file("city-report.txt", b"The city council met on Monday."),
            _file("dam.md", MARKDOWN),
            _file("museum.html", html),
            _file("latin.txt", b"caf\xe9 au lait"),
            _file("<img src=x onerror=alert(1)>.png", b"\x89PNG"),
            _file("broken.pdf", b"%PDF-1.7"),
            _file("dump.jsonl", b'{"id": "rain", "text": "Rain fell."}\n{"id": "none"}\n'),
        ],
    )
    uploads = page.locator("#uploads")
    expect(uploads).to_contain_text("4 added, 4 failed.", timeout=30_000)
    items = uploads.locator("li")
    expect(items.filter(has_text="city-report.txt")).to_contain_text("added Read it")
    expect(items.filter(has_text="museum.html")).to_contain_text("added Read it")
    expect(items.filter(has_text="latin.txt")).to_contain_text("Is not UTF-8")
    expect(items.filter(has_text="onerror")).to_contain_text("Files of this kind are not read")
    expect(items.filter(has_text="broken.pdf").locator(".wrong")).to_be_visible()
    expect(items.filter(has_text="dump.jsonl, line 2")).to_contain_text("`text` must be a string")
    expect(uploads.locator("img")).to_have_count(0)
    expect(page.locator("h1:visible")).to_have_text("Articles (7)")
    items.filter(has_text="dam.md").locator("a").click()
    expect(page.locator("#reader h2")).to_have_text("Dam gate fails")
    added = set(_ids(site)) - {"visit", "ferry", "bridge"}
    titles = {site.api("GET", f"/articles/{one}").json()["title"] for one in added}
    assert titles == {"city report", "Dam gate fails", "museum", None}
    for one in added:
        site.api("DELETE", f"/articles/{one}")


def test_a_page_is_added_by_its_address(site: "Site", visit: Visit) -> None:
    """An address that may not be fetched from is told, as is one that is none; the field is free for the next."""
    page = visit(f"{site.url}/articles", "phone")
    page.fill("#address", "http://127.0.0.1/secret")
    page.click("text=Add by address")
    expect(page.locator("#uploads")).to_contain_text("1 failed.")
    expect(page.locator("#uploads li")).to_contain_text("Its host leads to this machine, a private network")
    expect(page.locator("#address")).to_have_value("")
    page.click("text=Dismiss")
    expect(page.locator("#uploads li")).to_have_count(0)


def test_a_page_of_the_web_is_added(serve: Callable[..., "Site"], visit: Visit, news_site: object) -> None:
    """It is fetched and listed; while it is on its way it can be cancelled, also after a reload."""
    site = serve(fetch_private_hosts=(news_site.host,))  # type: ignore[attr-defined]
    page = visit(f"{site.url}/articles")
    page.fill("#address", news_site.url("one"))  # type: ignore[attr-defined]
    page.press("#address", "Enter")
    expect(page.locator("#uploads")).to_contain_text("1 added.")
    expect(page.locator(".rows")).to_contain_text("Ferry one")
    news_site.open.clear()  # type: ignore[attr-defined]
    page.fill("#address", news_site.url("two"))  # type: ignore[attr-defined]
    page.press("#address", "Enter")
    expect(page.locator("#uploads")).to_contain_text("0 of 1 done")
    page.reload()
    expect(page.locator("#uploads")).to_contain_text("0 of 1 done")
    page.click("nav >> text=Ask")
    with page.expect_response("**/api/jobs?limit=100"):
        page.click("nav >> text=Articles")
    expect(page.locator("#uploads .job")).to_have_count(1)
    page.click("text=Cancel")
    expect(page.locator("#uploads")).to_contain_text("1 cancelled.")


def test_a_job_that_is_refused_is_said(site: "Site", visit: Visit) -> None:
    """Where the server takes no more, its words are shown; where the connection breaks, one can look again."""
    page = visit(f"{site.url}/articles")
    body = {"error": "jobs_full", "detail": "16 jobs wait to be done; send it again once some are done"}
    page.route("**/api/articles", lambda route: route.fulfill(status=429, json=body))
    page.set_input_files("#files", [_file("rain.txt", b"Rain fell.")])
    expect(page.locator("#uploads .wrong")).to_contain_text("16 jobs wait to be done")
    page.unroute("**/api/articles")
    page.route("**/api/jobs?*", lambda route: route.abort("connectionrefused"))
    page.set_input_files("#files", [_file("rain.txt", b"Rain fell.")])
    expect(page.locator("#uploads .wrong").first).to_contain_text("What was sent is not lost.")
    page.unroute("**/api/jobs?*")
    page.click("text=Look again")
    expect(page.locator("#uploads")).to_contain_text("1 added.")
    (rain,) = set(_ids(site)) - {"visit", "ferry", "bridge"}
    site.api("DELETE", f"/articles/{rain}")


def test_many_jobs_leave_the_page_free(
    serve: Callable[..., "Site"], visit: Visit, ask: Callable[["Page", str], None], news_site: object
) -> None:
    """More jobs than a browser has connections are followed while questions are answered; each ends as it did."""
    site = serve(fetch_private_hosts=(news_site.host,))  # type: ignore[attr-defined]
    site.put({"visit": {"text": "General Zhang Youxia led the Chinese side of the talks."}})
    news_site.open.clear()  # type: ignore[attr-defined]
    for name in ("one", "two", "gone", "four", "five", "six", "seven"):
        site.api("POST", "/articles", {"urls": [news_site.url(name)]})  # type: ignore[attr-defined]
    page = visit(f"{site.url}/articles")
    jobs = page.locator("#uploads .job")
    expect(jobs).to_have_count(7)
    expect(jobs).to_contain_text(["0 of 1 done"] * 7)
    page.click("nav >> text=Ask")
    ask(page, "Which general led the Chinese side of the talks?")
    page.click("nav >> text=Articles")
    jobs.first.locator("text=Cancel").click()
    expect(jobs.first).to_contain_text("1 cancelled.")
    news_site.open.set()  # type: ignore[attr-defined]
    expect(jobs.filter(has_text="1 failed.")).to_contain_text("404", timeout=30_000)
    expect(jobs.filter(has_text="1 added.")).to_have_count(5, timeout=30_000)
    expect(page.locator("h1:visible")).to_have_text("Articles (6)")


def test_every_failure_of_a_long_job_is_listed(site: "Site", visit: Visit) -> None:
    """Of what went well a hundred items are listed, of what failed all, wherever they stand."""
    lines = [b'{"id": "n"}' if n % 40 == 39 else b'{"id": "n%d", "text": "Rain fell."}' % n for n in range(240)]
    page = visit(f"{site.url}/articles")
    page.set_input_files("#files", [_file("dump.jsonl", b"\n".join(lines))])
    expect(page.locator("#uploads")).to_contain_text("234 added, 6 failed.", timeout=60_000)
    expect(page.locator("#uploads li .wrong")).to_have_count(6)
    expect(page.locator("#uploads li:not(:has(.wrong))")).to_have_count(100)
    for n in range(240):
        if n % 40 != 39:
            site.api("DELETE", f"/articles/n{n}")


def test_an_address_that_is_refused_stays_written(site: "Site", visit: Visit) -> None:
    """Where the server takes no more jobs, the address can be sent again."""
    page = visit(f"{site.url}/articles")
    body = {"error": "jobs_full", "detail": "16 jobs wait to be done; send it again once some are done"}
    page.route("**/api/articles", lambda route: route.fulfill(status=429, json=body))
    page.fill("#address", "https://news.example/a/long/address")
    page.press("#address", "Enter")
    expect(page.locator("#uploads .wrong")).to_contain_text("16 jobs wait to be done")
    expect(page.locator("#address")).to_have_value("https://news.example/a/long/address")


def test_a_dropped_file_is_added_and_never_opened(site: "Site", visit: Visit) -> None:
    """A drop anywhere on the articles adds the file; elsewhere it does nothing, and the page stays."""
    page = visit(site.url)
    drop = """() => {
        const data = new DataTransfer();
        data.items.add(new File(['A train left the station.'], 'train.txt', {type: 'text/plain'}));
        const event = new DragEvent('drop', {dataTransfer: data, bubbles: true, cancelable: true});
        document.body.dispatchEvent(event);
        return event.defaultPrevented;
    }"""
    page.click("nav >> text=Articles")
    expect(page.locator(".rows")).to_be_visible()
    assert page.evaluate(drop)
    expect(page.locator("#uploads li")).to_contain_text("train.txt added")
    page.click("nav >> text=Ask")
    assert page.evaluate(drop)
    page.click("nav >> text=Articles")
    expect(page.locator("#uploads li")).to_have_count(1)
    (train,) = set(_ids(site)) - {"visit", "ferry", "bridge"}
    site.api("DELETE", f"/articles/{train}")


def test_a_text_is_pasted(site: "Site", visit: Visit) -> None:
    """Pasted text becomes an article; a refusal is said in its words, and nothing that was written is lost."""
    page = visit(f"{site.url}/articles", "phone")
    page.click("text=Paste a text")
    page.click("text=Add this article")
    expect(page.locator(".paste [role=status]")).to_have_text("Paste the text of the article first.")
    page.fill("#new-text", "Rain fell all day.")
    page.fill("#new-title", "Rain & Wind: été")
    page.fill("#new-published_at", "tomorrow")
    page.click("text=Add this article")
    expect(page.locator(".paste [role=status]")).to_contain_text("tomorrow")
    expect(page.locator("#new-text")).to_have_value("Rain fell all day.")
    page.fill("#new-published_at", "2024-01-31")
    page.click("text=Add this article")
    expect(page.locator(".paste [role=status]")).to_contain_text("added")
    expect(page.locator("#new-text")).to_have_value("")
    (rain,) = (one for one in _ids(site) if one.startswith("rain-wind-ete-"))
    expect(page.locator(".rows")).to_contain_text("31 January 2024")
    site.api("DELETE", f"/articles/{rain}")


def test_a_removal_can_be_taken_back(site: "Site", visit: Visit) -> None:
    """Nothing is sent for eight seconds: Undo keeps the article, and so does a tab that closes; then it is gone."""
    site.put({"gone": {"text": "Soon gone.", "title": "Soon gone"}})
    page = visit(f"{site.url}/articles")
    page.clock.install()
    row = page.locator(".rows li", has_text="Soon gone")
    row.locator("text=Remove").click()
    expect(row.locator("text=Undo")).to_be_focused()
    page.clock.fast_forward(7_000)
    row.locator("text=Undo").click()
    expect(row.locator(".title")).to_be_focused()
    page.clock.fast_forward(60_000)
    assert "gone" in _ids(site)
    row.locator("text=Remove").click()
    page.reload()
    page.clock.fast_forward(60_000)
    assert "gone" in _ids(site)
    row.locator("text=Remove").click()
    page.click("nav >> text=Ask")
    page.clock.fast_forward(8_100)
    page.click("nav >> text=Articles")
    expect(page.locator("h1:visible")).to_have_text("Articles (3)")
    assert "gone" not in _ids(site)


def test_a_removal_that_is_refused_is_said(site: "Site", visit: Visit) -> None:
    """Where the server refuses, the article stays in the list with the reason."""
    page = visit(f"{site.url}/articles")
    page.clock.install()
    body = {"error": "forbidden", "detail": "the token 'a' may ask but not change articles; use one of scope admin"}
    page.route("**/api/articles/ferry", lambda route: route.fulfill(status=403, json=body))
    row = page.locator(".rows li", has_text="Ferry sails again")
    row.locator("text=Remove").click()
    page.clock.fast_forward(8_100)
    expect(row.locator(".notice")).to_contain_text("may ask but not change articles; use one of scope admin.")
    expect(row.locator("text=Remove")).to_be_visible()


def test_many_articles_come_in_pages(site: "Site", visit: Visit) -> None:
    """Fifty are shown at a time, and the others by Next and Previous."""
    page = visit(site.url)
    summary = site.api("GET", "/articles").json()["articles"][0]

    def reply(route: "playwright.Route") -> None:
        offset = int(route.request.url.rpartition("offset=")[2])
        shown = [{**summary, "id": f"a{n}", "title": f"Title {n}"} for n in range(offset, min(offset + 50, 120))]
        route.fulfill(json={"articles": shown, "total": 120, "offset": offset, "limit": 50})

    page.route("**/api/articles?limit=50*", reply)
    page.click("nav >> text=Articles")
    expect(page.locator(".pager")).to_contain_text("1 to 50 of 120")
    expect(page.locator("text=Previous")).to_be_disabled()
    page.click("text=Next")
    page.click("text=Next")
    expect(page.locator(".pager")).to_contain_text("101 to 120 of 120")
    expect(page.locator(".rows li")).to_have_count(20)
    expect(page.locator("text=Next")).to_be_disabled()
    page.click("text=Previous")
    expect(page.locator(".rows li").first).to_contain_text("Title 50")
