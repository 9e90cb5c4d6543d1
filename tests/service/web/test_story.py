from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.service.web.conftest import Seen, Site

pytestmark = pytest.mark.slow

playwright = pytest.importorskip("playwright.sync_api", reason="the page's tests need playwright")
expect = playwright.expect
Visit = Callable[..., "Page"]
Ask = Callable[["Page", str], None]
LED = "Which general led the Chinese side of the talks?"
QUOTE = "General Zhang Youxia led the Chinese side of the talks."
sizes = pytest.mark.parametrize("size", ["phone", "desktop"])


def _in_sight(page: "Page", selector: str) -> bool:
    """Tell whether an element lies within the window."""
    box = page.locator(selector).first.bounding_box()
    size = page.viewport_size
    return bool(box and size and box["y"] >= 0 and box["y"] + box["height"] <= size["height"])


def test_an_example_is_made_of_a_title(site: "Site", visit: Visit) -> None:
    """Examples name articles that are there; one is asked by a click, and the welcome gives way."""
    page = visit(site.url, "phone")
    page.click("text=What happened: Gannet Bridge opens?")
    expect(page.locator(".turn h2")).to_have_text("What happened: Gannet Bridge opens?")
    expect(page.locator(".turn .actions")).to_be_visible()
    expect(page.locator("#examples")).to_be_hidden()


def test_an_example_reads_as_a_question(serve: Callable[..., "Site"], visit: Visit) -> None:
    """A title that asks is the question; the mark that ends another gives way to one."""
    site = serve()
    site.put({"a": {"text": "It was late.", "title": "Who paid?"}, "b": {"text": "It rang.", "title": "It opened!"}})
    examples = visit(site.url).locator("#examples button")
    expect(examples).to_have_text(["Who paid?", "What happened: It opened?"])


@sizes
def test_an_answer_leads_to_its_sentence(site: "Site", visit: Visit, ask: Ask, seen: "Seen", size: str) -> None:
    """A marker opens the article at the sentence, highlighted and in sight; Escape leads back to the marker."""
    page = visit(site.url, size)
    ask(page, LED)
    expect(page.locator(".outcome")).to_contain_text("Answered")
    expect(page.locator(".statement")).to_have_text(QUOTE)
    expect(page.locator(".quotes .words").first).to_have_text(f"“{QUOTE}”")
    expect(page.locator("details.read summary")).to_contain_text("found")
    page.click(".marker")
    mark = page.locator("#reader mark")
    expect(mark).to_have_text(QUOTE)
    expect(mark).to_be_focused()
    assert _in_sight(page, "#reader mark")
    for words in ("Visit ends", "A. Writer", "Apex", "13 June 2022"):
        expect(page.locator("#reader header")).to_contain_text(words)
    original = page.locator("#reader .original")
    assert (original.get_attribute("href"), original.get_attribute("rel")) == (
        "https://apex.example/visit",
        "noopener noreferrer",
    )
    assert "/articles/visit?start=" in page.url
    expect(page).to_have_title("Visit ends – Pullquote")
    assert page.locator("main").evaluate("node => node.inert") == (size == "phone")
    page.keyboard.press("Escape")
    expect(page.locator("#reader")).to_be_hidden()
    expect(page.locator(".marker").first).to_be_focused()
    assert page.url == f"{site.url}/"
    page.go_forward()
    expect(mark).to_have_text(QUOTE)
    page.keyboard.press("Escape")
    ask(page, "Since which month had the ferry been laid up in the harbour?")  # far down in its article
    page.locator(".turn").last.locator(".marker").click()
    expect(mark).to_have_text("The ferry had been laid up in the harbour since March.")
    assert _in_sight(page, "#reader mark")
    assert not [url for url in seen.requests if "Zhang" in url]


