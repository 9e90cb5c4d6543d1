"""The page in a browser: filters, deep links, keys, and that nothing is loaded or run that should not be."""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from eval.cases.model import Case
from eval.compare.model import Comparison
from eval.report import write_html
from eval.runs.model import CaseRecord, Run
from service.contract import Answer

playwright = pytest.importorskip(
    "playwright.sync_api", reason="the browser tests need playwright: pip install playwright"
)

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
NEEDED = "the browser tests need Chromium, by the name chromium, chromium-browser or google-chrome"
pytestmark = [pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason=NEEDED)]
QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-gpu"]
ATTACK = "<script>document.title='hacked'</script><img src=x onerror=\"document.title='hacked'\">"
LINK = {
    "id": "c1", "marker": 1, "article_id": "a", "version": "v", "url": "javascript:document.title='hacked'",
    "title": ATTACK, "author": None, "outlet": ATTACK, "published_at": None, "quote": ATTACK, "start": 0,
    "end": len(ATTACK),
}  # fmt: skip


class _Visit:
    """A page that is open, with what it asked for and complained of."""

    def __init__(self, page: "playwright.Page", file: Path) -> None:
        self.page, self._file = page, file
        self.requests: list[str] = []
        self.loaded: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("requestfinished", lambda request: self.loaded.append(request.url))
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def go(self, fragment: str = "") -> "playwright.Page":
        self.page.goto("about:blank")
        self.page.goto(self._file.as_uri() + fragment)
        return self.page

    def shown(self) -> list[str]:
        """Return the ids of the cases that are not filtered away."""
        ids: list[str] = self.page.eval_on_selector_all(".case:not([hidden])", "all => all.map(one => one.id.slice(5))")
        return ids


