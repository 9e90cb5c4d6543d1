import asyncio
import json
from pathlib import Path

import pytest

from eval.recording import Recorder
from eval.records import Records
from prompts import Messages
from service.chat.base import Call, Draft, Reading, Reply, Support, Written
from service.errors import ChatUnavailableError

ASKED = Messages("Be brief.", "Who led?")


class CountingChat:
    """Answer everything alike, and count how often it was asked; fail where told to."""

    name = "fake:counting"

    def __init__(self, *, down: bool = False) -> None:
        self.asked = self.warm_calls = 0
        self.down = down

    async def answer(self, messages: Messages) -> Reply:
        """Name the sentence, and say what it was asked."""
        self._count()
        return Reply((Draft(("2",), messages.user),), Call(7, 3), "plain")

    async def support(self, messages: Messages) -> Support:  # noqa: ARG002
        """Be fairly sure."""
        self._count()
        return Support(0.75, Call(5, 1))

    async def reread(self, messages: Messages) -> Reading:
        """Give the first word of what is asked."""
        self._count()
        return Reading(messages.user.split()[0], ((("Who", 0.75), ("none", 0.25)),), Call(6, 1), "plain")

    async def write(self, messages: Messages) -> Written:
        """Repeat."""
        self._count()
        return Written(messages.user, Call(4, 2))

    async def check(self) -> str:
        """Answer."""
        return "there"

    async def warm(self) -> None:
        """Say that it is warm."""
        self.warm_calls += 1

    async def close(self) -> None:
        """Do nothing."""

    def _count(self) -> None:
        self.asked += 1
        if self.down:
            raise ChatUnavailableError("nobody is there")


def recorder(chat: CountingChat, file: Path) -> Recorder:
    """Return a recorder whose clock ticks a second a look."""
    ticks = iter(range(1_000))
    return Recorder(chat, Records(file), lambda: float(next(ticks)))


async def ask_all(given: Recorder) -> list[object]:
    """Make a call of each kind."""
    return [
        await given.answer(ASKED),
        await given.support(ASKED),
        await given.reread(ASKED),
        await given.write(ASKED),
    ]


def test_what_was_asked_once_is_not_asked_again(tmp_path: Path) -> None:
    """The second recorder over the same file gives the same, without the model, and tells what it took then."""
    first = CountingChat()
    given = recorder(first, tmp_path / "calls.jsonl")
    replies = asyncio.run(ask_all(given))
    assert replies[2] == Reading("Who", ((("Who", 0.75), ("none", 0.25)),), Call(6, 1), "plain")
    assert (first.asked, given.asked, given.seconds) == (4, 4, 4.0)
    second = CountingChat()
    again = recorder(second, tmp_path / "calls.jsonl")
    assert asyncio.run(ask_all(again)) == replies
    assert (second.asked, again.asked, again.seconds) == (0, 0, 4.0)
    assert [kind for kind, _ in again.spent] == ["answer", "support", "reread", "write"]


def test_any_other_word_is_another_call(tmp_path: Path) -> None:
    """Calls are told apart by every word of their messages."""
    chat = CountingChat()
    given = recorder(chat, tmp_path / "calls.jsonl")
    asyncio.run(given.write(ASKED))
    asyncio.run(given.write(Messages(ASKED.system, "Who led ?")))
    asyncio.run(given.write(Messages("Be brief!", ASKED.user)))
    assert chat.asked == 3


def test_kinds_of_calls_are_told_apart(tmp_path: Path) -> None:
    """Support, reading and writing over the same messages are three calls."""
    chat = CountingChat()
    asyncio.run(ask_all(recorder(chat, tmp_path / "calls.jsonl")))
    rows = [json.loads(line) for line in (tmp_path / "calls.jsonl").read_text("utf-8").splitlines()]
    assert [row["kind"] for row in rows] == ["answer", "support", "reread", "write"]
    assert len({row["key"] for row in rows}) == 4


def test_a_failure_is_not_recorded(tmp_path: Path) -> None:
    """An error reaches the caller, and the next run asks again."""
    with pytest.raises(ChatUnavailableError):
        asyncio.run(recorder(CountingChat(down=True), tmp_path / "calls.jsonl").write(ASKED))
    chat = CountingChat()
    asyncio.run(recorder(chat, tmp_path / "calls.jsonl").write(ASKED))
    assert chat.asked == 1


def test_a_line_that_a_kill_cut_off_is_left_out(tmp_path: Path) -> None:
    """What was written whole before it still counts."""
    file = tmp_path / "calls.jsonl"
    asyncio.run(recorder(CountingChat(), file).write(ASKED))
    with file.open("a", encoding="utf-8") as lines:
        lines.write('{"key": "0a1b", "kind": "wri')
    chat = CountingChat()
    other = Messages("Be brief.", "Who came?")
    asyncio.run(recorder(chat, file).write(ASKED))
    asyncio.run(recorder(chat, file).write(other))
    asyncio.run(recorder(chat, file).write(other))
    assert chat.asked == 1


def test_it_has_the_name_of_its_model(tmp_path: Path) -> None:
    """A calibration for the model is found through the recorder, which is warmed, closed and checked like it."""
    chat = CountingChat()
    given = recorder(chat, tmp_path / "calls.jsonl")
    asyncio.run(given.warm())
    assert (chat.warm_calls, chat.asked) == (1, 0)
    asyncio.run(given.close())
    assert (given.name, asyncio.run(given.check())) == ("fake:counting", "there")
