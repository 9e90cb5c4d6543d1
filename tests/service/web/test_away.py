from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from service.http.pages import ASSETS

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.service.web.conftest import Seen, Site

pytestmark = pytest.mark.slow

playwright = pytest.importorskip("playwright.sync_api", reason="the page's tests need playwright")
expect = playwright.expect
Visit = Callable[..., "Page"]
Ask = Callable[["Page", str], None]
LED = "Which general led the Chinese side of the talks?"
AWAY = "The server cannot be reached. See that it runs, then try again."


@pytest.fixture
def lacking(site: "Site", visit: Visit) -> Callable[..., "Page"]:
    """Return what opens a view for which one script never comes, until it is unrouted."""

    def opened(script: str, path: str = "", size: str = "phone") -> "Page":
        page = visit(f"{site.url}/assets/favicon.svg", size)
        page.route(f"**/js/{script}.js", lambda route: route.abort("connectionrefused"))
        page.goto(f"{site.url}{path}")
        return page

    return opened


def test_every_script_is_there_before_it_is_needed(site: "Site", visit: Visit, seen: "Seen") -> None:
    """Once the page is idle it has all of its scripts: a question asked while the server is away is told so."""
    page = visit(site.url)
    page.wait_for_load_state("networkidle")
    scripts = {f"{site.url}/assets/{name}" for name in ASSETS if name.endswith(".js")}
    assert scripts <= set(seen.loaded)
    page.route("**/*", lambda route: route.abort("connectionrefused"))
    page.fill("#question", LED)
    page.press("#question", "Enter")
    expect(page.locator(".turn .notice")).to_contain_text(AWAY)
    page.click("nav >> text=Articles")
    expect(page.locator("#list .notice")).to_contain_text(AWAY)


def test_a_question_that_cannot_be_sent_is_kept(lacking: Callable[..., "Page"]) -> None:
    """Where the script that asks does not come, that is said and kept, and the next question is taken."""
    page = lacking("ask")
    page.fill("#question", LED)
    page.press("#question", "Enter")
    expect(page.locator(".turn .notice")).to_contain_text(AWAY)
    expect(page.locator("#send")).to_be_visible()
    page.reload()
    expect(page.locator(".turn .notice")).to_contain_text(AWAY)
    page.unroute("**/js/ask.js")
    page.click("[data-key=retry]")
    expect(page.locator(".turn .outcome")).to_contain_text("Answered")


def test_a_question_is_not_lost_where_nothing_can_show_it(lacking: Callable[..., "Page"], ask: Ask) -> None:
    """The question stays written; what was kept is shown by another try."""
    page = lacking("turn")
    page.fill("#question", LED)
    page.press("#question", "Enter")
    expect(page.locator("#toast")).to_contain_text(AWAY)
    expect(page.locator("#question")).to_have_value(LED)
    page.unroute("**/js/turn.js")
    ask(page, LED)
    page.route("**/js/turn.js", lambda route: route.abort("connectionrefused"))
    page.reload()
    expect(page.locator("#turns .notice")).to_contain_text(AWAY)
    page.unroute("**/js/turn.js")
    page.click("#turns >> text=Try again")
    expect(page.locator("#turns .outcome")).to_contain_text("Answered")
    expect(page.locator("#turns .notice")).to_have_count(0)


def test_an_article_that_cannot_be_shown_can_be_left(lacking: Callable[..., "Page"]) -> None:
    """On a phone the reader covers the page: the way out and another try are there all the same."""
    page = lacking("reader", "/articles/ferry")
    expect(page.locator("#reader .notice")).to_contain_text(AWAY)
    expect(page.locator("#reader")).to_be_focused()
    page.click("#reader >> text=Close")
    expect(page.locator("#reader")).to_be_hidden()
    page.go_back()
    expect(page.locator("#reader .notice")).to_be_visible()
    page.unroute("**/js/reader.js")
    page.click("#reader >> text=Try again")
    expect(page.locator("#reader h2")).to_have_text("Ferry sails again")


def test_the_articles_are_listed_at_another_try(lacking: Callable[..., "Page"]) -> None:
    """A view that does not come says so, and comes once the server is back."""
    page = lacking("articles", "/articles")
    expect(page.locator("#articles .notice")).to_contain_text(AWAY)
    page.unroute("**/js/articles.js")
    page.click("#articles >> text=Try again")
    expect(page.locator(".rows li")).to_have_count(3)


def test_the_filters_come_at_another_try(lacking: Callable[..., "Page"]) -> None:
    """The panel says that it cannot be filled, and is filled once the server is back."""
    page = lacking("outlets")
    page.click("#filter")
    expect(page.locator("#filters .notice")).to_contain_text(AWAY)
    page.unroute("**/js/outlets.js")
    page.click("#filters >> text=Try again")
    expect(page.locator(".check")).to_have_count(3)


def test_an_answer_that_cannot_be_copied_says_so(lacking: Callable[..., "Page"], ask: Ask) -> None:
    """Copy tells what keeps it, and works at the next click."""
    page = lacking("markdown", size="desktop")
    ask(page, LED)
    page.click("text=Copy")
    expect(page.locator(".actions [role=status]")).to_have_text(AWAY)
    page.unroute("**/js/markdown.js")
    page.click("text=Copy")
    expect(page.locator(".actions [role=status]")).to_have_text("Copied as Markdown.")
