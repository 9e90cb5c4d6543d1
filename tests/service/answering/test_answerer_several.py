"""Answers of several statements: side by side, to parts of a question, by steps, and in conflict."""

from collections.abc import Callable

import pytest

from service.contract import Answer
from service.errors import ChatTimeoutError

Asked = Callable[..., list[Answer]]
Script = Callable[..., object]
TALKS = {
    "id": "talks",
    "text": "General Zhang led the talks. They ended on 12 June in Islamabad.",
    "published_at": "2024-05-02",
}
RAIN = {"id": "rain", "text": "It rained on the harbour."}


def check(found: Answer, *articles: dict[str, str]) -> None:
    """Check that offsets, markers and quotes fit each other and the articles."""
    texts = {article["id"]: article["text"] for article in articles}
    assert all(found.answer[s.start : s.end] == s.text for s in found.statements)
    assert all(texts[c.article_id][c.start : c.end] == c.quote for c in found.citations)
    assert [citation.marker for citation in found.citations] == list(range(1, len(found.citations) + 1))
    ids = {citation.id for citation in found.citations}
    for item in (*found.statements, *found.steps):
        assert item.citation_ids
        assert set(item.citation_ids) <= ids


def test_statements_share_markers(asked: Asked, script: Script) -> None:
    """Three statements over two sentences have the markers 1, 2 and 1."""
    said = [("General Zhang led", "led"), ("It ended on 12 June", "12 June"), ("The talks had General Zhang", "led")]
    (found,) = asked(script({"What is known?": said}), [TALKS, RAIN], {"question": "What is known?"})
    assert found.answer == "General Zhang led[1] It ended on 12 June[2] The talks had General Zhang[1]"
    assert [statement.citation_ids for statement in found.statements] == [["c1"], ["c2"], ["c1"]]
    check(found, TALKS, RAIN)


def test_what_failed_is_left_out_of_the_rest(asked: Asked, script: Script) -> None:
    """Statements that do not hold are dropped, with their reasons, and the others are the answer."""
    said = [("General Zhang led", "led"), ("It ended on 13 June", "12 June"), ("It rained", "rained")]
    chat = script({"What is known?": said}, supports={"It rained": 0.2})
    (found,) = asked(chat, [TALKS, RAIN], {"question": "What is known?"})
    assert (found.outcome, found.answer) == ("answered", "General Zhang led[1]")
    assert [(item.text, item.reason) for item in found.dropped] == [
        ("It ended on 13 June", "not in the cited sentence: 13 June"),
        ("It rained", "the sentence does not state it"),
    ]
    check(found, TALKS, RAIN)


WHO, WHEN = "Who led the Apex Meeting?", "When did the mill in Tarn close?"
BOTH = "Who led the Apex Meeting and when did the mill in Tarn close?"
APEX = {"id": "apex", "text": "General Zhang led the Apex Meeting. It rained.", "published_at": "2024-05-02"}
MILL = {"id": "mill", "text": "The mill in Tarn closed on 12 June.", "published_at": "2024-05-02"}
ZHANG, JUNE = ("General Zhang", "led"), ("on 12 June", "12 June")


def test_each_part_of_a_question_is_answered(asked: Asked, script: Script) -> None:
    """Each is asked by itself and repeated before what answers it, in the answer and in the statement."""
    (found,) = asked(script({WHO: [ZHANG], WHEN: [JUNE]}), [APEX, MILL], {"question": BOTH})
    assert (found.outcome, found.missing) == ("answered", [])
    assert found.answer == f"{WHO} General Zhang[1] {WHEN} on 12 June[2]"
    assert [statement.question for statement in found.statements] == [WHO, WHEN]
    assert found.searched == [BOTH, WHO, WHEN]
    check(found, APEX, MILL)


def test_a_part_that_leans_on_the_first_is_asked_with_it(asked: Asked, script: Script) -> None:
    """A part with a pronoun goes to the model behind the whole question, and is told as it was asked."""
    whole = "Who led the Apex Meeting and when did it end?"
    part = "When did it end?"
    ended = {"id": "ended", "text": "The Apex Meeting ended on 12 June."}
    chat = script({WHO: [ZHANG], f"{whole} {part}": [JUNE]})
    (found,) = asked(chat, [APEX, ended], {"question": whole})
    assert (found.outcome, [statement.question for statement in found.statements]) == ("answered", [WHO, part])
    check(found, APEX, ended)


