"""The journal as the desk uses it: in a thread of its own, after the answer, and never in its way."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from service.contract import FeedbackIn
from service.errors import AnswerNotKeptError, JournalError, JournalOffError
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


def test_an_answer_is_kept_and_can_be_rated_at_once(tell: Tell, path: Path, make: Any) -> None:
    """Keeping gives the very answer back; feedback waits for what is still to be written."""
    answer = make.answer((SAID, "a", SENTENCE))

    async def story(journal: Journal) -> None:
        assert journal.keep(make.request(), answer) is answer
        assert (await journal.rate(down("ans_1"))).note == "no"
        assert (await journal.state()).detail == "1 answers of the last 30 days"
        with pytest.raises(AnswerNotKeptError):
            await journal.rate(down("ans_2"))

    tell(story)
    (kept,) = read_kept(path)
    assert (kept.answer, kept.feedback and kept.feedback.rating) == (answer, "down")


def test_closing_writes_what_waits(tell: Tell, path: Path, make: Any) -> None:
    """Nothing that was given is lost by an orderly end, and one file is left."""

    async def story(journal: Journal) -> None:
        for n in range(50):
            journal.keep(make.request(), make.answer(answer_id=f"ans_{n}"))

    tell(story)
    assert len(read_kept(path)) == 50
    assert [each.name for each in path.parent.iterdir() if not each.name.endswith(("-wal", "-shm"))] == ["journal.db"]


def test_switched_off_nothing_is_written_and_what_was_goes(tell: Tell, path: Path, make: Any, on_disk: OnDisk) -> None:
    """With 0 days the answer comes back, feedback is refused with the setting's name, and older files are deleted."""

    async def on(journal: Journal) -> None:
        journal.keep(make.request(), make.answer((SAID, "a", SENTENCE)))

    async def off(journal: Journal) -> None:
        answer = make.answer((SAID, "a", SENTENCE))
        assert journal.keep(make.request(), answer) is answer
        with pytest.raises(JournalOffError, match="PULLQUOTE_KEEP_ANSWERS_DAYS is 0"):
            await journal.rate(down("ans_1"))
        await journal.redact("a")
        state = await journal.state()
        assert (state.ok, state.detail) == (True, "answers are not kept (PULLQUOTE_KEEP_ANSWERS_DAYS is 0)")

    tell(on)
    assert on_disk(SENTENCE)
    tell(off, days=0)
    assert list(path.parent.iterdir()) == []


def test_switched_off_from_the_first_it_leaves_no_trace(tell: Tell, path: Path, make: Any) -> None:
    """Not even a folder is made."""

    async def story(journal: Journal) -> None:
        journal.keep(make.request(), make.answer())

    tell(story, days=0)
    assert not path.parent.exists()


def test_a_start_deletes_what_is_past_its_days(tell: Tell, path: Path, make: Any, clock: Any) -> None:
    """Without a question being asked."""

    async def keep(journal: Journal) -> None:
        journal.keep(make.request(), make.answer(answer_id=f"ans_{clock().day}"))

    async def nothing(_: Journal) -> None:
        pass

    tell(keep)
    clock.turn(days=20)
    tell(keep)
    clock.turn(days=12)
    tell(nothing)
    assert [kept.answer.id for kept in read_kept(path)] == ["ans_21"]


def test_it_is_tended_once_in_a_while(
    tell: Tell, path: Path, make: Any, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that nobody asks anything deletes old answers too."""
    monkeypatch.setattr("service.journal.journal._TEND_S", 0.02)

    async def story(journal: Journal) -> None:
        journal.keep(make.request(), make.answer())
        assert (await journal.state()).detail.startswith("1 answers")
        clock.turn(days=31)
        until = time.monotonic() + 10
        while not (await journal.state()).detail.startswith("0 answers"):
            assert time.monotonic() < until
            await asyncio.sleep(0.01)

    tell(story)
    assert read_kept(path) == []


def test_a_deleted_article_is_redacted(tell: Tell, path: Path, make: Any, deleted: set[str], on_disk: OnDisk) -> None:
    """When `redact` returns, its words are in no file."""

    async def story(journal: Journal) -> None:
        journal.keep(make.request(), make.answer((SAID, "a", SENTENCE)))
        deleted.add("a")
        await journal.redact("a")
        assert (on_disk(SENTENCE), on_disk(SAID)) == ([], [])
        assert (await journal.rate(down("ans_1"))).rating == "down"

    tell(story)
    assert read_kept(path)[0].redacted


def test_an_article_deleted_while_the_answer_was_made_is_never_written(
    tell: Tell, path: Path, make: Any, deleted: set[str], on_disk: OnDisk
) -> None:
    """An answer that comes after the deletion of what it cites is kept without it."""

    async def story(journal: Journal) -> None:
        deleted.add("a")
        await journal.redact("a")
        journal.keep(make.request(), make.answer((SAID, "a", SENTENCE)))

    tell(story)
    assert read_kept(path)[0].redacted
    assert on_disk(SENTENCE) == []


def test_a_start_redacts_what_a_kill_left(tell: Tell, make: Any, deleted: set[str], on_disk: OnDisk) -> None:
    """Articles that were deleted without the journal's knowledge lose their words at the next start."""

    async def keep(journal: Journal) -> None:
        journal.keep(make.request(), make.answer((SAID, "a", SENTENCE), ("Nine.", "b", "At nine it sails.")))

    async def nothing(_: Journal) -> None:
        pass

    tell(keep)
    deleted.add("a")
    tell(nothing)
    assert on_disk(SENTENCE) == []
    assert on_disk("At nine it sails.")


def test_a_redaction_that_fails_is_told_and_tried_again(
    tell: Tell, make: Any, deleted: set[str], on_disk: OnDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error says what is left; the next round of tending does it without being asked."""
    monkeypatch.setattr("service.journal.journal._TEND_S", 0.05)

    def refuse(*_: object) -> int:
        raise JournalError("the disk refused")

    async def story(journal: Journal) -> None:
        journal.keep(make.request(), make.answer((SAID, "a", SENTENCE)))
        await journal.state()
        with monkeypatch.context() as patched:
            patched.setattr(JournalFile, "redact", refuse)
            deleted.add("a")
            with pytest.raises(JournalError, match="article 'a' is removed, but answers that quote it are still kept"):
                await journal.redact("a")
        until = time.monotonic() + 10
        while on_disk(SENTENCE):
            assert time.monotonic() < until
            await asyncio.sleep(0.01)

    tell(story)


def test_twenty_threads_keep_and_rate(tell: Tell, path: Path, make: Any) -> None:
    """Whoever keeps from wherever: every answer is kept once, with its own request and rating."""

    async def one(journal: Journal, n: int) -> None:
        answer = make.answer((SAID, f"a{n}", SENTENCE), answer_id=f"ans_{n}")
        await asyncio.to_thread(journal.keep, make.request(f"number {n}?"), answer)
        await journal.rate(FeedbackIn(answer_id=f"ans_{n}", rating="up" if n % 2 else "down", note=str(n)))

    async def story(journal: Journal) -> None:
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(20))
        await asyncio.gather(*(one(journal, n) for n in range(20)), journal.redact("a3"))

    tell(story)
    rows = {kept.answer.id: kept for kept in read_kept(path)}
    assert set(rows) == {f"ans_{n}" for n in range(20)}
    for n in range(20):
        feedback = rows[f"ans_{n}"].feedback
        assert rows[f"ans_{n}"].request.question == f"number {n}?"
        assert feedback
        assert (feedback.note, feedback.rating) == (str(n), "up" if n % 2 else "down")
