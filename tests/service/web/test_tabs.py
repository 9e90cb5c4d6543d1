from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

    from tests.service.web.conftest import Site

pytestmark = pytest.mark.slow

playwright = pytest.importorskip("playwright.sync_api", reason="the page's tests need playwright")
expect = playwright.expect
Visit = Callable[..., "Page"]
Ask = Callable[["Page", str], None]
LED = "Which general led the Chinese side of the talks?"
COST = "How much did the Gannet Bridge cost?"
KEPT = "JSON.parse(localStorage['pullquote.conversation']).turns.map(turn => [turn.question, turn.answer?.outcome])"


@pytest.fixture
def tabs(site: "Site", visit: Visit) -> tuple["Page", "Page"]:
    """Return two tabs of one browser."""
    return visit(site.url), visit(site.url)


def _held(page: "Page", question: str) -> list["Route"]:
    """Ask a question whose request waits until its route goes on."""
    held: list[Route] = []
    page.route("**/api/ask/stream", lambda route: held.append(route))  # noqa: PLW0108  (a built-in method is refused)
    with page.expect_request("**/api/ask/stream"):
        page.fill("#question", question)
        page.press("#question", "Enter")
    return held


def test_no_answer_of_another_tab_is_lost(tabs: tuple["Page", "Page"], ask: Ask) -> None:
    """What is asked elsewhere while an answer is on its way stays, in both tabs and in what is kept."""
    first, second = tabs
    held = _held(first, LED)
    expect(second.locator(".turn .status")).to_contain_text("Asked in another tab; its answer has not come yet.")
    ask(second, COST)
    expect(first.locator(".turn h2")).to_have_text([LED, COST])
    held[0].continue_()
    for page in tabs:
        expect(page.locator(".turn h2")).to_have_text([LED, COST])
        expect(page.locator(".turn .outcome strong")).to_have_text(["Answered", "Answered"])
        expect(page.locator(".turn .status")).to_have_text(["", ""])
    assert first.evaluate(KEPT) == [[LED, "answered"], [COST, "answered"]]


def test_tabs_go_on_sharing_after_one_was_left(tabs: tuple["Page", "Page"], ask: Ask) -> None:
    """A tab that is left before its answer came says so in the others, and what is asked later is shown in all."""
    first, second = tabs
    _held(first, LED)
    first.unroute("**/api/ask/stream")
    first.reload()
    for page in tabs:
        expect(page.locator(".turn .notice")).to_contain_text("The page was left before the answer came.")
    ask(first, COST)
    expect(second.locator(".turn h2")).to_have_text([LED, COST])
    second.locator("[data-key=retry]").click()
    for page in tabs:
        expect(page.locator(".turn .outcome strong")).to_have_text(["Answered", "Answered"])


def test_what_is_typed_survives_another_tab(tabs: tuple["Page", "Page"], ask: Ask) -> None:
    """A note that is being written keeps its words and the focus when something is asked elsewhere."""
    first, second = tabs
    ask(second, LED)
    second.click("[aria-label='This answer helps']")
    note = second.locator(".note textarea")
    note.fill("half a note")
    ask(first, COST)
    expect(second.locator(".turn")).to_have_count(2)
    expect(note).to_have_value("half a note")
    expect(note).to_be_focused()


def test_a_new_conversation_begins_in_every_tab(tabs: tuple["Page", "Page"], ask: Ask) -> None:
    """What one tab lets go comes back in none, but for an answer that another still waits for; Undo is for all."""
    first, second = tabs
    ask(first, COST)
    expect(second.locator(".turn")).to_have_count(1)
    first.click("#fresh")
    expect(second.locator(".turn")).to_have_count(0)
    ask(second, LED)
    expect(first.locator(".turn h2")).to_have_text([LED])
    first.click("#toast button")
    for page in tabs:
        expect(page.locator(".turn h2")).to_have_text([COST, LED])
    held = _held(second, "Who wrote it?")
    expect(first.locator(".turn")).to_have_count(3)
    first.click("#fresh")
    expect(second.locator(".turn h2")).to_have_text(["Who wrote it?"])
    held[0].continue_()
    for page in tabs:
        expect(page.locator(".turn h2")).to_have_text(["Who wrote it?"])
        expect(page.locator(".turn .outcome")).to_have_count(1)
    assert [question for question, _ in first.evaluate(KEPT)] == ["Who wrote it?"]
