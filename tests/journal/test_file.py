import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from service.contract import FeedbackIn
from service.errors import AnswerNotKeptError, JournalError
from service.journal import read_kept
from service.journal.file import JournalFile

OnDisk = Callable[[str], list[str]]
SENTENCE = "The heron nests on the old pier, by the ninth lamp."
SAID = "A heron nests by the ninth lamp."


def test_an_answer_is_kept_as_it_was(file: JournalFile, make: Any) -> None:
    """Request and answer come back word for word, with the moment, and without feedback."""
    request = make.request(
        "Wer führte 🎉?",
        ("user", "Hallo"),
        ("assistant", "Ja.[1]"),
        filters={"outlets": ["Apex"], "published_from": "2022"},
        asked_at="2024-05",
        search_as=["führte"],
    )
    given = make.answer((SAID, "a", SENTENCE))
    file.keep(request, given)
    (kept,) = read_kept(file.path)
    assert (kept.at, kept.request, kept.answer) == ("2024-06-01T12:30:05Z", request, given)
    assert (kept.redacted, kept.feedback) == (False, None)
    assert file.count() == 1
    assert file.cited() == ["a"]


def test_half_a_character_is_kept_as_a_question_mark(file: JournalFile, make: Any) -> None:
    """A lone surrogate in what was sent does not cost the row."""
    file.keep(make.request().model_copy(update={"question": "who \ud800?"}), make.answer())
    assert read_kept(file.path)[0].request.question == "who ??"


def test_only_this_user_can_read_what_is_kept(file: JournalFile, make: Any) -> None:
    """Every file of the journal is for its owner alone, one that was open to others too."""
    file.path.parent.mkdir()
    file.path.touch(mode=0o644)
    file.keep(make.request(), make.answer())
    modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in file.path.parent.iterdir()}
    assert modes == dict.fromkeys(("journal.db", "journal.db-wal", "journal.db-shm"), 0o600)


def test_feedback_is_stored_and_replaced(file: JournalFile, make: Any, clock: Any) -> None:
    """What is given again takes the place of what was, note included, with its own moment."""
    file.keep(make.request(), make.answer())
    first = file.rate(FeedbackIn(answer_id="ans_1", rating="down", note="wrong year"))
    assert (first.answer_id, first.rating, first.note) == ("ans_1", "down", "wrong year")
    assert read_kept(file.path)[0].feedback == first
    clock.turn(hours=1)
    second = file.rate(FeedbackIn(answer_id="ans_1", rating="up"))
    assert (second.rating, second.note, second.given_at) == ("up", None, "2024-06-01T13:30:05Z")
    assert [kept.feedback for kept in read_kept(file.path)] == [second]


def test_feedback_on_an_unknown_answer_is_refused(file: JournalFile, make: Any) -> None:
    """The error names the answer and for how long answers are kept; nothing is stored."""
    file.keep(make.request(), make.answer())
    with pytest.raises(AnswerNotKeptError, match=r"no answer 'ans_2' is kept; answers are kept for 30 days"):
        file.rate(FeedbackIn(answer_id="ans_2", rating="up"))
    assert read_kept(file.path)[0].feedback is None


def test_rows_come_by_rating_in_the_order_of_giving(file: JournalFile, make: Any, clock: Any) -> None:
    """All, or those of one rating, the earliest first."""
    for name in ("ans_c", "ans_a", "ans_b"):
        file.keep(make.request(), make.answer(answer_id=name))
        clock.turn(seconds=1)
    file.rate(FeedbackIn(answer_id="ans_b", rating="down"))
    file.rate(FeedbackIn(answer_id="ans_c", rating="down"))
    file.rate(FeedbackIn(answer_id="ans_a", rating="up"))
    ids = [[kept.answer.id for kept in read_kept(file.path, rating=rating)] for rating in (None, "down", "up")]
    assert ids == [["ans_c", "ans_a", "ans_b"], ["ans_c", "ans_b"], ["ans_a"]]