@sizes
def test_a_conversation_goes_on_and_survives_a_reload(
    site: "Site", visit: Visit, ask: Ask, seen: "Seen", size: str
) -> None:
    """A follow-up is sent with what was said; a reload shows all of it; a new conversation can be taken back."""
    page = visit(site.url, size)
    ask(page, LED)
    ask(page, "How much did the Gannet Bridge cost?")
    first, second = seen.asked
    assert first["history"] == []
    assert second["history"] == [
        {"role": "user", "content": LED},
        {"role": "assistant", "content": f"{QUOTE}[1]"},
    ]
    page.reload()
    expect(page.locator(".turn h2")).to_have_text([LED, "How much did the Gannet Bridge cost?"])
    page.click("#fresh")
    expect(page.locator(".turn")).to_have_count(0)
    expect(page.locator("#examples button").first).to_be_visible()
    page.click("#toast button")
    expect(page.locator(".turn")).to_have_count(2)
    page.click("#fresh")
    page.reload()
    expect(page.locator("#examples button").first).to_be_visible()
    expect(page.locator(".turn")).to_have_count(0)


@sizes
def test_what_was_searched_can_be_changed(site: "Site", visit: Visit, ask: Ask, seen: "Seen", size: str) -> None:
    """The search is shown; edited, the same question is asked with it, and its answer takes the other's place."""
    page = visit(site.url, size)
    ask(page, "Who is the president of France?")
    expect(page.locator(".outcome")).to_contain_text("Not in these articles")
    page.click("text=Edit")
    expect(page.locator(".searched textarea")).to_have_value("Who is the president of France?")
    page.fill(".searched textarea", "general led the Chinese side\n\n Zhang Youxia ")
    page.click("text=Search again")
    expect(page.locator(".searched")).to_contain_text("“general led the Chinese side”, “Zhang Youxia”")
    assert seen.asked[-1]["search_as"] == ["general led the Chinese side", "Zhang Youxia"]
    assert seen.asked[-1]["question"] == "Who is the president of France?"
    expect(page.locator(".turn")).to_have_count(1)


@sizes
def test_filters_narrow_what_is_asked(site: "Site", visit: Visit, ask: Ask, seen: "Seen", size: str) -> None:
    """Outlets of the articles and dates are sent, shown, and taken away; the last day counts."""
    page = visit(site.url, size)
    page.click("#filter")
    expect(page.locator(".check")).to_have_text(["Apex", "Ledger", "The Harbour Courier"])
    page.check("text=Ledger")
    page.fill("#date-from", "2023-11-01")
    page.fill("#date-to", "2023-11-30")
    page.click("text=Done")
    expect(page.locator("#chips .chip")).to_have_count(2)
    ask(page, LED)
    assert seen.asked[-1]["filters"] == {
        "outlets": ["Ledger"],
        "published_from": "2023-11-01",
        "published_to": "2023-12-01",
    }
    expect(page.locator(".turn .status")).to_contain_text("Only Ledger; published from 1 November 2023")
    expect(page.locator(".outcome")).to_contain_text("Not in these articles")
    page.click("#chips button >> nth=1")
    page.click("#chips button")
    expect(page.locator("#chips .chip")).to_have_count(0)
    ask(page, LED)
    expect(page.locator(".turn >> nth=1").locator(".outcome")).to_contain_text("Answered")


def test_a_date_is_mended_by_keyboard(site: "Site", visit: Visit) -> None:
    """Typing one part of a date anew leaves the others; the filter follows, and Clear empties the fields."""
    page = visit(site.url, locale="en-US")
    page.click("#filter")
    page.focus("#date-from")
    page.keyboard.type("06132022", delay=10)
    expect(page.locator("#chips")).to_contain_text("from 13 June 2022")
    page.click("#filters legend")
    page.focus("#date-from")
    page.keyboard.press("Backspace")
    page.keyboard.type("07", delay=10)
    expect(page.locator("#date-from")).to_have_value("2022-07-13")
    expect(page.locator("#chips")).to_contain_text("from 13 July 2022")
    page.click("#chips button")
    expect(page.locator("#date-from")).to_have_value("")


