"""Hostile text in every field that a report shows stays text."""

from collections.abc import Callable, Mapping
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from eval.cases.model import Case
from eval.compare.model import Comparison
from eval.report import write_html
from eval.runs.model import CaseRecord, Run
from service.contract import Answer

TAGS = (
    "a b blockquote body button circle dd del details div dl dt figcaption figure footer form h1 h2 h3 h4 head header "
    "html input ins label li line link main mark meta nav ol option output p polyline q s script section select span "
    "style summary svg table tbody td text th thead time title tr ul"
)
ATTRIBUTES = (
    "aria-label aria-live autocomplete charset class content cx cy d data-change data-result data-slice datetime for "
    "height hidden href http-equiv id lang name open placeholder points r rel role scope spellcheck tabindex "
    "text-anchor title transform type value viewbox width x x1 x2 y y1 y2"
)
ATTACKS = (
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</title></style></textarea><svg onload=alert(1)>",
    "<!-- --><![CDATA[<b>]]>",
    "{{ 7 * 7 }}{% include 'x' %}",
    "javascript:alert(1)",
    'https://ok.example/" onclick="alert(1)',
    "&lt;script&gt;&#60;b&#62;",
    "\u202edesrever\u2066\x00\x1b[31m\r\n[1][2]",
)
LITERAL = {
    "slice",
    "outcome",
    "role",
    "kind",
    "mode",
    "verdict",
    "reason",
    "wording",
    "support",
    "to",
    "type",
    "id",
    "case_id",
}
DATES = {"published_from", "published_to"}
WHOLE = {
    "question": "x", "history": [{"role": "user", "content": "x"}], "asked_at": "x", "note": "x",
    "filters": {"outlets": ["x"], "authors": ["x"], "published_from": "2022"}, "answers": [["x", "x"]],
    "required": [[{"article": "x", "quote": "x"}, {"article": "x", "quote": "x"}]],
    "forbidden": [{"article": "x", "quote": "x"}], "forbidden_text": ["x"],
}  # fmt: skip
QUOTE = {
    "article_id": "x", "version": "x", "url": "x", "title": "x", "author": "x", "outlet": "x", "published_at": "x",
    "quote": "x", "start": 0, "end": 1,
    "copies": [
        {"article_id": "x", "version": "x", "url": "x", "title": "x", "author": "x", "outlet": "x", "published_at": "x",
         "start": 0, "end": 1}
    ],
}  # fmt: skip
GATES = {
    "wording": "failed",
    "missing": ["x"],
    "support": "failed",
    "probability": 0.5,
    "verifier": "x",
    "features": {"x": 1},
}
SAID = {"text": "x", "citation_ids": ["x"], "verdict": "weak", "score": 0.5, "gates": GATES, "question": "x"}
ANSWER = {
    "answer": "x", "statements": [SAID | {"start": 0, "end": 1}], "steps": [SAID],
    "citations": [QUOTE | {"id": "c1", "marker": 1}], "missing": ["x"],
    "conflicts": [{"question": "x", "values": [{"text": "x", "citation_id": "x", "outlet": "x", "published_at": "x"}]}],
    "dropped": [{"text": "x", "why": "x", "verdict": "weak", "nearest": QUOTE, "gates": GATES}], "nearest": [QUOTE],
    "searched": ["x"], "window": {"published_from": "2022", "published_to": "2023", "wording": "x"}, "as_of": "x",
    "notes": ["x"], "degraded": [{"part": "x", "why": "x"}], "model": {"x": "x"}, "prompts": {"x": "x"},
    "timings_ms": {"x": 5, "total": 7}, "stripped": 3,
}  # fmt: skip
FOUND = {"article_id": "x", "start": 0, "end": 1, "text": "x", "score": 1.0}
SEARCH = {
    "passages": [FOUND], "evidence": [FOUND | {"n": 1, "title": "x", "outlet": "x", "published_at": "x"}],
    "searched": ["x"], "articles_searched": 1, "articles_undated": 0,
}  # fmt: skip
HEADER = {
    "name": "x", "started_at": "x", "set": "x", "set_fingerprint": "x", "target": "x", "settings": {"x": "x"},
    "model": {"x": "x"}, "prompts": {"x": "x"}, "index": {"x": "x"}, "versions": {"x": "x"}, "machine": {"x": "x"},
    "commit": "x",
}  # fmt: skip
ROW = {
    "metric": "x", "slice": "x", "n": 1, "base": 0, "new": 1, "difference": 1, "low": 1, "high": 1, "p": 0.5,
    "p_holm": 0.5, "gate": {"metric": "x", "slice": "x", "floor": 1.0}, "failed": "x", "too_small": "x",
}  # fmt: skip
COMPARISON = {
    "base": "x", "new": "x", "rows": [ROW], "flips": [{"case_id": "S1", "slice": "x", "metric": "x", "to": "worse"}],
    "errors_base": 1, "errors_new": 0, "warnings": ["x"],
}  # fmt: skip


