from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.contract import Answer, AskIn
from service.journal.redaction import Removed, redact_answer, redact_note, redact_request

GONE = frozenset(["gone"])
SENTENCE = "The heron nests on the old pier."
SAID = "A heron nests there."
OTHER = "The ferry sails at nine."
KEPT = "It sails at nine."


def test_an_answer_of_other_articles_stays_as_it_is(make: Any) -> None:
    """What names none of the articles is the very same answer, and nothing went."""
    other = make.answer((KEPT, "kept", OTHER), nearest=[make.quote("near", "Some sentence.")])
    redacted, removed = redact_answer(other, GONE)
    assert redacted is other
    assert not removed


def test_what_rests_on_a_deleted_article_goes(make: Any) -> None:
    """The sentence, the statement and the text go; the place stays, and so does a statement on another article."""
    redacted, removed = redact_answer(make.answer((SAID, "gone", SENTENCE), (KEPT, "kept", OTHER)), GONE)
    first, second = redacted.citations
    assert (first.quote, first.title, first.url, first.author) == ("", None, None, None)
    assert (first.article_id, first.version, first.start, first.end) == ("gone", "v1", 5, 5 + len(SENTENCE))
    assert (second.quote, second.title) == (OTHER, "Title of kept")
    assert (redacted.answer, [statement.text for statement in redacted.statements]) == ("", ["", KEPT])
    assert all(redacted.answer[each.start : each.end] == "" for each in redacted.statements)
    assert [statement.gates is None for statement in redacted.statements] == [True, False]
    assert removed.quotes == {SENTENCE}
    assert SAID in removed.written
    assert KEPT not in removed.written


def test_steps_notes_and_rewritten_questions_go_with_the_text(make: Any) -> None:
    """Whatever the model may have written from the article goes, wherever it stands."""
    gates = {"wording": "passed", "missing": ["heron"], "support": "passed", "probability": 0.9, "verifier": "v"}
    step = {"question": "What nests where the heron nests?", "text": SAID, "citation_ids": ["c1"], "gates": gates}
    full = make.answer(
        (SAID, "gone", SENTENCE),
        steps=[{**step, "verdict": "supported", "score": None}],
        notes=[f"Apex said {SAID}; the same outlet corrected it later"],
        searched=["Who saw the heron?"],
        missing=["and how many herons?"],
    )
    redacted, removed = redact_answer(full, GONE)
    assert "heron" not in redacted.model_dump_json()
    assert SAID in removed.written


def test_a_value_in_conflict_goes_and_the_other_stays(make: Any) -> None:
    """Of two values only the one of the deleted article goes; which outlets disagreed stays."""
    values = [
        {"text": "nine herons", "citation_id": "c1", "outlet": "Apex", "published_at": "2024"},
        {"text": "two herons", "citation_id": "c2", "outlet": "Base", "published_at": "2023"},
    ]
    full = make.answer(
        ("nine herons", "gone", SENTENCE),
        ("two herons", "kept", "Two herons nest there."),
        conflicts=[{"question": "How many herons, rewritten?", "values": values}],
    )
    (conflict,) = redact_answer(full, GONE)[0].conflicts
    assert [value.text for value in conflict.values] == ["", "two herons"]
    assert [value.outlet for value in conflict.values] == ["Apex", "Base"]
    assert conflict.question == ""


def test_the_nearest_sentences_of_a_refusal_go(make: Any) -> None:
    """Where only `nearest` quotes the article, that sentence goes and what was answered from others stays."""
    full = make.answer(
        (KEPT, "kept", OTHER), nearest=[make.quote("gone", SENTENCE), make.quote("kept", "Nothing.")], outcome="partial"
    )
    redacted, removed = redact_answer(full, GONE)
    assert [near.quote for near in redacted.nearest] == ["", "Nothing."]
    assert (redacted.answer, redacted.searched) == (full.answer, full.searched)
    assert removed == Removed(frozenset([SENTENCE]), frozenset())


def test_dropped_statements_go_with_what_the_gates_said(make: Any) -> None:
    """One near the article's sentence goes, so does one near none; one near another article's stays."""
    dropped = [
        {"text": SAID, "reason": "heron is not in the sentence", "verdict": "unsupported", "nearest": near}
        for near in (make.quote("gone", SENTENCE), None, make.quote("kept", OTHER))
    ]
    redacted, removed = redact_answer(make.answer(dropped=dropped), GONE)
    assert [each.text for each in redacted.dropped] == ["", "", SAID]
    assert [each.reason for each in redacted.dropped] == ["", "", "heron is not in the sentence"]
    assert redacted.dropped[0].nearest
    assert redacted.dropped[0].nearest.quote == ""
    assert removed.quotes == {SENTENCE}


