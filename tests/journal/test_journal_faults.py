"""What breaks in the journal breaks no answer, and is told."""

import shutil
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from service.contract import FeedbackIn
from service.errors import JournalError
from service.journal import Journal, read_kept
from service.journal.file import JournalFile

Story = Callable[[Journal], Awaitable[None]]
Tell = Callable[..., None]
OnDisk = Callable[[str], list[str]]
SENTENCE = "The heron nests on the old pier, by the ninth lamp."
SAID = "A heron nests by the ninth lamp."


def down(answer_id: str) -> FeedbackIn:
    """Make a bad rating."""
    return FeedbackIn(answer_id=answer_id, rating="down", note="no")


def test_a_disk_that_refuses_breaks_no_answer(tell: Tell, path: Path, make: Any) -> None:
    """The answer is as it was but says so, as do state, feedback and log, without a word of the question."""
    path.mkdir(parents=True)
    (path / "in the way").touch()
    answer = make.answer((SAID, "a", SENTENCE))

    async def story(journal: Journal) -> None:
        await journal.state()
        later = journal.keep(make.request("xylophone?"), answer)
        assert (later.answer, later.citations) == (answer.answer, answer.citations)
        (degraded,) = later.degraded
        assert degraded.part == "journal"
        assert str(path) not in degraded.reason
        state = await journal.state()
        assert not state.ok
        assert "journal.db cannot be read or written" in state.detail
        with pytest.raises(JournalError):
            await journal.rate(down("ans_1"))
        shutil.rmtree(path)
        journal.keep(make.request(), make.answer(answer_id="ans_2"))
        assert (await journal.state()).ok
        assert journal.keep(make.request(), make.answer(answer_id="ans_3")).degraded == []

    with capture_logs() as logs:
        tell(story)
    assert [kept.answer.id for kept in read_kept(path)] == ["ans_2", "ans_3"]
    assert [entry["event"] for entry in logs if entry["log_level"] == "error"][-1] == "an answer was not kept"
    assert not [entry for entry in logs if "xylophone" in str(entry) or SAID in str(entry)]


def test_what_nobody_expected_breaks_no_answer(tell: Tell, make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error of any kind is told by its kind alone, since its words may hold anything."""

    def boom(*_: object) -> None:
        raise RuntimeError("xylophone")

    monkeypatch.setattr(JournalFile, "keep", boom)

    async def story(journal: Journal) -> None:
        journal.keep(make.request(), make.answer())
        state = await journal.state()
        assert (state.ok, state.detail) == (False, "RuntimeError")

    with capture_logs() as logs:
        tell(story)
    assert [entry["reason"] for entry in logs] == ["RuntimeError"]


def test_a_disk_that_hangs_delays_no_answer(tell: Tell, path: Path, make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers come back at once, a few wait to be written, the rest are told as not kept, and so does the state."""
    monkeypatch.setattr("service.journal.journal._WAITING", 3)
    monkeypatch.setattr("service.journal.journal._STATE_S", 0.05)
    keep = JournalFile.keep

    def slow(*args: Any) -> None:
        time.sleep(0.5)
        keep(*args)

    monkeypatch.setattr(JournalFile, "keep", slow)

    async def story(journal: Journal) -> None:
        began = time.monotonic()
        for n in range(5):
            journal.keep(make.request(), make.answer(answer_id=f"ans_{n}"))
        assert time.monotonic() - began < 0.4
        state = await journal.state()
        assert not state.ok
        assert "has been busy for" in state.detail

    with capture_logs() as logs:
        tell(story)
    assert [kept.answer.id for kept in read_kept(path)] == ["ans_0", "ans_1", "ans_2"]
    assert len([entry for entry in logs if entry["event"] == "an answer was not kept"]) == 2


def test_a_journal_that_cannot_be_read_is_told(tell: Tell, path: Path, make: Any) -> None:
    """It is set aside, the log says so as an error, and the state names the file until somebody takes it away."""
    path.parent.mkdir()
    path.write_bytes(b"no database" * 100)

    async def story(journal: Journal) -> None:
        state = await journal.state()
        assert state.ok
        assert state.detail == ("0 answers of the last 30 days; journal.db.aside-1 could not be read and was set aside")
        journal.keep(make.request(), make.answer())
        path.with_name("journal.db.aside-1").unlink()
        assert (await journal.state()).detail == "1 answers of the last 30 days"

    with capture_logs() as logs:
        tell(story)
    (entry,) = [entry for entry in logs if entry["log_level"] == "error"]
    assert entry["event"].endswith("it was set aside as journal.db.aside-1, and a new one begun")


def test_an_answer_after_the_end_is_given_all_the_same(tell: Tell, make: Any) -> None:
    """Keeping in a journal that was closed does nothing, and raises nothing."""
    journals: list[Journal] = []

    async def story(journal: Journal) -> None:
        journals.append(journal)

    tell(story)
    answer = make.answer()
    assert journals[0].keep(make.request(), answer) is answer
