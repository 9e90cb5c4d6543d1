import json
from pathlib import Path

import pytest

from eval.cases import SetExistsError, SetFormatError, SetMissingError, load_articles, problems
from eval.cases.importers import import_mtrag

HOME = "822-0-40"
AWAY = "822-40-90"


def context(document_id: str, text: str, vote: str | None = "yes") -> dict[str, object]:
    """Return a passage as the files hold it, with an annotator's vote."""
    row: dict[str, object] = {"document_id": document_id, "title": "Season", "text": text, "score": 27.7, "url": "x"}
    feedback = {"relevant": {"author_1": {"value": vote, "timestamp": 1724711172}}}
    return row if vote is None else {**row, "feedback": feedback, "query": {"query": {"bool": {}}}}


def user(text: str, label: str | None = None) -> dict[str, object]:
    """Return a message of a user."""
    row: dict[str, object] = {"speaker": "user", "text": text, "metadata": {"author_type": "human"}}
    return row if label is None else {**row, "enrichments": {"Answerability": [label], "Multi-Turn": ["N/A"]}}


def agent(text: str, *contexts: object) -> dict[str, object]:
    """Return a message of the system, with the passages that it had."""
    return {"speaker": "agent", "text": text, "contexts": list(contexts)}


def task(turn: int, label: str, inputs: list[object], *contexts: object, key: str = "Answerability") -> str:
    """Return a line of a file of tasks; the published ones hold bare NaN, too."""
    row = {"conversation_id": "dd6b", "task_id": f"dd6b<::>{turn}", "Collection": "mt-rag-clapnq", key: [label],
           "contexts": list(contexts), "input": inputs, "targets": [{"speaker": "agent", "text": "They do."}],
           "Validity": float("nan")}  # fmt: skip
    return json.dumps(row) + "\n"


FIRST = [user("where do they play")]
SECOND = [*FIRST, agent("At home."), user("Do they play outside the US?")]


def test_tasks_become_a_clean_set(tmp_path: Path) -> None:
    """Turns are cases with their history; labels say the outcome; passages are the articles, each once."""
    home, away = context(HOME, "They play at home."), context(AWAY, "They played in London.")
    file = tmp_path / "reference.jsonl"
    file.write_text(
        task(1, "UNANSWERABLE", FIRST)
        + task(2, "ANSWERABLE", SECOND, away, home, away, key="answerability")
        + task(3, "PARTIAL", [*SECOND, agent("Yes."), user("When, and with whom?")], home)
        + task(4, "CONVERSATIONAL", [user("Thanks!")], home)
        + task(5, "UNDERSPECIFIED", [user("And?")], home)
    )
    whole = import_mtrag(file, tmp_path / "out")
    articles = load_articles(whole, tmp_path / "out")
    assert problems(whole, articles) == []
    assert {one.id: (one.title, one.text) for one in articles} == {
        HOME: ("Season", "They play at home."),
        AWAY: ("Season", "They played in London."),
    }
    assert [(one.slice, one.outcome, len(one.history)) for one in whole.cases] == [
        ("unanswerable", "not_found", 0),
        ("follow-up", "answered", 2),
        ("follow-up", "partial", 4),
    ]
    second = whole.cases[1]
    assert second.question == "Do they play outside the US?"
    assert [(turn.role, turn.content) for turn in second.history] == [
        ("user", "where do they play"),
        ("assistant", "At home."),
    ]
    assert [[(span.article, span.quote) for span in group] for group in second.required] == [
        [(AWAY, "They played in London."), (HOME, "They play at home.")]
    ]
    assert second.answers == ()
    assert second.id == "dd6b::2"


def test_conversations_are_cut_into_turns(tmp_path: Path) -> None:
    """Each question of a user is a case, with what the reply to it had before it."""
    messages = [
        user("where do they play", "ANSWERABLE"),
        agent("At home.", context(HOME, "They play at home."), context(AWAY, "They played in London.", "no")),
        user("Thanks!", "CONVERSATIONAL"),
        agent("Welcome."),
        user("Who owns them?", "UNANSWERABLE"),
        agent("I do not know.", context(AWAY, "They played in London.", "no")),
    ]
    file = tmp_path / "conversations.json"
    file.write_text(json.dumps([{"author": "a", "retriever": {}, "messages": messages}]))
    whole = import_mtrag(file, tmp_path / "out")
    articles = load_articles(whole, tmp_path / "out")
    assert problems(whole, articles) == []
    assert [article.id for article in articles] == [HOME, AWAY]
    first, last = whole.cases
    assert [span.article for span in first.required[0]] == [HOME]
    assert (first.slice, first.outcome, first.id) == ("single", "answered", "conversation-1::1")
    assert (last.slice, last.outcome, last.id) == ("unanswerable", "not_found", "conversation-1::3")
    assert [turn.content for turn in last.history] == [message["text"] for message in messages[:4]]
    assert last.required == ()


def test_passages_without_votes_count_as_relevant(tmp_path: Path) -> None:
    """The reference passages of a task are relevant even where no vote is with them; long ones are quoted in part."""
    file = tmp_path / "reference.jsonl"
    file.write_text(task(1, "ANSWERABLE", FIRST, context(HOME, "They play. " * 50, None)))
    (case,) = import_mtrag(file, tmp_path / "out").cases
    assert case.required[0][0].quote == ("They play. " * 27).strip()


def test_what_cannot_be_used_is_left_out(tmp_path: Path) -> None:
    """An answer without a relevant passage cannot be held to anything; the same question again is not asked."""
    home = context(HOME, "They play at home.")
    file = tmp_path / "reference.jsonl"
    file.write_text(
        task(1, "ANSWERABLE", FIRST, context(AWAY, "They played in London.", "no"))
        + task(2, "PARTIAL", [user("Why?")], context("822-90-91", " "))
        + task(3, "ANSWERABLE", [user("Where?")], home)
        + task(4, "ANSWERABLE", [user("where?")], home)
        + task(5, "ANSWERABLE", [*FIRST, agent("At home."), user("Where?")], home)
    )
    whole = import_mtrag(file, tmp_path / "out")
    assert [case.id for case in whole.cases] == ["dd6b::3", "dd6b::5"]
    assert len(import_mtrag(file, tmp_path / "one", limit=1).cases) == 1


def test_what_is_wrong_is_said(tmp_path: Path) -> None:
    """Another file, no file, nothing to use, and a taken folder are errors."""
    file = tmp_path / "reference.jsonl"
    with pytest.raises(SetMissingError, match=r"reference\.jsonl: cannot be read"):
        import_mtrag(file, tmp_path / "out")
    file.write_text(task(1, "UNANSWERABLE", FIRST) + '{"task_id": "x", "input": []}\n')
    with pytest.raises(SetFormatError, match=r"reference\.jsonl, line 2: input: .*; name conversations\.json, or"):
        import_mtrag(file, tmp_path / "out")
    file.write_text(task(1, "CONVERSATIONAL", FIRST))
    with pytest.raises(SetMissingError, match="mtrag: holds no question that can be taken over"):
        import_mtrag(file, tmp_path / "out")
    with pytest.raises(SetExistsError):
        import_mtrag(file, tmp_path)