def test_outlets_that_were_not_looked_up_are_counted(site: "Site", visit: Visit) -> None:
    """Where there are more articles than the panel looks through, it says how many."""
    page = visit(site.url)
    summary = site.api("GET", "/articles").json()["articles"][0]
    body = {"articles": [summary], "total": 7_000, "offset": 0, "limit": 1_000}
    page.route("**/api/articles?limit=1000*", lambda route: route.fulfill(json=body))
    page.click("#filter")
    expect(page.locator("#filters")).to_contain_text("2,000 more articles were not looked through")


def test_filters_that_admit_nothing_can_be_left_out(site: "Site", visit: Visit, ask: Ask) -> None:
    """Where no article passes, the question is asked without the filters by a click."""
    page = visit(site.url)
    page.click("#filter")
    page.fill("#date-to", "1990-01-01")
    page.keyboard.press("Escape")
    expect(page.locator("#filters")).to_be_hidden()
    ask(page, LED)
    expect(page.locator(".outcome")).to_contain_text("No article passes the filters")
    page.click("text=Ask without the filters")
    expect(page.locator(".outcome")).to_contain_text("Answered")


def test_an_answer_is_copied_with_its_citations(site: "Site", visit: Visit, ask: Ask) -> None:
    """The clipboard holds Markdown: question, answer with markers, and sentences with their sources."""
    page = visit(site.url, permissions=["clipboard-read", "clipboard-write"])
    ask(page, LED)
    page.click("text=Copy")
    expect(page.locator(".actions [role=status]")).to_have_text("Copied as Markdown.")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("**Which general led the Chinese side of the talks?**\n\nGeneral Zhang Youxia led")
    assert "talks\\.\\[1\\]" in copied
    assert "1. “General Zhang Youxia led the Chinese side of the talks\\.”" in copied
    assert "[Visit ends](https://apex.example/visit), Apex, A\\. Writer, 13 June 2022" in copied
    assert f"([in context]({site.url}/articles/visit?start=" in copied


def test_an_answer_is_rated_with_a_note(site: "Site", visit: Visit, ask: Ask) -> None:
    """A thumb is sent at once, a note after it; the thumb stays pressed after a reload."""
    page = visit(site.url)
    ask(page, LED)
    sent: list[object] = []
    page.on("request", lambda request: sent.append(request.post_data_json) if "feedback" in request.url else None)
    page.click("[aria-label='This answer does not help']")
    expect(page.locator(".note textarea")).to_be_focused()
    page.fill(".note textarea", "It says nothing of the place.")
    page.click("text=Send")
    expect(page.locator(".actions [role=status]")).to_contain_text("your note is kept")
    assert [(one["rating"], one.get("note")) for one in sent] == [  # type: ignore[index,attr-defined]
        ("down", None),
        ("down", "It says nothing of the place."),
    ]
    page.reload()
    expect(page.locator("[aria-pressed=true]")).to_have_attribute("aria-label", "This answer does not help")


def test_a_new_answer_is_not_rated_yet(site: "Site", visit: Visit, ask: Ask) -> None:
    """The thumb of an answer goes with it when another takes its place."""
    page = visit(site.url)
    ask(page, LED)
    page.click("[aria-label='This answer helps']")
    expect(page.locator("[aria-pressed=true]")).to_have_count(1)
    page.click("text=Edit")
    page.fill(".searched textarea", "Gannet Bridge cost")
    page.click("text=Search again")
    expect(page.locator(".searched")).to_contain_text("“Gannet Bridge cost”")
    expect(page.locator(".thumbs button")).to_have_count(2)
    expect(page.locator("[aria-pressed=true]")).to_have_count(0)


def test_what_cannot_be_done_now_is_seen(site: "Site", visit: Visit, ask: Ask) -> None:
    """Asking anew while another question is in work is refused in sight, and a copied link is told so."""
    page = visit(site.url, permissions=["clipboard-read", "clipboard-write"])
    ask(page, LED)
    page.route("**/api/ask/stream", lambda _: None)
    page.fill("#question", "Another?")
    page.press("#question", "Enter")
    page.click(".turn >> nth=0 >> text=Edit")
    page.click("text=Search again")
    expect(page.locator("#toast")).to_contain_text("Another question is in work; stop it first.")
    page.click("#stop")
    page.click(".marker")
    page.click("text=Copy link")
    expect(page.locator("#toast")).to_contain_text("The link is copied.")


