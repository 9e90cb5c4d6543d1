"""The journal: answers are kept for some days, so that readers can say what they think of them.

Keeping never holds up an answer and never fails one: it happens afterwards, in a thread of its own, and a kill in
between costs that answer's place in the journal. What cannot be kept is logged, without a word of it, told by
`state`, and by the answers that come after it.
"""

import asyncio
import contextlib
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import ParamSpec, TypeVar

import structlog

from service.contract import Answer, AskIn, Degraded, FeedbackBody, FeedbackIn, Part
from service.errors import JournalError, JournalOffError
from service.journal.bodies import cited_articles, utc_now
from service.journal.file import JournalFile
from service.journal.files import asides

__all__ = ["Journal"]

_TEND_S = 3_600
_STATE_S = 2
_WAITING = 256  # answers, where the disk hangs
_P = ParamSpec("_P")
_T = TypeVar("_T")


class Journal:
    """Keep answers in the file `path` for `days` days; none, and what was kept is deleted, where that is 0.

    `is_live` tells whether an article is still there, and is called in the journal's thread.
    """

    def __init__(
        self, path: Path, *, days: int, is_live: Callable[[str], bool], now: Callable[[], datetime] = utc_now
    ) -> None:
        self._days = days
        self._is_live = is_live
        self._log = structlog.get_logger("pullquote.journal")
        self._file = JournalFile(path, days=days, now=now, on_aside=self._log.error)
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="journal")
        self._room = threading.BoundedSemaphore(_WAITING)
        self._timer: threading.Timer | None = None
        self._fault: str | None = None
        self._swept = False
        self._closed = False
        self._pool.submit(self._tend)

    def keep(self, request: AskIn, answer: Answer) -> Answer:
        """Keep an answer soon; return it, with a word on what is wrong where the last one could not be kept."""
        if not self._days:
            return answer
        if self._fault:
            reason = "the last answer could not be kept, and this one may not be, so that feedback on it is refused"
            answer = answer.model_copy(update={"degraded": [*answer.degraded, Degraded(part="journal", reason=reason)]})
        if not self._room.acquire(blocking=False):
            self._failed("an answer was not kept", f"{_WAITING} answers wait for {self._file.path} to be written")
            return answer
        try:
            self._pool.submit(self._keep, request, answer)
        except RuntimeError:  # closed meanwhile
            self._room.release()
        return answer

    async def rate(self, feedback: FeedbackIn) -> FeedbackBody:
        """Store what somebody thinks of an answer.

        Raises AnswerNotKeptError for an unknown answer, JournalOffError where none is kept, and JournalError.
        """
        if not self._days:
            raise JournalOffError(
                "answers are not kept here (PULLQUOTE_KEEP_ANSWERS_DAYS is 0), so that there is none to rate; "
                "set it to a number of days"
            )
        return await self._run(self._file.rate, feedback)

    async def redact(self, article_id: str) -> None:
        """Take the words of a deleted article out of what is kept. Raises JournalError, and tries again later."""
        if not self._days:
            return
        try:
            await self._run(self._file.redact, frozenset([article_id]))
        except JournalError as exc:
            self._swept = False
            raise JournalError(
                f"article {article_id[:140]!r} is removed, but answers that quote it are still kept: {exc}; "
                "they are redacted within the hour, or at the next start, once that is mended"
            ) from exc

    async def state(self) -> Part:
        """Touch the journal, and tell what it holds or what is wrong with it."""
        if not self._days:
            return Part(ok=True, detail="answers are not kept (PULLQUOTE_KEEP_ANSWERS_DAYS is 0)")
        try:
            return Part(ok=True, detail=await asyncio.wait_for(self._run(self._describe), _STATE_S))
        except TimeoutError:
            return Part(ok=False, detail=f"{self._file.path} has been busy for {_STATE_S} seconds")
        except Exception as exc:  # noqa: BLE001  (what fails is reported, whatever it is)
            return Part(ok=False, detail=_words(exc))

    async def close(self) -> None:
        """Keep what waits to be kept, and close the file."""
        await self._run(self._end)
        self._pool.shutdown()

    async def _run(self, function: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        return await asyncio.wrap_future(self._pool.submit(function, *args, **kwargs))

    def _keep(self, request: AskIn, answer: Answer) -> None:
        """Write an answer; articles may have been deleted while it was made."""
        try:
            gone = frozenset(name for name in cited_articles(answer) if not self._is_live(name))
            self._file.keep(request, answer, gone)
            self._fault = None
        except Exception as exc:  # noqa: BLE001  (nobody waits for it)
            self._failed("an answer was not kept", _words(exc))
        finally:
            self._room.release()

    def _tend(self) -> None:
        """Delete what is past its days, and redact what a failure or a kill left; again in an hour."""
        if self._closed:
            return
        try:
            if self._days:
                self._file.expire()
                self._sweep()
            else:
                self._file.delete()
        except Exception as exc:  # noqa: BLE001  (nobody waits for it)
            self._failed("the journal was not tended", _words(exc))
        self._timer = threading.Timer(_TEND_S, self._tend_again)
        self._timer.daemon = True
        self._timer.start()

    def _tend_again(self) -> None:
        with contextlib.suppress(RuntimeError):  # closed meanwhile
            self._pool.submit(self._tend)

    def _sweep(self) -> None:
        if self._swept or not self._file.exists:
            return
        self._file.redact(frozenset(name for name in self._file.cited() if not self._is_live(name)))
        self._swept = True

    def _describe(self) -> str:
        if self._fault:
            raise JournalError(self._fault)
        n = self._file.count() if self._file.exists else 0
        aside = "".join(f"; {file.name} could not be read and was set aside" for file in asides(self._file.path))
        return f"{n} answers of the last {self._days} days{aside}"

    def _failed(self, event: str, reason: str) -> None:
        self._fault = reason
        self._log.error(event, reason=reason)

    def _end(self) -> None:
        self._closed = True
        if self._timer:
            self._timer.cancel()
        try:
            self._file.close()
        except JournalError as exc:
            self._failed("the journal was not closed", str(exc))


def _words(error: Exception) -> str:
    """Return the words of an error of ours; those of others may hold what was asked, so that their kind must do."""
    return str(error) if isinstance(error, JournalError) else type(error).__name__
