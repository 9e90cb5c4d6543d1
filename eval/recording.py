"""Recorded model calls: what a model gave to a request once it gives again, without being asked.

A call is known by its kind, the model and every word of its messages.
"""

import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any

from eval.records import Records
from prompts import Messages
from service.chat.base import Call, Chat, Draft, Reading, Reply, Support, Written
from service.errors import ChatUnavailableError

__all__ = ["Recorder", "Replayed"]


class Replayed:
    """A model that is not there: whatever is not recorded cannot be asked for."""

    def __init__(self, name: str) -> None:
        self.name = name

    async def answer(self, messages: Messages) -> Reply:
        """Raise ChatUnavailableError."""
        raise _not_recorded(messages)

    async def support(self, messages: Messages) -> Support:
        """Raise ChatUnavailableError."""
        raise _not_recorded(messages)

    async def reread(self, messages: Messages) -> Reading:
        """Raise ChatUnavailableError."""
        raise _not_recorded(messages)

    async def write(self, messages: Messages) -> Written:
        """Raise ChatUnavailableError."""
        raise _not_recorded(messages)

    async def check(self) -> str:
        """Say what it is."""
        return f"{self.name}, from recordings"

    async def warm(self) -> None:
        """Do nothing."""

    async def close(self) -> None:
        """Do nothing."""


class Recorder:
    """A chat model that asks `chat` only for what is not among `records` yet.

    `spent` has the kind of each call that was wanted and the seconds it took when it was made, `saved` is how much
    of that was not waited for now; `asked` and `missed` count the calls that were not recorded, and of these the ones
    that failed.
    """

    def __init__(self, chat: Chat, records: Records, clock: Callable[[], float]) -> None:
        self._chat = chat
        self._records = records
        self._clock = clock
        self.spent: list[tuple[str, float]] = []
        self.saved = 0.0
        self.asked = 0
        self.missed = 0

    @property
    def name(self) -> str:
        """Return the model's name."""
        return self._chat.name

    @property
    def seconds(self) -> float:
        """Return what all calls that were wanted took when they were made."""
        return sum(seconds for _, seconds in self.spent)

    async def answer(self, messages: Messages) -> Reply:
        """Ask for statements."""
        row = await self._recorded("answer", messages, lambda: self._chat.answer(messages))
        drafts = tuple(Draft(tuple(item["evidence"]), item["text"]) for item in row["drafts"])
        return Reply(drafts, Call(**row["call"]), row["degraded"])

    async def support(self, messages: Messages) -> Support:
        """Ask a question of yes or no."""
        row = await self._recorded("support", messages, lambda: self._chat.support(messages))
        return Support(row["probability"], Call(**row["call"]), row["degraded"])

    async def reread(self, messages: Messages) -> Reading:
        """Ask for a short answer."""
        row = await self._recorded("reread", messages, lambda: self._chat.reread(messages))
        places = tuple(tuple((word, probability) for word, probability in place) for place in row["places"])
        return Reading(row["text"], places, Call(**row["call"]), row["degraded"])

    async def write(self, messages: Messages) -> Written:
        """Ask for a short text."""
        row = await self._recorded("write", messages, lambda: self._chat.write(messages))
        return Written(row["text"], Call(**row["call"]))

    async def check(self) -> str:
        """Really reach the model."""
        return await self._chat.check()

    async def warm(self) -> None:
        """Have the model read the static parts of its prompts."""
        await self._chat.warm()

    async def close(self) -> None:
        """Release what the model holds."""
        await self._chat.close()

    async def _recorded(
        self, kind: str, messages: Messages, ask: Callable[[], Awaitable[Reply | Support | Reading | Written]]
    ) -> dict[str, Any]:
        key = _key(kind, self.name, messages)
        row = self._records.get(key)
        if row is None:
            row = await self._ask(kind, key, ask)
        else:
            self.saved += row["seconds"]
        self.spent.append((kind, row["seconds"]))
        return row

    async def _ask(
        self, kind: str, key: str, ask: Callable[[], Awaitable[Reply | Support | Reading | Written]]
    ) -> dict[str, Any]:
        self.asked += 1
        began = self._clock()
        try:
            given = asdict(await ask())
        except BaseException:
            self.missed += 1
            raise
        row = {"kind": kind, "seconds": round(self._clock() - began, 3), **given}
        self._records.put(key, row)
        return row


def _not_recorded(messages: Messages) -> ChatUnavailableError:
    return ChatUnavailableError(f"this call of the model is not recorded: {messages.user[-80:]!r}")


def _key(kind: str, model: str, messages: Messages) -> str:
    return hashlib.sha256(json.dumps([kind, model, asdict(messages)], ensure_ascii=False).encode()).hexdigest()