@pytest.mark.parametrize("probability", [None, 0.1])
def test_a_part_without_an_answer_is_missing(asked: Asked, script: Script, probability: float | None) -> None:
    """Where one part is answered and one is not, or not provably, that is partial, and the nearest are shown."""
    chat = script({WHO: [ZHANG], WHEN: [JUNE] if probability else []}, supports={"on 12 June": probability})
    (found,) = asked(chat, [APEX, MILL], {"question": BOTH})
    assert (found.outcome, found.reason, found.missing) == ("partial", None, [WHEN])
    assert found.answer == f"{WHO} General Zhang[1]"
    assert [item.text for item in found.dropped] == (["on 12 June"] if probability else [])
    assert found.nearest
    check(found, APEX, MILL)


def test_no_part_with_an_answer_is_not_found(asked: Asked, script: Script) -> None:
    """Where nothing holds, the whole is not found."""
    (found,) = asked(script(), [APEX, MILL], {"question": BOTH})
    assert (found.outcome, found.reason, found.answer, found.missing) == ("not_found", "no_evidence", "", [])
    (found,) = asked(script({WHO: [("Emperor Norton", "led")]}), [APEX, MILL], {"question": BOTH})
    assert (found.outcome, found.reason, found.answer) == ("not_found", "unsupported", "")


HOLM = {"id": "holm", "text": "Ida Holm was born in Brenholt."}
BRENHOLT = {"id": "brenholt", "text": "In Brenholt live 40,000 people."}
BRIDGE = "How many people live in the city where Ida Holm was born?"
LINES = "Where was Ida Holm born?\nHow many people live in #1?"
STEPS = {
    "Where was Ida Holm born?": [("Brenholt", "born in")],
    "How many people live in Brenholt?": [("40,000 people", "40,000")],
}


def test_a_question_of_two_facts_goes_by_steps(asked: Asked, script: Script) -> None:
    """The last fact is the answer and cites all sentences on the way; the step stands beside it with its question."""
    (found,) = asked(script(STEPS, writes={BRIDGE: LINES}), [HOLM, BRENHOLT, RAIN], {"question": BRIDGE})
    assert (found.outcome, found.answer) == ("answered", "40,000 people[1][2]")
    assert [(step.question, step.text, step.verdict) for step in found.steps] == [
        ("Where was Ida Holm born?", "Brenholt", "supported")
    ]
    assert [citation.article_id for citation in found.citations] == ["brenholt", "holm"]
    assert found.steps[0].citation_ids == ["c2"]
    assert found.searched == [BRIDGE, *STEPS]
    check(found, HOLM, BRENHOLT)


@pytest.mark.parametrize(
    ("lines", "probability"),
    [
        ("Brenholt.", 0.9),
        (ChatTimeoutError("too slow"), 0.9),
        (LINES, 0.1),
        ("When was Ida Holm born?\nHow many people live in #1?", 0.9),
    ],
    ids=["unusable lines", "no lines", "a step does not hold", "a step has no answer"],
)
def test_a_question_of_two_facts_is_asked_whole_where_steps_fail(
    asked: Asked, script: Script, lines: str | ChatTimeoutError, probability: float
) -> None:
    """The question itself is asked over its evidence, and no step is shown; a model that failed to split is told."""
    said = {**STEPS, BRIDGE: [("40,000 people", "40,000")]}
    chat = script(said, writes={BRIDGE: lines}, supports={"Where was Ida Holm born?": probability})
    (found,) = asked(chat, [HOLM, BRENHOLT, RAIN], {"question": BRIDGE})
    assert (found.outcome, found.answer, found.steps) == ("answered", "40,000 people[1]", [])
    assert bool(found.degraded) is isinstance(lines, ChatTimeoutError)


