from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from service.settings import Settings
from service.tokens import TokenStore

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.service.web.conftest import Site

pytestmark = pytest.mark.slow

playwright = pytest.importorskip("playwright.sync_api", reason="the page's tests need playwright")
expect = playwright.expect
Visit = Callable[..., "Page"]
Ask = Callable[["Page", str], None]
LED = "Which general led the Chinese side of the talks?"
QUOTE = "General Zhang Youxia led the Chinese side of the talks."


@pytest.fixture
def tokens(settings: Settings) -> dict[str, str]:
    """Return a token of each scope."""
    store = TokenStore(settings.tokens_path)
    return {scope: store.create(scope, scope) for scope in ("ask", "admin")}  # type: ignore[arg-type]


@pytest.fixture
def guarded(serve: Callable[..., "Site"], tokens: dict[str, str]) -> "Site":
    """Return a server that wants tokens, with an article."""
    site = serve()
    site.put({"visit": {"text": QUOTE, "title": "Visit ends"}}, tokens["admin"])
    return site


def test_a_token_is_asked_for_and_kept_for_the_tab(
    guarded: "Site", visit: Visit, ask: Ask, tokens: dict[str, str]
) -> None:
    """The page opens without one; a wrong one is asked for again, a right one goes on with what was asked."""
    page = visit(guarded.url)
    dialog = page.locator("dialog")
    expect(dialog).to_contain_text("The server asks for an access token.")
    expect(page.locator("#token-input")).to_be_focused()
    page.fill("#token-input", "pq_wrong")
    page.keyboard.press("Enter")
    expect(dialog).to_contain_text("The server did not accept this token.")
    page.fill("#token-input", f" {tokens['ask']}\n")
    page.click("text=Use it")
    expect(page.locator(".example")).to_have_count(1)
    ask(page, LED)
    expect(page.locator(".statement")).to_have_text(QUOTE)
    page.reload()
    expect(page.locator(".statement")).to_have_text(QUOTE)
    expect(dialog).to_be_hidden()
    assert page.evaluate("Object.keys(sessionStorage)") == ["pullquote.token"]
    assert tokens["ask"] not in page.evaluate("JSON.stringify(localStorage) + document.cookie")
    other = page.context.new_page()
    other.goto(f"{guarded.url}/articles")
    expect(other.locator("dialog")).to_contain_text("The server asks for an access token.")
    other.close()


def test_a_token_can_be_refused_changed_and_forgotten(guarded: "Site", visit: Visit, tokens: dict[str, str]) -> None:
    """Without a token the page says so; one that may not add says so, and another takes its place."""
    page = visit(f"{guarded.url}/articles")
    expect(page.locator("#token-input")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#list .notice")).to_contain_text("A valid token is needed")
    page.click("text=Try again")
    page.fill("#token-input", "with späce")
    page.click("text=Use it")
    expect(page.locator("#list .notice")).to_contain_text("A valid token is needed")
    page.click("text=Try again")
    page.fill("#token-input", tokens["ask"])
    page.click("text=Use it")
    expect(page.locator(".rows")).to_contain_text("Visit ends")
    page.click("text=Paste a text")
    page.fill("#new-text", "Something new.")
    page.click("text=Add this article")
    expect(page.locator(".paste [role=status]")).to_contain_text(
        "may ask but not change articles; use one of scope admin"
    )
    page.click("#token")
    page.fill("#token-input", tokens["admin"])
    page.click("text=Use it")
    page.click("text=Add this article")
    expect(page.locator(".paste [role=status]")).to_contain_text("added")
    page.click("#token")
    page.click("text=Forget it")
    expect(page.locator("#token")).to_be_hidden()
    assert page.evaluate("sessionStorage.length") == 0
