"""What is searched: rewritten follow-ups, windows that a question asks for, and what a reader puts in their place."""

from collections.abc import Callable

import pytest

from service.contract import Answer
from service.errors import ChatTimeoutError

Asked = Callable[..., list[Answer]]
Script = Callable[..., object]
QUILL = {
    "id": "quill",
    "text": "Marta Quill has run the mill since 2019. Marta Quill worked at the Tarn harbour before.",
    "published_at": "2024-01-10",
}
LIND = {"id": "lind", "text": "Rosa Lind worked on the Alma ferry before.", "published_at": "2024-05-20"}
HISTORY = [
    {"role": "user", "content": "Who runs the mill in Aldbury?"},
    {"role": "assistant", "content": "Marta Quill has run the mill since 2019.[1]"},
]
FOLLOW_UP, REWRITTEN = "Where did she work before?", "Where did Marta Quill work before?"
SAID = {
    REWRITTEN: [("at the Tarn harbour", "Tarn harbour")],
    "Where did Rosa Lind work before?": [("on the Alma ferry", "Alma ferry")],
}


def test_a_follow_up_is_answered_as_it_was_rewritten(asked: Asked, script: Script) -> None:
    """Searched, asked and checked is the rewrite, and it is shown."""
    chat = script(SAID, writes={FOLLOW_UP: REWRITTEN})
    (found,) = asked(chat, [QUILL, LIND], {"question": FOLLOW_UP, "history": HISTORY})
    assert (found.outcome, found.answer) == ("answered", "at the Tarn harbour[1]")
    assert (found.searched, found.degraded) == ([REWRITTEN], [])
    assert found.usage.calls == 3
    assert f"Question: {REWRITTEN}\n" in chat.users("support")[0]  # type: ignore[attr-defined]


def test_a_reader_corrects_the_rewrite(asked: Asked, script: Script) -> None:
    """With a conversation, `search_as` stands for the question: it is searched, asked and shown, without a rewrite."""
    chat = script(SAID, writes={FOLLOW_UP: REWRITTEN})
    own = "Where did Rosa Lind work before?"
    (found,) = asked(chat, [QUILL, LIND], {"question": FOLLOW_UP, "history": HISTORY, "search_as": [own]})
    assert (found.outcome, found.answer, found.searched) == ("answered", "on the Alma ferry[1]", [own])
    assert "write" not in chat.kinds  # type: ignore[attr-defined]


def test_a_refused_rewrite_is_told(asked: Asked, script: Script) -> None:
    """A rewrite that says more than the conversation is shown nowhere; the question is searched as it stands."""
    chat = script(
        {FOLLOW_UP: [("at the Tarn harbour", "Tarn harbour")]}, writes={FOLLOW_UP: "Where did Emperor Norton work?"}
    )
    (found,) = asked(chat, [QUILL], {"question": FOLLOW_UP, "history": HISTORY})
    assert (found.outcome, found.searched) == ("answered", [FOLLOW_UP])
    assert [item.part for item in found.degraded] == ["history"]
    assert "Norton" not in found.model_dump_json()


def test_a_slow_rewrite_is_told(asked: Asked, script: Script) -> None:
    """A model that fails at the rewrite alone leaves an answer to the question as it stands."""
    chat = script(
        {FOLLOW_UP: [("at the Tarn harbour", "Tarn harbour")]}, writes={FOLLOW_UP: ChatTimeoutError("too slow")}
    )
    (found,) = asked(chat, [QUILL], {"question": FOLLOW_UP, "history": HISTORY})
    assert (found.outcome, [item.part for item in found.degraded]) == ("answered", ["history"])


def test_search_as_is_searched_beside_a_first_question(asked: Asked, script: Script) -> None:
    """Without a conversation it is searched and shown, and the question is what is answered."""
    chat = script({REWRITTEN: SAID[REWRITTEN]})
    own = ["Quill harbour", "Tarn"]
    (found,) = asked(chat, [QUILL, LIND], {"question": REWRITTEN, "search_as": own})
    assert (found.answer, found.searched) == ("at the Tarn harbour[1]", own)


