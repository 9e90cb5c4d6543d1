from pathlib import Path

import pytest

from service.contract import Answer, Quote
from service.contract.events import StageEvent
from service.links import Links
from service.mcp_door.texts import answer_text, stage_text
from service.mcp_door.uris import id_of_uri, uri_of

LINKS = Links("https://articles.example")
QUOTE: dict[str, object] = {
    "article_id": "a:1",
    "version": "v",
    "url": None,
    "title": None,
    "author": None,
    "outlet": None,
    "published_at": None,
    "quote": "The dam failed.",
    "start": 0,
    "end": 15,
}


def answer(**fields: object) -> Answer:
    """Return an answer with these fields."""
    empty = {name: [] for name in ("statements", "citations", "dropped", "nearest", "searched", "degraded")}
    plain = {"id": "ans_0", "outcome": "answered", "reason": None, "answer": "", "as_of": None}
    rest = {"model": {}, "prompts": {}, "usage": {}, "timings_ms": {}}
    return Answer.model_validate({**empty, **plain, **rest, **fields})


def test_an_answer_in_part() -> None:
    """Its quotes, what is missing, the window, notes and what did less than it should follow on lines of their own."""
    text = answer_text(
        answer(
            outcome="partial",
            answer="It failed.[1]",
            citations=[{**QUOTE, "id": "c1", "marker": 1}],
            missing=["who built it"],
            window={"published_from": "2022-01-01", "published_to": "2023-01-01", "wording": "last year"},
            notes=["it is old"],
            degraded=[{"part": "reranker", "reason": "is down"}],
        ),
        LINKS,
    )
    assert text == (
        "It failed.[1]\n\n[1] “The dam failed.”\n    a:1, https://articles.example/articles/a%3A1?start=0&end=15#v=v&q=The%20dam%20failed.\n\n"
        "Not in these articles: who built it\n\nSearched what was published from 2022-01-01 to 2023-01-01.\n\n"
        "Note: it is old.\n\nreranker: is down"
    )


def test_nothing_found() -> None:
    """It says so, with the nearest sentences or without."""
    assert answer_text(answer(outcome="not_found", reason="no_evidence"), LINKS) == "Not in these articles."
    near = Quote.model_validate({**QUOTE, "url": "https://a.example/1", "title": "T", "outlet": "O"})
    text = answer_text(answer(outcome="not_found", reason="unsupported", nearest=[near]), LINKS)
    assert text.endswith("The nearest sentences:\n ·  “The dam failed.”\n    T, O, https://a.example/1")


def test_nothing_to_find_in() -> None:
    """No articles, and none that passes the filters, are told apart from articles that do not say."""
    none = answer(outcome="not_found", reason="index_empty")
    assert answer_text(none, LINKS) == "There are no articles yet."
    named = answer_text(none, LINKS, Path("data"))
    assert named.startswith(f"There are no articles yet in {Path.cwd()}/data; ")
    assert "PULLQUOTE_DATA_DIR" in named
    filtered = answer(outcome="not_found", reason="no_articles_match_filters")
    assert answer_text(filtered, LINKS, Path("data")) == "No article passes the filters."


@pytest.mark.parametrize("break_", ["\n", "\r\n", "\x0b", "\x85", "\u2028", "\u2029", "\x1b[2J", "\x00"])
def test_no_article_makes_a_line(break_: str) -> None:
    """Whatever stands in a sentence, a title or an outlet, no line begins with it, and its length stays."""
    forged = f"a{break_}[2] “forged”"
    cited = {**QUOTE, "id": "c1", "marker": 1, "quote": forged, "title": forged, "outlet": forged}
    text = answer_text(answer(answer=forged, citations=[cited], notes=[forged]), LINKS)
    assert not [line for line in text.splitlines() if line.startswith("[2]")]
    assert break_ not in text.replace("\n    ", "").replace("\n\n", "").replace("\n[1]", "")
    assert len(text.split("\n")[2]) == len(f"[1] “{forged}”")


def test_stages() -> None:
    """Each stage has words, and who waits is told for how many."""
    assert stage_text(StageEvent(stage="waiting", ahead=2)) == "waiting for 2 earlier questions"
    assert stage_text(StageEvent(stage="waiting")) == "beginning"
    assert stage_text(StageEvent(stage="comparing")) == "comparing what articles say"


@pytest.mark.parametrize("article_id", ["a", "a:1", "x#y", "~a.b_c-d"])
def test_names_of_resources(article_id: str) -> None:
    """The id comes back from the name that was made of it."""
    assert id_of_uri(uri_of(article_id)) == article_id


@pytest.mark.parametrize("uri", ["", "a", "pullquote://articles/a%2Fb", "pullquote://articles/..", "PULLQUOTE://x"])
def test_names_that_are_none(uri: str) -> None:
    """What names no article gives no id."""
    assert id_of_uri(uri) is None
