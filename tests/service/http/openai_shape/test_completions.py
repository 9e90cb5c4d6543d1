from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import Article, Evidence
from service.answering.composing import Said, compose
from service.answering.telling import Telling
from service.chat.base import Call, Draft, Support
from service.checking.attribution import Attributed
from service.checking.gate import Wording
from service.checking.judging import Judged
from service.contract import Answer, Degraded
from service.contract.events import Event, StatementEvent
from service.http.openai_shape.completions import Chunks, completion, content
from service.links import Links

LINKS = Links("http://127.0.0.1:8000")
TEXT = "Anna led the talks.\nThey ended on Sunday.\nIt rained."
CITED = [
    Evidence(number, Article(name, TEXT), start, end, 1.0)
    for name in ("a", "b")
    for number, start, end in ((1, 0, 19), (2, 20, 41), (3, 42, 52))
]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, "The ferry had been laid up since March.[1]"),
        (
            {"outcome": "partial", "missing": ["Who?", "When?"]},
            "The ferry had been laid up since March.[1]\n\nNot in these articles: Who?\nNot in these articles: When?",
        ),
        (
            {"outcome": "partial", "degraded": [Degraded(part="chat", reason="When? was not answered: too slow")]},
            "The ferry had been laid up since March.[1]\n\nNot decided: When? was not answered: too slow",
        ),
        ({"outcome": "not_found", "reason": "unsupported", "answer": ""}, "Not in these articles."),
        ({"outcome": "not_found", "reason": "no_evidence", "answer": ""}, "Not in these articles."),
        ({"outcome": "not_found", "reason": "index_empty", "answer": ""}, "There are no articles yet."),
        (
            {"outcome": "not_found", "reason": "no_articles_match_filters", "answer": ""},
            "No article passes the filters.",
        ),
    ],
)
def test_what_is_said_of_each_outcome(answer: Callable[..., Answer], fields: dict[str, object], expected: str) -> None:
    """An answer is said as it is, what is missing after it, and what was not found in a sentence."""
    assert content(answer(**fields)) == expected


def test_a_completion_holds_all_of_the_answer(answer: Callable[..., Answer]) -> None:
    """The id is made from the answer's, the usage is the answer's, and the answer itself is there."""
    given_answer = answer()
    body = completion(given_answer, LINKS)
    assert body.id == f"chatcmpl-{given_answer.id}"
    assert body.usage.model_dump() == {"prompt_tokens": 1012, "completion_tokens": 27, "total_tokens": 1039}
    assert body.pullquote == given_answer
    (choice,) = body.choices
    assert choice.message.content == given_answer.answer
    assert choice.model_dump(exclude={"message"}) == {"index": 0, "finish_reason": "stop", "logprobs": None}


def judged(text: str, cited: Sequence[Evidence]) -> Judged:
    """Make a statement that holds."""
    support = Support(0.9, Call())
    return Judged(Draft((), text), Attributed(text, tuple(cited)), Wording(), support, {}, None, "supported")


WORDS = st.text(alphabet="ab .[12]é🎈\n", min_size=1, max_size=12)
EVIDENCE = st.lists(st.sampled_from(CITED), min_size=1, max_size=3, unique_by=id)
PARTS = st.builds(lambda text, cited, part: Said(judged(text, cited), part), WORDS, EVIDENCE, st.none() | WORDS)
VALUES = st.builds(
    lambda text, cited, lead, outlet: Said(judged(text, cited), lead=lead, tail=f" ({outlet})"),
    WORDS,
    EVIDENCE,
    st.sampled_from(["", "The articles disagree: ", "Said before, since corrected: "]),
    WORDS,
)


def told(said: Sequence[Said], steps: set[int]) -> list[StatementEvent]:
    """Return the events of an answer whose statements become known at these steps, and at the end."""
    events: list[Event] = []
    telling = Telling(events.append)
    for count in (*sorted(step for step in steps if step < len(said)), len(said)):
        so_far = compose(said[:count], "v")
        telling.said(so_far.text, so_far.statements, so_far.citations)
    return [event for event in events if isinstance(event, StatementEvent)]


@given(
    said=st.lists(PARTS, max_size=5) | st.lists(VALUES, max_size=5), steps=st.sets(st.integers(1, 5)), data=st.data()
)
def test_chunks_are_the_completion(
    answer: Callable[..., Answer], said: list[Said], steps: set[int], data: st.DataObject
) -> None:
    """Joined, the chunks are the content of the plain call, and every annotation of both covers its marker."""
    composed = compose(said, "v")
    missing = data.draw(st.lists(WORDS, max_size=2))
    outcome = "not_found" if not said else "partial" if missing else "answered"
    whole = answer(
        outcome=outcome,
        answer=composed.text,
        statements=composed.statements,
        citations=composed.citations,
        missing=missing if said else [],
    )
    chunks = Chunks(LINKS, include_usage=False)
    events = told(said, steps)
    sent = [chunks.first(), *(chunks.said(event) for event in events), *chunks.last(whole)]
    deltas = [chunk["choices"][0]["delta"] for chunk in sent]
    plain = completion(whole, LINKS).choices[0].message
    assert len(sent) == len(said) + 2
    assert "".join(delta.get("content", "") for delta in deltas) == plain.content
    assert deltas[-1]["annotations"] == [annotation.model_dump() for annotation in plain.annotations]
    markers = {citation.id: f"[{citation.marker}]" for citation in composed.citations}
    expected = [markers[i] for statement in composed.statements for i in statement.citation_ids]
    places = [annotation.url_citation for annotation in plain.annotations]
    assert [plain.content[place.start_index : place.end_index] for place in places] == expected
    for statement in composed.statements:  # no annotation stands within a statement
        assert all(place.end_index <= statement.start or place.start_index >= statement.end for place in places)


def test_chunks_share_their_head_and_end_with_what_was_asked_for(answer: Callable[..., Answer]) -> None:
    """One id, one time; the last choice stops and has the answer; the usage follows without a choice."""
    chunks = Chunks(LINKS, include_usage=True)
    first, (last, usage) = chunks.first(), chunks.last(answer())
    assert (
        len({(chunk["id"], chunk["created"], chunk["model"], chunk["object"]) for chunk in (first, last, usage)}) == 1
    )
    assert first["choices"][0]["delta"] == {"role": "assistant", "content": ""}
    assert (first["choices"][0]["finish_reason"], last["choices"][0]["finish_reason"]) == (None, "stop")
    assert (first["usage"], last["usage"], usage["choices"]) == (None, None, [])
    assert usage["usage"] == {"prompt_tokens": 1012, "completion_tokens": 27, "total_tokens": 1039}
    assert last["pullquote"] == answer().model_dump(mode="json")
    assert "pullquote" not in first
    assert "pullquote" not in usage


def test_without_usage_no_chunk_has_any(answer: Callable[..., Answer]) -> None:
    """The usage is only there where it was asked for."""
    chunks = Chunks(LINKS, include_usage=False)
    (last,) = chunks.last(answer())
    assert "usage" not in last
    assert "usage" not in chunks.first()