@pytest.fixture(scope="module")
def browser() -> Iterator["playwright.Browser"]:
    """Return the system's Chromium; its sandbox needs a user that is not root."""
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=CHROMIUM, args=[*QUIET, *root])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def file(
    candidate: Run,
    baseline: Run,
    compared: Comparison,
    articles: Mapping[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """Return the page of the example, as a file."""
    written = tmp_path_factory.mktemp("report") / "report.html"
    written.write_text(write_html(candidate, articles, compared, baseline), encoding="utf-8")
    return written


@pytest.fixture
def visit(browser: "playwright.Browser", file: Path) -> Iterator[_Visit]:
    """Return a visit of the page; afterwards nothing was asked for but the file, and nothing complained of."""
    context = browser.new_context()
    visited = _Visit(context.new_page(), file)
    yield visited
    context.close()
    assert {url.partition("#")[0] for url in visited.requests} <= {file.as_uri(), "data:,"}
    assert visited.complaints == []


def test_all_cases_are_listed_and_closed(visit: _Visit, candidate: Run) -> None:
    """At first all are there, each as its question."""
    page = visit.go()
    assert len(visit.shown()) == len(candidate.records) == 66
    assert page.locator("#shown").inner_text() == "66 cases"
    assert page.locator(".case[open]").count() == 0


def test_filters_narrow_the_list_together(visit: _Visit, candidate: Run, compared: Comparison) -> None:
    """By slice, by result, by change; each narrows what the others leave, and Clear brings all back."""
    page = visit.go()
    page.select_option("#filter-slice", "temporal")
    assert visit.shown() == [f"T{i}" for i in range(1, 13)]
    page.select_option("#filter-slice", "")
    page.select_option("#filter-change", "worse")
    worse = {flip.case_id for flip in compared.flips if flip.to == "worse"}
    assert set(visit.shown()) == worse
    page.select_option("#filter-result", "wrong")
    both = visit.shown()
    assert set(both) < worse or set(both) == worse
    assert page.locator(".case:not([hidden]) .result.right").count() == 0
    assert page.locator("#shown").inner_text() == f"{len(both)} of 66 cases"
    page.click("text=Clear")
    playwright.expect(page.locator(".case[hidden]")).to_have_count(0)
    assert len(visit.shown()) == len(candidate.records)


def test_errors_can_be_found(visit: _Visit, candidate: Run, baseline: Run) -> None:
    """Cases without an answer in the run are a result, those in either run a change."""
    page = visit.go()
    page.select_option("#filter-result", "error")
    assert set(visit.shown()) == {record.case.id for record in candidate.records if not record.scores}
    page.select_option("#filter-result", "")
    page.select_option("#filter-change", "error")
    either = {record.case.id for record in (*candidate.records, *baseline.records) if not record.scores}
    assert set(visit.shown()) == either


def test_text_is_searched(visit: _Visit) -> None:
    """All words must be there, whatever their case; where nothing is found it says so."""
    page = visit.go()
    page.fill("#filter-text", "TOLL gannet crossing")
    assert "S6" in visit.shown()
    assert len(visit.shown()) < 20
    page.fill("#filter-text", "zyzzyva")
    assert visit.shown() == []
    assert page.locator("#none").is_visible()


def test_a_deep_link_opens_its_case(visit: _Visit) -> None:
    """The case stands open at the top of the window; others stay closed."""
    page = visit.go("#case-C5")
    assert page.locator(".case[open]").evaluate_all("all => all.map(one => one.id)") == ["case-C5"]
    assert 0 <= page.locator("#case-C5").bounding_box()["y"] < 200


def test_a_link_leads_to_what_is_filtered_away(visit: _Visit) -> None:
    """Filters give way to an address."""
    page = visit.go()
    page.select_option("#filter-slice", "single")
    page.evaluate("location.hash = '#case-C5'")
    page.wait_for_selector("#case-C5[open]")
    assert page.locator("#case-C5").is_visible()
    assert page.locator("#filter-slice").input_value() == ""


def test_a_marker_leads_to_its_citation(visit: _Visit) -> None:
    """The marker in an answer leads to the sentence in its article."""
    page = visit.go("#case-S1")
    page.locator("#case-S1 .marker").first.click()
    assert page.evaluate("decodeURIComponent(location.hash)") == "#cite-1-0-S1"
    assert page.locator("#cite-1-0-S1 mark").is_visible()


def test_it_can_be_used_by_keys(visit: _Visit) -> None:
    """A case is opened and closed by Enter, and all of those shown at once by a button."""
    page = visit.go()
    page.locator("#case-S1 > summary").focus()
    page.keyboard.press("Enter")
    assert page.locator("#case-S1").get_attribute("open") is not None
    page.keyboard.press("Enter")
    assert page.locator("#case-S1").get_attribute("open") is None
    page.select_option("#filter-slice", "conflict")
    page.locator("#toggle").focus()
    page.keyboard.press("Enter")
    assert page.locator(".case[open]").count() == len(visit.shown()) == 8
    assert page.locator("#toggle").inner_text() == "Close all"
    page.keyboard.press("Enter")
    assert page.locator(".case[open]").count() == 0


@pytest.mark.parametrize("width", [390, 1300])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_sticks_out(visit: _Visit, width: int, scheme: str) -> None:
    """The page is as wide as its window, and follows the colours that the reader prefers."""
    page = visit.page
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    visit.go("#case-C5")
    page.click("#toggle")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    light = page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert light == (scheme == "light")


def test_it_can_be_read_without_script(browser: "playwright.Browser", file: Path) -> None:
    """Figures, charts and cases are there; what would need the script is not."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(file.as_uri())
    assert page.locator("svg").first.is_visible()
    assert page.locator("#case-S1 > summary").is_visible()
    assert not page.locator("#filters").is_visible()
    context.close()


@pytest.fixture
def hostile(
    case: Callable[..., Case], record: Callable[..., CaseRecord], run: Callable[..., Run], answer: Callable[..., Answer]
) -> Run:
    """Return a run whose only case attacks whoever reads of it."""
    given = answer(answer=f"{ATTACK}[1]", citations=[LINK], missing=[ATTACK], notes=[ATTACK])
    return run(record(case(question=ATTACK, note=ATTACK), answer=given, scores={ATTACK: 1.0}), name=ATTACK)


def test_a_hostile_case_runs_nothing(browser: "playwright.Browser", tmp_path: Path, hostile: Run) -> None:
    """Markup in question, answer, quote, title and address is shown, and not run; nothing is asked for."""
    file = tmp_path / "hostile.html"
    file.write_text(write_html(hostile, {"a": ATTACK}, None, hostile), encoding="utf-8")
    context = browser.new_context()
    visited = _Visit(context.new_page(), file)
    page = visited.go("#case-S1")
    page.click("#case-S1 .marker")
    assert page.title().startswith(ATTACK)
    assert page.locator("#case-S1 mark").inner_text() == ATTACK
    assert page.locator("img").count() == 0
    assert page.locator("a[href^=javascript]").count() == 0
    assert {url.partition("#")[0] for url in visited.requests} <= {file.as_uri(), "data:,"}
    assert visited.complaints == []
    context.close()


def test_the_policy_stops_a_script_that_came_in_all_the_same(
    browser: "playwright.Browser", tmp_path: Path, run: Callable[..., Run]
) -> None:
    """Were something not escaped, the browser would still refuse to run it, to load it, and to style by it."""
    page_text = write_html(run(), {})
    planted = f"<body>{ATTACK}<b onclick=\"document.title='hacked'\" style='color:red' id=planted>x</b>"
    file = tmp_path / "planted.html"
    file.write_text(page_text.replace("<body>", planted, 1), encoding="utf-8")
    context = browser.new_context()
    visited = _Visit(context.new_page(), file)
    page = visited.go()
    page.click("#planted")
    assert "hacked" not in page.title()
    assert page.eval_on_selector("#planted", "one => getComputedStyle(one).color") != "rgb(255, 0, 0)"
    assert len(visited.complaints) >= 3
    assert visited.loaded == [file.as_uri()]
    context.close()
