from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from service.contract import Answer, Conflict, ConflictValue, Statement

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.service.web.conftest import Site

pytestmark = pytest.mark.slow

playwright = pytest.importorskip("playwright.sync_api", reason="the page's tests need playwright")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="these tests need axe-playwright-python")
expect = playwright.expect
Answered = Callable[..., "Page"]
GRAVE = ("serious", "critical")


def _faults(page: "Page") -> list[str]:
    """Return what axe finds grave, with the elements."""
    found = axe.Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {node['html'][:160]} {node['failureSummary'][:300]}"
        for one in found
        if one["impact"] in GRAVE
        for node in one["nodes"]
    ]


@pytest.fixture
def answers(
    answer: Callable[..., Answer], statement: Callable[..., Statement], cited: dict[str, object]
) -> list[Answer]:
    """Return answers that show everything that one can."""
    values = [
        ConflictValue(text=text, citation_id="c1", outlet="Apex", published_at="2022", superseded=old)
        for text, old in (("six", False), ("seven", True))
    ]
    silent: dict[str, object] = {"answer": "", "statements": [], "citations": []}
    weak = statement("Zhang Youxia", verdict="weak")
    return [
        answer(conflicts=[Conflict(question="How many?", values=values)], notes=["a note"], statements=[weak]),
        answer(outcome="partial", missing=["Who paid?"], nearest=[cited]),
        answer(outcome="not_found", reason="unsupported", **silent),
        answer(outcome="failed", reason="model_timeout", **silent),
    ]


LOOKS = [("phone", "dark"), ("desktop", "light")]


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_asking_bars_nobody(answered: Answered, answers: list[Answer], size: str, scheme: str) -> None:
    """Axe finds nothing serious or critical on the welcome, on answers of all kinds, and on the filters."""
    page = answered(*answers, asked=0, size=size, scheme=scheme, bypass_csp=True)
    expect(page.locator(".example").first).to_be_visible()
    assert _faults(page) == []
    for n in range(4):
        page.fill("#question", f"Question {n}?")
        page.press("#question", "Enter")
        page.locator(".turn").nth(n).locator(".actions").wait_for()
    page.click("text=Edit >> nth=0")
    page.click("#filter")
    expect(page.locator(".check").first).to_be_visible()
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert _faults(page) == []


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_reading_bars_nobody(site: "Site", visit: Callable[..., "Page"], size: str, scheme: str) -> None:
    """Neither does it on an article that has changed, on the list of articles, and where a token is asked for."""
    page = visit(f"{site.url}/articles/visit?start=2&end=9#v=gone&q=army", size, scheme, bypass_csp=True)
    expect(page.locator("#reader mark")).to_be_visible()
    assert _faults(page) == []
    page.goto(f"{site.url}/articles")
    page.locator("text=Remove").first.click()
    page.click("text=Paste a text")
    assert _faults(page) == []
    refused = {"error": "unauthorized", "detail": "a token is needed"}
    page.route("**/api/articles?*", lambda route: route.fulfill(status=401, json=refused))
    page.reload()
    expect(page.locator("#token-input")).to_be_focused()
    assert _faults(page) == []