def test_a_sentence_that_a_deleted_article_says_too_goes(make: Any) -> None:
    """A copy of the sentence in the deleted article takes the words; the article that was cited keeps its name."""
    full = make.answer((SAID, "kept", SENTENCE), nearest=[make.quote("kept", SENTENCE, copies=["gone", "third"])])
    redacted, _ = redact_answer(full, GONE)
    (near,) = redacted.nearest
    assert (near.quote, near.title) == ("", "Title of kept")
    assert [copy.article_id for copy in near.copies] == ["third"]
    cited = make.answer(
        (SAID, "kept", SENTENCE), citations=[{**make.quote("kept", SENTENCE, copies=["gone"]), "id": "c1", "marker": 1}]
    )
    assert redact_answer(cited, GONE)[0].statements[0].text == ""


def test_redacting_twice_changes_nothing_more(make: Any) -> None:
    """An answer that was redacted stays as it is, and nothing goes a second time."""
    once, _ = redact_answer(make.answer((SAID, "gone", SENTENCE), (KEPT, "kept", OTHER)), GONE)
    twice, removed = redact_answer(once, GONE)
    assert twice == once
    assert not removed


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 3)), max_size=4),
    st.lists(st.sampled_from("abc"), max_size=3),
    st.frozensets(st.sampled_from("abc")),
)
def test_no_word_of_a_deleted_article_is_left(
    cited: list[tuple[str, int]], near: list[str], deleted: frozenset[str]
) -> None:
    """Whatever cites what: words of deleted articles are gone, statements on others are left, and the body is valid."""

    def body(article_id: str, sentence: str) -> dict[str, object]:
        described = dict.fromkeys(("url", "title", "author", "outlet", "published_at"))
        return {**described, "article_id": article_id, "version": "v", "quote": sentence, "start": 0, "end": 1}

    sentences = [f"words-of-{article_id} {n}" for article_id, n in cited]
    full = Answer.model_validate(
        {
            "id": "ans_1",
            "outcome": "answered",
            "reason": None,
            "answer": " ".join(sentences),
            "statements": [
                {"text": text, "start": 0, "end": 1, "citation_ids": [f"c{i}"], "verdict": "weak", "score": None}
                for i, text in enumerate(sentences)
            ],
            "citations": [
                {**body(article_id, sentences[i]), "id": f"c{i}", "marker": i}
                for i, (article_id, _) in enumerate(cited)
            ],
            "nearest": [body(article_id, f"words-of-{article_id}") for article_id in near],
            "dropped": [],
            "searched": [],
            "as_of": None,
            "degraded": [],
            "model": {},
            "prompts": {},
            "usage": {},
            "timings_ms": {},
        }
    )
    redacted, removed = redact_answer(full, deleted)
    dumped = redacted.model_dump_json()
    assert Answer.model_validate_json(dumped) == redacted
    assert not [article_id for article_id in deleted if f"words-of-{article_id}" in dumped]
    for i, (article_id, _) in enumerate(cited):
        assert redacted.statements[i].text == ("" if article_id in deleted else sentences[i])
    assert bool(removed) is bool(deleted & {*(article_id for article_id, _ in cited), *near})


REMOVED = Removed(frozenset([SENTENCE]), frozenset([SAID, f"{SAID}[1]"]))


@pytest.mark.parametrize(
    ("role", "content", "left"),
    [
        ("assistant", f"{SAID}[1]", False),
        ("assistant", "I think: A heron\nnests  there.", False),
        ("assistant", "A heron nests", False),  # cut off by the client
        ("assistant", "It sails at nine.[1]", True),
        ("assistant", "", True),
        ("user", "You said: A heron nests there. Where?", True),
        ("user", f"It says «{SENTENCE}», does it not?", False),
        ("user", "Is there a heron?", True),
    ],
)
def test_earlier_messages_that_repeat_it_are_emptied(make: Any, role: str, content: str, left: bool) -> None:
    """An answer that came back as history goes, readers' words only where they quote; then rewritings go too."""
    request, given_answer = (
        make.request("And when?", (role, content)),
        make.answer(searched=["And when does the heron nest?"]),
    )
    redacted, redacted_answer = redact_request(request, given_answer, REMOVED)
    assert [turn.content for turn in redacted.history] == [content if left else ""]
    assert [turn.role for turn in redacted.history] == [role]
    assert redacted_answer.searched == (given_answer.searched if left else [])
    assert redacted.question == "And when?"


def test_what_a_reader_quotes_goes(make: Any) -> None:
    """A question, a search and a note that hold a whole sentence of the article are emptied, others are not."""
    quoting = f"Why does it say “{SENTENCE}”?"
    request, _ = redact_request(make.request(quoting, search_as=["heron", quoting]), make.answer(), REMOVED)
    assert (request.question, request.search_as) == ("", ["heron", ""])
    assert AskIn.model_validate_json(request.model_dump_json()) == request
    assert [redact_note(note, REMOVED) for note in (quoting, SAID, "", None)] == ["", SAID, "", None]


def test_nothing_removed_changes_no_request(make: Any) -> None:
    """Where no text went, what was sent stays word for word."""
    request, full = make.request("Why?", ("assistant", SAID)), make.answer()
    assert redact_request(request, full, Removed()) == (request, full)
