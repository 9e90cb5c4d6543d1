import base64
import hashlib
import re
from collections.abc import Mapping
from html.parser import HTMLParser

import pytest

from eval.compare.model import Comparison
from eval.report import write_html
from eval.runs.model import Run

pytestmark = pytest.mark.slow

LIMIT = 3_000_000


class _Seen(HTMLParser):
    """What a parser sees: elements with their attributes, and the text of styles and scripts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.raw: dict[str, str] = {}
        self._open = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._open = tag

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002  (the base class names it)
        self._open = ""

    def handle_data(self, data: str) -> None:
        if self._open in ("style", "script"):
            self.raw[self._open] = self.raw.get(self._open, "") + data

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module")
def page(candidate: Run, baseline: Run, compared: Comparison, articles: Mapping[str, str]) -> str:
    """Return the page of the example."""
    return write_html(candidate, articles, compared, baseline)


@pytest.fixture(scope="module")
def seen(page: str) -> _Seen:
    """Return what a parser sees of it."""
    return _Seen(page)


def test_every_case_is_there_once_and_closed(seen: _Seen, candidate: Run) -> None:
    """Each case of the run has one closed element that its address leads to."""
    cases = [one for one in seen.of("details") if one.get("class") == "case"]
    assert len(cases) == 66
    assert {one["id"] for one in cases} == {f"case-{record.case.id}" for record in candidate.records}
    assert not [one for one in cases if "open" in one]


def test_ids_are_unique_and_links_lead_somewhere(seen: _Seen) -> None:
    """No id stands twice, and every link within the page has its target."""
    ids = [attributes["id"] for _, attributes in seen.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    inside = {link["href"][1:] for link in seen.of("a") if link["href"].startswith("#")}
    assert len(inside) > 100
    assert inside <= set(ids)


def test_nothing_is_loaded(seen: _Seen) -> None:
    """No element names anything to load; links lead to http, https or into the page; styles import nothing."""
    assert not [
        attributes for _, attributes in seen.elements if {"src", "srcset", "style", "action"} & attributes.keys()
    ]
    assert [one["href"] for one in seen.of("link")] == ["data:,"]
    assert all(re.match(r"#|https?://", link["href"]) for link in seen.of("a"))
    assert not re.search(r"url\(|@import|@font-face", seen.raw["style"])
    assert not re.search(r"fetch|XMLHttpRequest|innerHTML|eval\(|import\(", seen.raw["script"])


def test_the_policy_allows_this_style_and_this_script_alone(seen: _Seen) -> None:
    """The policy stands before anything that it governs, and names the hashes of what stands in the page."""
    names = [tag for tag, _ in seen.elements]
    policy = next(one["content"] for one in seen.of("meta") if one.get("http-equiv") == "Content-Security-Policy")
    place = next(i for i, (_, one) in enumerate(seen.elements) if one.get("http-equiv") == "Content-Security-Policy")
    assert place < min(names.index("style"), names.index("link"), names.index("script"))
    assert names.count("style") == names.count("script") == 1
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["base-uri"] == rules["form-action"] == "'none'"
    for name in ("style", "script"):
        digest = base64.b64encode(hashlib.sha256(seen.raw[name].encode()).digest()).decode()
        assert rules[f"{name}-src"] == f"'sha256-{digest}'"
    assert "unsafe" not in policy


def test_every_chart_can_be_told_without_seeing_it(seen: _Seen) -> None:
    """Each picture has a text and a table: four metrics by slice, risk and coverage, reliability, latency."""
    pictures = seen.of("svg")
    assert len(pictures) == 7
    assert all(one["role"] == "img" and len(one["aria-label"]) > 20 for one in pictures)
    assert len(seen.of("figure")) == 7


def test_tables_have_heads(page: str) -> None:
    """Every table names its columns, and every row begins with what it is of."""
    tables = re.findall(r"<table.*?</table>", page, re.DOTALL)
    assert len(tables) > 8
    for table in tables:
        head, body = table.split("<tbody>")
        assert head.count('scope="col"') == head.count("<th ") > 1
        assert body.count('<th scope="row"') == body.count("<tr")
        widths = {row.count("<td") + row.count("<th ") for row in body.split("<tr")[1:]}
        assert widths == {head.count("<th ")}


def test_the_verdict_and_its_reasons_are_shown(page: str, compared: Comparison) -> None:
    """A gate that fails is in the title, in the summary and in its row."""
    assert compared.failed
    assert "<title>candidate: Failed: 1 of 5 gates</title>" in page
    (failed,) = (row for row in compared.rows if row.failed)
    assert f"<li>Citation recall, all: {failed.failed}</li>" in page
    assert page.count('<span class="tag bad">fails</span>') == 1


def test_quotes_stand_in_their_articles(page: str, candidate: Run) -> None:
    """Every citation is marked within the text of its article."""
    cited = [one for record in candidate.records if record.answer for one in record.answer.citations]
    assert page.count("<mark>") == len(cited) > 40
    assert "does not have this quote" not in page
    assert "not at hand" not in page


def test_a_large_run_stays_small(
    candidate: Run, baseline: Run, compared: Comparison, articles: Mapping[str, str]
) -> None:
    """170 cases beside a baseline take less than 3 MB."""

    def grown(run: Run) -> Run:
        copies = (
            record.model_copy(update={"case": record.case.model_copy(update={"id": f"{record.case.id}.{i}"})})
            for i in range(3)
            for record in run.records
        )
        return run.model_copy(update={"records": tuple(copies)[:170]})

    page = write_html(grown(candidate), articles, compared, grown(baseline))
    assert page.count('<details class="case"') == 170
    assert len(page.encode()) < LIMIT


def test_a_run_alone(candidate: Run, articles: Mapping[str, str]) -> None:
    """Without a baseline there is a page too, that says so and offers no filter of changes."""
    page = write_html(candidate, articles)
    assert "Not compared with a baseline" in page
    assert "filter-change" not in page.split("<script>")[0]
    assert "Against the baseline" not in page


def test_a_comparison_without_its_baseline(candidate: Run, compared: Comparison) -> None:
    """Gates and flips are shown where the baseline's answers are not at hand."""
    page = write_html(candidate, {}, compared)
    assert "Failed: 1 of 5 gates" in page
    assert "not at hand" in page
    assert 'data-change="worse"' in page


def test_the_page_is_the_same_each_time(
    page: str, candidate: Run, baseline: Run, compared: Comparison, articles: Mapping[str, str]
) -> None:
    """The same run gives the same page, byte for byte."""
    assert write_html(candidate, articles, compared, baseline) == page
