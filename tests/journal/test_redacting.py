"""Redaction in the journal's file: what goes is off the disk, byte for byte."""

import random
import sqlite3
from collections.abc import Callable
from typing import Any

import pytest

from service.contract import FeedbackIn
from service.errors import JournalError
from service.journal import read_kept
from service.journal.database import connect_to_read
from service.journal.file import JournalFile

OnDisk = Callable[[str], list[str]]
SENTENCE = "The heron nests on the old pier, by the ninth lamp."
SAID = "A heron nests by the ninth lamp."
OTHER = "The ferry sails at nine."


def test_a_deleted_article_is_off_the_disk(file: JournalFile, make: Any, on_disk: OnDisk) -> None:
    """Wherever its sentence stood, no file holds its bytes afterwards; other answers and all ratings stay."""
    file.keep(make.request("cited?"), make.answer((SAID, "gone", SENTENCE), answer_id="ans_1"))
    file.keep(make.request("near?"), make.answer(nearest=[make.quote("gone", SENTENCE)], answer_id="ans_2"))
    dropped = [{"text": SAID, "reason": "r", "verdict": "unsupported", "nearest": make.quote("gone", SENTENCE)}]
    file.keep(make.request("dropped?"), make.answer(dropped=dropped, answer_id="ans_3"))
    file.keep(
        make.request("copied?"), make.answer(nearest=[make.quote("kept", SENTENCE, copies=["gone"])], answer_id="ans_4")
    )
    file.keep(make.request("again?", ("assistant", f"{SAID}[1]")), make.answer(answer_id="ans_5"))
    other = make.answer(("At nine.", "kept", OTHER), answer_id="ans_6")
    file.keep(make.request("other?"), other)
    file.rate(FeedbackIn(answer_id="ans_6", rating="down", note=f"not true: {SENTENCE}"))
    file.rate(FeedbackIn(answer_id="ans_1", rating="down", note="a good note"))
    assert on_disk(SENTENCE)
    assert on_disk(SAID)

    assert file.redact(frozenset(["gone"])) == 6
    for text in (SENTENCE, SAID, "Title of gone", "https://x.example/gone"):
        assert on_disk(text) == []
    rows = {kept.answer.id: kept for kept in read_kept(file.path)}
    assert [rows[f"ans_{n}"].redacted for n in range(1, 7)] == [True] * 5 + [False]
    assert rows["ans_6"].answer == other
    assert rows["ans_5"].request.history[0].content == ""
    assert next(kept.request.question for kept in rows.values()) == "cited?"
    assert [rows[name].feedback.note for name in ("ans_1", "ans_6")] == ["a good note", ""]  # type: ignore[union-attr]
    assert file.cited() == ["kept"]


def test_an_article_nobody_cited_changes_nothing(file: JournalFile, make: Any) -> None:
    """The rows stay as they were."""
    file.keep(make.request(), make.answer((SAID, "a", SENTENCE)))
    before = read_kept(file.path)
    assert file.redact(frozenset(["gone"])) == 0
    assert read_kept(file.path) == before


def test_several_articles_go_at_once(file: JournalFile, make: Any, on_disk: OnDisk) -> None:
    """An answer that rests on two of them loses both."""
    file.keep(make.request(), make.answer((SAID, "a", SENTENCE), ("At nine.", "b", OTHER)))
    assert file.redact(frozenset(["a", "b", "c"])) == 1
    assert (on_disk(SENTENCE), on_disk(OTHER), on_disk("At nine.")) == ([], [], [])
    assert file.cited() == []


@pytest.mark.parametrize("seed", range(4))
def test_no_page_of_a_grown_file_keeps_a_remnant(file: JournalFile, make: Any, on_disk: OnDisk, seed: int) -> None:
    """Rows of all sizes that share, split and leave pages: what went is nowhere, what is left is all there."""
    draw = random.Random(seed)  # noqa: S311  (no secret)
    for n in range(60):
        article = f"a{n % 5}"
        sentence = f"<{article}> " + "x" * draw.choice([5, 60, 500, 3_000, 9_000])
        filler = "y" * draw.choice([1, 300, 5_000])
        file.keep(
            make.request(filler),
            make.answer((f"Said: {sentence}", article, sentence), answer_id=f"ans_{draw.random()}"),
        )
    for n in draw.sample(range(5), 3):
        assert file.redact(frozenset([f"a{n}"])) == 12
        assert on_disk(f"<a{n}>") == []
    assert len(file.cited()) == 2
    assert all(on_disk(f"<{article}>") for article in file.cited())
    assert file.count() == 60


def test_a_row_that_cannot_be_read_is_deleted_by_a_redaction(file: JournalFile, make: Any, on_disk: OnDisk) -> None:
    """What cannot be redacted is not kept; with others it would be a place where the text stays."""
    file.keep(make.request(), make.answer((SAID, "gone", SENTENCE), answer_id="ans_1"))
    file.keep(make.request(), make.answer(("At nine.", "kept", OTHER), answer_id="ans_2"))
    file.keep(make.request(), make.answer((SAID, "gone", SENTENCE), answer_id="ans_3"))
    file.close()
    with sqlite3.connect(file.path) as connection:
        connection.execute("UPDATE answers SET answer = replace(answer, '\"outcome\"', '\"x\"') WHERE id != 'ans_3'")
    connection.close()
    assert file.redact(frozenset(["gone"])) == 3
    assert on_disk(SENTENCE) == []
    assert [kept.answer.id for kept in read_kept(file.path)] == ["ans_3"]


def test_a_redaction_that_is_held_up_is_told_and_done_again(
    file: JournalFile,
    make: Any,
    on_disk: OnDisk,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """While another process reads, the old bytes cannot go: an error says so, and the next attempt ends the work."""
    monkeypatch.setattr("service.journal.database._BUSY_S", 0.05)
    file.keep(make.request(), make.answer((SAID, "gone", SENTENCE)))
    reader = connect_to_read(file.path)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM answers").fetchall()
    with pytest.raises(JournalError, match="cannot be read or written"):
        file.redact(frozenset(["gone"]))
    assert file.cited() == ["gone"]
    assert read_kept(file.path)[0].answer.answer == ""
    reader.close()
    assert file.redact(frozenset(["gone"])) == 1
    assert on_disk(SENTENCE) == []
    assert file.cited() == []


def test_a_redaction_is_all_or_nothing(file: JournalFile, make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it fails at the second answer the first stays as it was too."""
    for name in ("ans_1", "ans_2"):
        file.keep(make.request(), make.answer((SAID, "gone", SENTENCE), answer_id=name))
    before = read_kept(file.path)
    calls = []

    def fails_at_the_second(*args: object) -> str:
        calls.append(args)
        if len(calls) > 2:
            raise sqlite3.OperationalError("disk I/O error")
        return "{}"

    with monkeypatch.context() as patched:
        patched.setattr("service.journal.redacting.to_json", fails_at_the_second)
        with pytest.raises(JournalError, match="disk I/O error"):
            file.redact(frozenset(["gone"]))
    assert read_kept(file.path) == before
    assert file.redact(frozenset(["gone"])) == 2
