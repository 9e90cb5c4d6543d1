from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import Article, Evidence
from service.answering.composing import Composed, Said, compose
from service.chat.base import Call, Draft, Support
from service.checking.attribution import Attributed
from service.checking.gate import Wording
from service.checking.judging import Judged
from service.contract import Answer
from service.http.openai_shape.annotations import annotations
from service.links import Links

LINKS = Links("https://news.example")
TEXT = "Anna led the talks.\nThey ended on Sunday.\nIt rained."
CITED = [
    Evidence(number, Article("talks", TEXT, title="Talks", url="https://apex.example/1"), start, end, 1.0)
    for number, start, end in ((1, 0, 19), (2, 20, 41), (3, 42, 52))
]


def judged(text: str, *cited: Evidence) -> Judged:
    """Make a statement that holds."""
    support = Support(0.9, Call())
    return Judged(Draft((), text), Attributed(text, cited), Wording(), support, {}, None, "supported")


def marks(make: Callable[..., Answer], composed: Composed) -> list[tuple[int, str]]:
    """Return place and text of every annotation of an answer."""
    whole = make(answer=composed.text, statements=composed.statements, citations=composed.citations)
    found = [item.url_citation for item in annotations(whole, LINKS)]
    return [(item.start_index, composed.text[item.start_index : item.end_index]) for item in found]


def test_every_marker_is_annotated_where_it_stands(answer: Callable[..., Answer]) -> None:
    """Markers side by side have one each, in the order of reading, and a sentence cited twice has two."""
    first, second, _ = CITED
    composed = compose([Said(judged("Rain.", second)), Said(judged("Anna, rain.", first, second))], "v")
    assert composed.text == "Rain.[1] Anna, rain.[2][1]"
    assert marks(answer, composed) == [(5, "[1]"), (20, "[2]"), (23, "[1]")]


def test_a_marker_of_the_article_is_no_marker(answer: Callable[..., Answer]) -> None:
    """What looks like a marker in statement, part of the question, or outlet is passed over."""
    composed = compose(
        [
            Said(judged("Report [1] says [1]", CITED[0]), "And [1]?"),
            Said(judged("See [2][1]", CITED[1]), "[1] or [2]?"),
        ],
        "v",
    )
    assert composed.text == "And [1]? Report [1] says [1][1] [1] or [2]? See [2][1][2]"
    assert marks(answer, composed) == [(28, "[1]"), (54, "[2]")]


def test_a_tail_stands_before_the_markers(answer: Callable[..., Answer]) -> None:
    """Outlet and date come between a statement and its marker, whatever the outlet is called."""
    said = [
        Said(judged("40", CITED[0]), lead="The articles disagree: ", tail=" (The [1] Post, 2022)"),
        Said(judged("41", CITED[1]), lead="Said before, since corrected: ", tail=" (Apex)"),
    ]
    composed = compose(said, "v")
    assert (
        composed.text == "The articles disagree: 40 (The [1] Post, 2022)[1] Said before, since corrected: 41 (Apex)[2]"
    )
    assert marks(answer, composed) == [(46, "[1]"), (89, "[2]")]


def test_places_count_code_points(answer: Callable[..., Answer]) -> None:
    """A character beyond the basic plane counts once."""
    assert marks(answer, compose([Said(judged("🎈🎈", CITED[0]))], "v")) == [(2, "[1]")]


def test_without_statements_there_is_nothing_to_annotate(answer: Callable[..., Answer]) -> None:
    """An answer that was not found has no annotations."""
    assert annotations(answer(answer="", statements=[], citations=[]), LINKS) == []


@pytest.mark.parametrize(("title", "expected"), [("Talks", "Talks"), (None, "talks"), ("", "talks")])
def test_an_article_without_a_title_is_told_by_its_id(
    answer: Callable[..., Answer], title: str | None, expected: str
) -> None:
    """A title is always there."""
    citation = answer().citations[0].model_copy(update={"title": title, "article_id": "talks"})
    (annotation,) = annotations(answer(citations=[citation]), LINKS)
    assert annotation.url_citation.title == expected


@given(marker=st.integers(1, 10_000))
def test_a_marker_may_have_any_number(answer: Callable[..., Answer], marker: int) -> None:
    """The end follows from the number's digits."""
    citation = answer().citations[0].model_copy(update={"marker": marker})
    statement = answer().statements[0]
    whole = answer(answer=f"{statement.text}[{marker}]", citations=[citation])
    (annotation,) = annotations(whole, LINKS)
    place = annotation.url_citation
    assert whole.answer[place.start_index : place.end_index] == f"[{marker}]"