def test_search_as_goes_by_no_steps(asked: Asked, script: Script) -> None:
    """What is given to be searched is searched, and no question is split."""
    chat = script({**STEPS, BRIDGE: [("40,000 people", "40,000")]}, writes={BRIDGE: LINES})
    (found,) = asked(chat, [HOLM, BRENHOLT], {"question": BRIDGE, "search_as": ["Brenholt people"]})
    assert (found.outcome, found.steps, found.searched) == ("answered", [], ["Brenholt people"])
    assert "write" not in chat.kinds  # type: ignore[attr-defined]


KILLED = "How many people did the flood kill?"
SEVEN = {"id": "seven", "text": "The flood killed 7 people.", "outlet": "Apex", "published_at": "2024-05-02"}
NINE = {"id": "nine", "text": "The flood killed 9 people.", "outlet": "Tribune", "published_at": "2024-05-03"}
COUNTS = [("7 people", "killed 7"), ("9 people", "killed 9")]


def test_two_outlets_that_differ_are_told(asked: Asked, script: Script) -> None:
    """Both values stand in the answer with outlet and date, and in the conflict with their citations."""
    (found,) = asked(script({KILLED: COUNTS}), [SEVEN, NINE, RAIN], {"question": KILLED})
    assert (found.outcome, found.as_of) == ("answered", "2024-05-03")
    assert found.answer == "The articles disagree: 9 people (Tribune, 2024-05-03)[1] 7 people (Apex, 2024-05-02)[2]"
    (conflict,) = found.conflicts
    cited = {citation.id: citation for citation in found.citations}
    assert [(v.text, v.outlet, v.published_at, cited[v.citation_id].article_id) for v in conflict.values] == [
        ("9 people", "Tribune", "2024-05-03", "nine"),
        ("7 people", "Apex", "2024-05-02", "seven"),
    ]
    check(found, SEVEN, NINE)


def test_parts_of_a_question_are_compared_too(asked: Asked, script: Script) -> None:
    """A part that two articles answer otherwise gives both values, and what comes after it stands as it is."""
    both = "How many people did the flood kill and when did the mill in Tarn close?"
    (found,) = asked(script({KILLED: COUNTS, WHEN: [JUNE]}), [SEVEN, NINE, MILL], {"question": both})
    assert found.answer == (
        f"{KILLED} The articles disagree: 9 people (Tribune, 2024-05-03)[1] 7 people (Apex, 2024-05-02)[2] "
        f"{WHEN} on 12 June[3]"
    )
    (conflict,) = found.conflicts
    assert (conflict.question, [value.citation_id for value in conflict.values]) == (KILLED, ["c1", "c2"])
    assert [statement.question for statement in found.statements] == [KILLED, KILLED, WHEN]
    check(found, SEVEN, NINE, MILL)


def test_outlets_that_agree_are_no_conflict(asked: Asked, script: Script) -> None:
    """The same value of two outlets is one answer."""
    also = {**NINE, "text": "In all the flood killed seven people."}
    (found,) = asked(script({KILLED: COUNTS}), [SEVEN, also, RAIN], {"question": KILLED})
    assert (found.outcome, found.conflicts) == ("answered", [])
    assert "disagree" not in found.answer


def test_a_later_correction_is_told(asked: Asked, script: Script) -> None:
    """What the same outlet corrected is superseded: the new value leads, the old one is told as such."""
    late = {**NINE, "text": "Correction: the flood killed 9 people, fewer than first reported.", "outlet": "Apex"}
    (found,) = asked(script({KILLED: COUNTS}), [SEVEN, late, RAIN], {"question": KILLED})
    assert found.answer == "9 people[1] Said before, since corrected: 7 people (Apex, 2024-05-02)[2]"
    assert [(value.text, value.superseded) for value in found.conflicts[0].values] == [
        ("9 people", False),
        ("7 people", True),
    ]
    assert found.notes == ["Apex, 2024-05-02 said 7 people; the same outlet corrected it later"]
    check(found, SEVEN, late)


def test_filters_hide_the_other_value(asked: Asked, script: Script) -> None:
    """An article that the request does not admit is not held against the answer."""
    request = {"question": KILLED, "filters": {"outlets": ["Apex"]}}
    (found,) = asked(script({KILLED: COUNTS}), [SEVEN, NINE], request)
    assert (found.answer, found.conflicts) == ("7 people[1]", [])
