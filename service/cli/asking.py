"""Questions in this process."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

from service.cli.keeping import Keeping
from service.contract import Answer, AskIn, SearchBody, SearchIn
from service.desk import Desk
from service.settings import Settings

__all__ = ["Asking"]


class Asking(Keeping):
    """The desk, on an event loop of its own; see Backend, whose methods these are."""

    def __init__(self, desk: Desk, runner: asyncio.Runner) -> None:
        super().__init__(desk, runner)
        self._desk = desk

    @classmethod
    @contextmanager
    def running(cls, settings: Settings) -> Iterator[Self]:
        """Yield the desk of the settings, whose data folder the caller owns, and close it."""
        with asyncio.Runner() as runner:
            asking = cls(Desk.open(settings), runner)
            try:
                yield asking
            finally:
                asking._run(asking._desk.close())

    def ask(self, request: AskIn) -> Answer:
        """Answer a question."""
        return self._run(self._desk.ask(request))

    def search(self, request: SearchIn) -> SearchBody:
        """Search."""
        return self._run(self._desk.search(request))
