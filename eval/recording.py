"""Recorded model calls: what a model gave to a request once it gives again, without being asked.

A call is known by its kind, the model and every word of its messages. Records are appended to a file of JSON lines as
they come, so that a run that was interrupted goes on where it was.
"""

import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from prompts import Messages
from service.chat.base import Call, Chat, Draft, Reply, Support, Written

__all__ = ["Recorder"]


class Recorder:
    """A chat model that asks `chat` only for what is not in `file` yet.

    `seconds` are what the calls took when they were made, in the order in which they were wanted.
    """

    def __init__(self, chat: Chat, file: Path, clock: Callable[[], float]) -> None:
        self._chat = chat
        self._file = file
        self._clock = clock
        self._records = {row["key"]: row for row in _rows(file)}
        if file.exists() and not file.read_bytes().endswith(b"\n"):
            with file.open("a", encoding="utf-8") as lines:
                lines.write("\n")  # ends a line that a kill cut off
        self.seconds: list[float] = []
        self.asked = 0

    @property
    def name(self) -> str:
        """Return the model's name."""
        return self._chat.name

    async def answer(self, messages: Messages) -> Reply:
        """Ask for statements."""
        row = await self._recorded("answer", messages, lambda: self._chat.answer(messages))
        drafts = tuple(Draft(tuple(item["evidence"]), item["text"]) for item in row["drafts"])
        return Reply(drafts, Call(**row["call"]), row["degraded"])

    async def support(self, messages: Messages) -> Support:
        """Ask a question of yes or no."""
        row = await self._recorded("support", messages, lambda: self._chat.support(messages))
        return Support(row["probability"], Call(**row["call"]), row["degraded"])

    async def agreement(self, messages: Messages, text: str) -> Support:
        """Ask for a short answer that is compared with `text`."""
        row = await self._recorded("agreement", messages, lambda: self._chat.agreement(messages, text), text)
        return Support(row["probability"], Call(**row["call"]), row["degraded"])

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
        self, kind: str, messages: Messages, ask: Callable[[], Awaitable[Reply | Support | Written]], *more: str
    ) -> dict[str, Any]:
        key = _key(kind, self.name, messages, *more)
        if key not in self._records:
            began = self._clock()
            given = asdict(await ask())
            self._keep({"key": key, "kind": kind, "seconds": round(self._clock() - began, 3), **given})
        row = self._records[key]
        self.seconds.append(row["seconds"])
        return row

    def _keep(self, row: dict[str, Any]) -> None:
        self.asked += 1
        self._records[row["key"]] = row
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(row, ensure_ascii=False) + "\n")


def _key(kind: str, model: str, messages: Messages, *more: str) -> str:
    return hashlib.sha256(json.dumps([kind, model, asdict(messages), *more], ensure_ascii=False).encode()).hexdigest()


def _rows(file: Path) -> list[dict[str, Any]]:
    """Return the records of a file; a last line that was cut off by a kill is left out."""
    if not file.exists():
        return []
    rows = []
    for line in file.read_text(encoding="utf-8").splitlines():
        try:
            rows.append(json.loads(line))
        except ValueError:
            continue
    return rows