MILL = "What was reported last month about the mill?"
BARE = "What was reported about the mill?"
OLD = {"id": "old", "text": "The mill closed.", "outlet": "Apex", "published_at": "2023-02-01"}
NEW = {"id": "new", "text": "The mill opened again.", "outlet": "Apex", "published_at": "2024-05-20"}


@pytest.fixture
def mill(script: Script) -> object:
    """Return a chat that says of the mill what it is shown."""
    said = [("The mill opened again", "opened"), ("The mill closed", "closed")]
    return script({MILL: said, BARE: said})


def test_a_question_about_last_month_is_answered_from_it(asked: Asked, script: Script) -> None:
    """Only articles of the window are read; window, wording and what is left to search are shown."""
    chat = script({BARE: [("The mill opened again", "opened"), ("The mill closed", "closed")]})
    (found,) = asked(chat, [OLD, NEW], {"question": MILL})
    assert (found.outcome, found.answer) == ("answered", "The mill opened again[1]")
    assert found.window
    assert (found.window.published_from, found.window.published_to) == ("2024-05-01", "2024-06-01")
    assert found.window.wording in MILL
    assert found.searched == [BARE]
    assert found.notes == []
    assert "The mill closed" not in chat.users("answer")[0]  # type: ignore[attr-defined]


def test_a_window_with_nothing_in_it_is_widened(asked: Asked, script: Script) -> None:
    """Where no article is of the window, all are searched, and a note says so in place of the window."""
    chat = script({BARE: [("The mill closed", "closed")]})
    (found,) = asked(chat, [OLD], {"question": MILL})
    assert (found.outcome, found.answer, found.window) == ("answered", "The mill closed[1]", None)
    assert found.notes[0] == (
        "nothing was found published from 2024-05-01 to before 2024-06-01, so that all articles were searched"
    )
    assert found.notes[1].startswith("the newest cited article is from 2023-02-01, ")


STRIKE = {"id": "strike", "text": "The dockers of Orsk went on strike.", "published_at": "2024-03-10"}
FAIR = {"id": "fair", "text": "A fair drew crowds.", "published_at": "2024-05-20"}
LATEST = "What is the latest news on the dockers strike in Orsk?"


def test_the_latest_on_a_matter_may_be_old(asked: Asked, script: Script) -> None:
    """Where all of late is beside the question, the window that "the latest" implies is given up, and said to be."""
    chat = script({LATEST.replace("latest ", ""): [("The dockers of Orsk went on strike", "dockers")]})
    (found,) = asked(chat, [STRIKE, FAIR], {"question": LATEST})
    assert (found.outcome, found.window, found.as_of) == ("answered", None, "2024-03-10")
    assert found.notes[0].startswith("nothing that is near the question was found published from ")
    newer = {**STRIKE, "id": "newer", "text": "The dockers strike of Orsk ended.", "published_at": "2024-05-21"}
    chat = script({LATEST.replace("latest ", ""): [("The dockers strike of Orsk ended", "ended")]})
    (found,) = asked(chat, [STRIKE, FAIR, newer], {"question": LATEST})
    assert (found.outcome, found.notes, found.as_of) == ("answered", [], "2024-05-21")
    assert found.window


def test_a_widened_search_keeps_the_other_filters(asked: Asked, mill: object) -> None:
    """Only the window goes: what the request itself filters stays."""
    request = {"question": MILL, "filters": {"outlets": ["Tribune"]}}
    (found,) = asked(mill, [OLD, NEW], request)
    assert (found.outcome, found.reason) == ("not_found", "no_articles_match_filters")


@pytest.mark.parametrize("fields", [{"search_as": ["mill"]}, {"filters": {"published_from": "2020"}}])
def test_search_as_and_own_dates_remove_the_window(asked: Asked, mill: object, fields: dict[str, object]) -> None:
    """What the request says outright counts, and all that it admits is read."""
    (found,) = asked(mill, [OLD, NEW], {"question": MILL, **fields})
    assert (found.outcome, found.window) == ("answered", None)
    assert {citation.article_id for citation in found.citations} == {"old", "new"}


def test_an_empty_library_is_told_as_such(asked: Asked, mill: object) -> None:
    """Whatever window was asked for, nothing is there to be read."""
    (found,) = asked(mill, [], {"question": MILL})
    assert (found.outcome, found.reason) == ("not_found", "index_empty")