def test_a_row_that_cannot_be_read_is_left_out(
    file: JournalFile, make: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """Others are still read, and the log names the row without a word of it."""
    for name in ("ans_1", "ans_2"):
        file.keep(make.request("xylophone?"), make.answer(answer_id=name))
    file.close()
    with sqlite3.connect(file.path) as connection:
        connection.execute("UPDATE answers SET answer = '{\"xylophone\": 1}' WHERE id = 'ans_1'")
    connection.close()
    assert [kept.answer.id for kept in read_kept(file.path)] == ["ans_2"]
    logged = capsys.readouterr().out
    assert "ans_1" in logged
    assert "xylophone" not in logged


def test_an_answer_of_one_id_is_kept_once(file: JournalFile, make: Any) -> None:
    """A second one is refused, and the first stays; the file is usable after it."""
    file.keep(make.request("first?"), make.answer())
    with pytest.raises(JournalError, match="UNIQUE"):
        file.keep(make.request("second?"), make.answer())
    file.keep(make.request("third?"), make.answer(answer_id="ans_3"))
    assert [kept.request.question for kept in read_kept(file.path)] == ["first?", "third?"]


def test_answers_go_after_their_days(file: JournalFile, make: Any, clock: Any, on_disk: OnDisk) -> None:
    """An answer of noon on the first stays for thirty days, and is off the disk on the day after, rating too."""
    file.keep(make.request("early?"), make.answer((SAID, "a", SENTENCE), answer_id="ans_1"))
    file.rate(FeedbackIn(answer_id="ans_1", rating="down", note="the marzipan note"))
    clock.turn(days=1)
    file.keep(make.request("late?"), make.answer(answer_id="ans_2"))
    clock.turn(days=29)
    assert file.expire() == 0
    assert on_disk(SENTENCE)
    clock.turn(hours=12)
    assert file.expire() == 1
    assert [kept.request.question for kept in read_kept(file.path)] == ["late?"]
    for text in (SENTENCE, SAID, "early?", "the marzipan note"):
        assert on_disk(text) == []
    assert file.cited() == []
    clock.turn(days=1)
    assert file.expire() == 1
    assert file.expire() == 0


def test_nothing_to_expire_makes_no_file(file: JournalFile) -> None:
    """Expiring and redacting before anything was kept leaves no trace."""
    assert (file.expire(), file.redact(frozenset(["a"]))) == (0, 0)
    assert not file.path.exists()


def test_deleting_takes_every_file(file: JournalFile, make: Any) -> None:
    """The journal, its log and what was set aside are gone, and a new one can be begun."""
    file.path.parent.mkdir()
    file.path.write_bytes(b"no database" * 100)
    file.keep(make.request(), make.answer())
    assert len(list(file.path.parent.iterdir())) == 4
    file.delete()
    assert list(file.path.parent.iterdir()) == []
    file.keep(make.request(), make.answer())
    assert file.count() == 1


def test_an_answer_may_be_kept_without_articles_that_went_meanwhile(
    file: JournalFile, make: Any, on_disk: OnDisk
) -> None:
    """What was deleted while the answer was made is never written."""
    request = make.request("And there?", ("assistant", f"{SAID}[1]"))
    file.keep(request, make.answer((SAID, "a", SENTENCE), ("Nine.", "b", "At nine.")), frozenset(["a"]))
    (kept,) = read_kept(file.path)
    assert kept.redacted
    assert [statement.text for statement in kept.answer.statements] == ["", "Nine."]
    assert (on_disk(SENTENCE), on_disk(SAID)) == ([], [])
    assert file.cited() == ["b"]


@pytest.mark.parametrize("missing", ["file", "folder"])
def test_reading_before_anything_was_kept_is_told(tmp_path: Path, missing: str) -> None:
    """There is no journal yet, and reading makes none."""
    path = tmp_path / ("journal.db" if missing == "file" else "data/journal.db")
    with pytest.raises(JournalError, match="the service makes it with the first answer that it keeps"):
        read_kept(path)
    assert list(tmp_path.iterdir()) == []
