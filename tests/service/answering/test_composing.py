from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import Article, Evidence
from service.answering.composing import Said, compose, compose_steps, dropped
from service.answering.hops import Step, Steps
from service.chat.base import Call, Draft, Support
from service.checking.attribution import Attributed
from service.checking.gate import Wording
from service.checking.judging import Judged

MakeEvidence = Callable[..., tuple[Evidence, ...]]
TEXT = "Anna led the talks.\nThey ended on Sunday.\nIt rained."
TALKS, ENDED, RAINED = (
    Evidence(number, Article("talks", TEXT, outlet="Apex", published_at="2024-05-02"), start, end, 1.0)
    for number, start, end in ((1, 0, 19), (2, 20, 41), (3, 42, 52))
)
OTHER = Evidence(4, Article("other", "Anna led."), 0, 9, 1.0)


def judged(text: str, *cited: Evidence, probability: float | None = 0.9, score: float | None = None) -> Judged:
    """Make a statement that holds."""
    support = None if probability is None else Support(probability, Call())
    return Judged(
        Draft((), text), Attributed(text, cited) if cited else None, Wording(), support, {}, score, "supported"
    )


def test_statements_share_the_marker_of_a_sentence() -> None:
    """A sentence that is cited again keeps its number, and is listed once."""
    composed = compose(
        [Said(judged("Anna.", TALKS)), Said(judged("Sunday.", ENDED)), Said(judged("Talks.", TALKS))], "v"
    )
    assert composed.text == "Anna.[1] Sunday.[2] Talks.[1]"
    assert [statement.citation_ids for statement in composed.statements] == [["c1"], ["c2"], ["c1"]]
    assert [(c.id, c.marker, c.quote) for c in composed.citations] == [
        ("c1", 1, "Anna led the talks."),
        ("c2", 2, "They ended on Sunday."),
    ]


def test_a_statement_has_the_markers_of_all_its_sentences() -> None:
    """Markers stand side by side in the order of the citations."""
    composed = compose([Said(judged("Rain.", RAINED)), Said(judged("Anna, Sunday, rain.", TALKS, RAINED))], "v")
    assert composed.text == "Rain.[1] Anna, Sunday, rain.[2][1]"
    assert composed.statements[1].citation_ids == ["c2", "c1"]


def test_sentences_at_one_place_of_two_articles_are_two() -> None:
    """The article is part of what tells a sentence."""
    composed = compose([Said(judged("Anna led.", TALKS, OTHER))], "v")
    assert composed.text == "Anna led.[1][2]"
    assert [citation.article_id for citation in composed.citations] == ["talks", "other"]


def test_a_citation_tells_its_article() -> None:
    """Quote, offsets, version and metadata are those of the stored article."""
    (citation,) = compose([Said(judged("Sunday", ENDED))], "v").citations
    assert TEXT[citation.start : citation.end] == citation.quote == "They ended on Sunday."
    assert (citation.version, citation.outlet, citation.published_at) == (ENDED.article.version, "Apex", "2024-05-02")


TEXTS = st.text(alphabet="ab .[1]é🎈", min_size=1, max_size=12)
ITEMS = st.lists(
    st.tuples(
        TEXTS, st.none() | TEXTS, TEXTS | st.just(""), TEXTS | st.just(""), st.sampled_from([TALKS, ENDED, OTHER])
    ),
    max_size=5,
)


@given(items=ITEMS)
def test_statements_stand_at_their_offsets(items: list[tuple[str, str | None, str, str, Evidence]]) -> None:
    """Whatever stands before and behind a statement, its offsets cut it out of the answer, without its markers."""
    said = [Said(judged(text, cited), part, lead, tail) for text, part, lead, tail, cited in items]
    composed = compose(said, "v")
    assert [composed.text[s.start : s.end] for s in composed.statements] == [text for text, *_ in items]
    assert [statement.text for statement in composed.statements] == [text for text, *_ in items]
    ends = [statement.end for statement in composed.statements]
    assert all(end <= statement.start for end, statement in zip(ends, composed.statements[1:], strict=False))