@pytest.mark.parametrize("width", [390, 360, 320])
def test_nothing_is_cut_off_on_a_phone(site: "Site", visit: Visit, ask: Ask, width: int) -> None:
    """All buttons of the header and a long message fit into the width of small phones."""
    page = visit(site.url, "phone")
    page.set_viewport_size({"width": width, "height": 740})
    page.evaluate("sessionStorage.setItem('pullquote.token', 'x')")
    page.reload()
    ask(page, LED)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.evaluate(
        "async (text) => (await import('/assets/js/dom.js')).toast(text)",
        "The server cannot be reached. See that it runs, then try again.",
    )
    box = page.locator("#toast").bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    page.evaluate("sessionStorage.clear()")


def test_the_skip_link_leaves_the_article_and_its_address(site: "Site", visit: Visit, ask: Ask) -> None:
    """With an article open beside it, the content gets the focus, and the address keeps its sentence."""
    page = visit(site.url)
    ask(page, LED)
    page.click(".marker")
    expect(page.locator("#reader mark")).to_be_focused()
    address = page.url
    page.focus(".skip")
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    assert page.url == address


BLOCKED = """for (const name of ['localStorage', 'sessionStorage']) {
    Object.defineProperty(window, name, {get() { throw new DOMException('denied', 'SecurityError'); }});
}"""


def test_the_page_works_where_nothing_may_be_kept(site: "Site", browser: "playwright.Browser") -> None:
    """A browser that blocks the storage of sites asks and gets answers all the same."""
    page = browser.new_page()
    page.add_init_script(BLOCKED)
    page.goto(site.url)
    page.fill("#question", LED)
    page.press("#question", "Enter")
    expect(page.locator(".turn .outcome")).to_contain_text("Answered")
    page.close()


def test_where_answers_are_not_kept_there_are_no_thumbs(serve: Callable[..., "Site"], visit: Visit, ask: Ask) -> None:
    """Feedback that is off takes the thumbs away and says so."""
    page = visit(serve(keep_answers_days=0).url)
    ask(page, LED)
    page.click("[aria-label='This answer helps']")
    expect(page.locator(".thumbs button")).to_have_count(0)
    expect(page.locator(".actions [role=status]")).to_contain_text("nswers are not kept here")
    ask(page, "And who led the other side?")
    expect(page.locator(".thumbs button")).to_have_count(0)


def test_all_of_it_goes_by_keyboard(site: "Site", visit: Visit) -> None:
    """Tab reaches the question, the marker and the buttons in their order, each with a ring that can be seen."""
    page = visit(site.url)
    expect(page.locator(".example").first).to_be_visible()
    reached = []
    for _ in range(10):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.id || document.activeElement.textContent.slice(0, 12)"))
        if reached[-1] == "question":
            break
    assert reached[:4] == ["Skip to cont", "“Pullquote", "Ask", "Articles"]
    assert reached[-1] == "question"
    page.keyboard.type(LED)
    page.keyboard.press("Enter")
    page.locator(".turn .actions").wait_for()
    page.keyboard.press("Shift+Tab")
    page.locator(".marker").first.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    ring = page.locator(".marker").first.evaluate("node => getComputedStyle(node).outlineStyle")
    assert ring == "solid"
    page.keyboard.press("Enter")
    expect(page.locator("#reader mark")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(page.locator("#reader a.original")).to_be_focused()


def test_a_page_is_painted_soon(site: "Site", visit: Visit) -> None:
    """The first paint does not wait for any article."""
    page = visit(site.url)
    expect(page.locator(".example").first).to_be_visible()
    paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    asked = page.evaluate(
        "performance.getEntriesByType('resource').find(one => one.name.includes('/api/')).responseEnd"
    )
    print(f"first contentful paint after {paint:.0f} ms, examples after {asked:.0f} ms")  # noqa: T201
    assert paint < 3_000