def poisoned(value: object, text: str, key: str = "") -> object:
    """Return `value` with `text` for every string that is not one of a fixed choice."""
    if isinstance(value, Mapping):
        renamed = {"why": "reason"}
        return {
            renamed.get(name, text if name == "x" else name): poisoned(inner, text, name)
            for name, inner in value.items()
        }
    if isinstance(value, list):
        return [poisoned(inner, text, key) for inner in value]
    return text if value == "x" and key not in LITERAL - {"slice"} else value


class _Seen(HTMLParser):
    """Tags, attributes and text as a parser finds them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text: list[str] = []
        self.comments: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)


@pytest.fixture(scope="module")
def hostile(
    case: Callable[..., Case], record: Callable[..., CaseRecord], run: Callable[..., Run], answer: Callable[..., Answer]
) -> Callable[[str], str]:
    """Return what makes a page in which every field has the text given."""

    def page(text: str) -> str:
        both = [
            run(
                record(
                    case(**poisoned(WHOLE, text)),
                    answer=answer(**poisoned(ANSWER, prefix + text)),
                    search=poisoned(SEARCH, text),
                    scores={text: 1.0, "right": 1.0},
                ),
                record(
                    case(id="S2", **poisoned(WHOLE, text)),
                    answer=None,
                    error={"kind": "http", "detail": prefix + text},
                    scores={},
                ),
                **poisoned(HEADER, prefix + text),
            )
            for prefix in ("new ", "old ")
        ]
        comparison = Comparison.model_validate(poisoned(COMPARISON, text))
        new, base = both
        assert isinstance(new, Run)
        return write_html(new, {f"new {text}": f"new {text}", text: text}, comparison, base)

    return page


@given(text=st.one_of(st.sampled_from(ATTACKS), st.text(min_size=1, max_size=40).filter(str.strip)))
@example("<script>alert(1)</script>")
@example('" autofocus onfocus="alert(1)')
def test_hostile_text_stays_text(hostile: Callable[[str], str], text: str) -> None:
    """Whatever a field holds, there is no other tag, no other attribute, no comment, and no link but of the web."""
    page = hostile(text)
    seen = _Seen(page)
    assert set(seen.tags) <= set(TAGS.split())
    assert {name for name, _ in seen.attributes} <= set(ATTRIBUTES.split())
    assert seen.tags.count("script") == seen.tags.count("style") == 1
    assert seen.comments == []
    links = [value or "" for name, value in seen.attributes if name == "href"]
    assert all(link.startswith(("#", "data:,", "http://", "https://")) for link in links)
    page.encode()


@pytest.mark.parametrize("text", ATTACKS[:10])
def test_hostile_text_is_shown_as_it_is(hostile: Callable[[str], str], text: str) -> None:
    """A reader sees the very text, in no fewer places than the page has fields for it."""
    shown = "".join(_Seen(hostile(text)).text)
    assert shown.count(text) > 70


def test_what_hides_or_turns_text_is_made_visible(hostile: Callable[[str], str]) -> None:
    """Controls and marks of direction become the sign for a character that cannot be shown."""
    page = hostile(ATTACKS[-1])
    assert not set(page) & set("\u202e\u2066\x00\x1b\r")
    assert "\ufffddesrever\ufffd\ufffd\ufffd[31m\ufffd\n" in page


def test_every_field_is_shown(hostile: Callable[[str], str]) -> None:
    """The fields that are poisoned are those that a page shows, so that the tests above look at all of them."""
    count = hostile("poison").count("poison")
    assert count > 150