def test_a_lead_and_a_tail_are_no_part_of_the_statement() -> None:
    """What introduces a statement and names its source stands outside its offsets, and markers close it."""
    said = [
        Said(judged("40", TALKS), lead="The articles disagree: ", tail=" (Apex)"),
        Said(judged("30", ENDED), tail=" (B)"),
    ]
    composed = compose(said, "v")
    assert composed.text == "The articles disagree: 40 (Apex)[1] 30 (B)[2]"
    assert [(s.start, s.end) for s in composed.statements] == [(23, 25), (36, 38)]


def test_an_answer_to_a_part_stands_behind_its_question() -> None:
    """Each part is repeated before what answers it, and stands in the statement."""
    composed = compose(
        [Said(judged("Anna", TALKS), "Who led?"), Said(judged("Sunday", ENDED), "When did it end?")], "v"
    )
    assert composed.text == "Who led? Anna[1] When did it end? Sunday[2]"
    assert [statement.question for statement in composed.statements] == ["Who led?", "When did it end?"]


def test_nothing_said_is_nothing() -> None:
    """No statement makes an empty answer."""
    composed = compose([], "v")
    assert (composed.text, composed.statements, composed.citations, composed.steps) == ("", [], [], [])


def test_an_answer_by_steps_rests_on_all_of_their_sentences() -> None:
    """The last statement alone is the answer; it cites its own sentences first, and each step names its own."""
    steps = Steps(
        (Step("Who led?", judged("Anna", TALKS)), Step("When did Anna end them?", judged("Sunday", ENDED))),
        judged("It rained", RAINED, TALKS),
    )
    composed = compose_steps(steps, "v")
    assert composed.text == "It rained[1][2][3]"
    assert [citation.quote for citation in composed.citations] == [
        "It rained.",
        "Anna led the talks.",
        "They ended on Sunday.",
    ]
    assert [(step.question, step.text, step.citation_ids) for step in composed.steps] == [
        ("Who led?", "Anna", ["c2"]),
        ("When did Anna end them?", "Sunday", ["c3"]),
    ]
    assert {step.verdict for step in composed.steps} == {"supported"}


def test_gates_tell_what_they_found() -> None:
    """Passed by wording and support, with the probability, the verifier and rounded features."""
    kept = Judged(
        Draft((), "40"),
        Attributed("40", (TALKS,)),
        Wording(),
        Support(0.876543, Call()),
        {"rank": 1.23456},
        0.98765,
        "supported",
    )
    (statement,) = compose([Said(kept)], "a verifier").statements
    assert (statement.verdict, statement.score) == ("supported", 0.9877)
    assert statement.gates
    assert statement.gates.model_dump() == {
        "wording": "passed",
        "missing": [],
        "support": "passed",
        "probability": 0.8765,
        "verifier": "a verifier",
        "features": {"rank": 1.2346},
    }


@pytest.mark.parametrize(
    ("item", "reason", "gates"),
    [
        (Judged(Draft((), "40")), "it names no sentence that was shown", ("failed", "skipped", None)),
        (
            Judged(Draft((), "40 boats"), Attributed("40 boats", (TALKS,)), Wording(values=("40",), names=("Rosa",))),
            "not in the cited sentence: 40, Rosa",
            ("failed", "skipped", None),
        ),
        (
            Judged(Draft((), "boats"), Attributed("boats", (TALKS,)), Wording(unsaid=True)),
            "its words are not those of the sentence",
            ("failed", "skipped", None),
        ),
        (
            Judged(Draft((), "Anna"), Attributed("Anna", (TALKS,)), Wording(), Support(0.2, Call())),
            "the sentence does not state it",
            ("passed", "failed", 0.2),
        ),
    ],
)
def test_what_is_left_out_says_why(item: Judged, reason: str, gates: tuple[str, str, float | None]) -> None:
    """Reason, gates and the sentence that came nearest are told."""
    out = dropped(item, "v")
    assert (out.text, out.reason, out.verdict) == (item.draft.text, reason, "unsupported")
    assert out.gates
    assert (out.gates.wording, out.gates.support, out.gates.probability) == gates
    assert out.gates.missing == item.wording.missing
    assert (out.nearest.quote if out.nearest else None) == ("Anna led the talks." if item.claim else None)
