"""The parent's side: one child at a time, started when it is needed, watched, and started again when it dies.

Every child belongs to one task, which ends it whatever happens; `stop` cancels the tasks and waits for them, so that no
process, pipe, file or task outlives it.
"""

import asyncio
import logging
from collections.abc import Coroutine, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar

from service.local.backoff import Backoff
from service.local.config import Endpoint, LocalConfig, Pace
from service.local.errors import LocalModelBackoffError, LocalModelError, LocalModelStartError
from service.local.health import is_healthy
from service.local.process import ChildProcess, spawn

__all__ = ["Endpoint", "LocalConfig", "LocalServer", "Pace", "State"]

CHILD = "service.local.child"

_T = TypeVar("_T")
_NO_OPTIONS: Mapping[str, int] = MappingProxyType({})
_log = logging.getLogger(__name__)


class State(StrEnum):
    """What a server is doing; `down` means that the next call of `endpoint` starts it."""

    DOWN = "down"
    STARTING = "starting"
    RUNNING = "running"
    WAITING = "waiting"
    STOPPED = "stopped"


class LocalServer:
    """Keep one child process serving a model, for one event loop.

    `module` is run as the child; `options` are handed to it (the fault switches of `service.local.fake_child`).
    """

    def __init__(
        self,
        config: LocalConfig,
        *,
        module: str = CHILD,
        options: Mapping[str, int] = _NO_OPTIONS,
        pace: Pace | None = None,
    ) -> None:
        self._config = config
        self._module = module
        self._options = dict(options)
        self._pace = pace or Pace()
        self._backoff = Backoff(self._pace)
        self._child: ChildProcess | None = None
        self._starting: asyncio.Task[ChildProcess] | None = None
        self._tasks: set[asyncio.Task[object]] = set()
        self._children: list[ChildProcess] = []  # those that may not have ended yet
        self._starts = 0
        self._stopped = False

    @property
    def pid(self) -> int | None:
        """The process number of the running child."""
        return self._child.pid if self._child else None

    @property
    def restarts(self) -> int:
        """How many children became ready after the first."""
        return max(0, self._starts - 1)

    @property
    def state(self) -> State:
        """What the server is doing now."""
        if self._stopped:
            return State.STOPPED
        if self._child and self._child.alive:
            return State.RUNNING
        if self._starting and not self._starting.done():
            return State.WAITING if self._backoff.remaining_s() else State.STARTING
        return State.DOWN

    async def start(self) -> None:
        """Start the child and wait until it is ready, also after `stop`. Raises what `endpoint` raises."""
        self._stopped = False
        await self.endpoint()

    async def endpoint(self) -> Endpoint:
        """Return where the child answers; start it if it is not running. All callers wait for the same start.

        Raises LocalModelStartError, LocalModelBackoffError, and LocalModelError after `stop`.
        """
        if self._stopped:
            raise LocalModelError("The local model has been stopped; start it before asking it.")
        if self._child and self._child.alive:
            return self._child.endpoint
        self._bury(self._child)
        if self._backoff.remaining_s() > self._pace.patience_s:
            raise self._backoff_error()
        return await self._share(self._begin())

    async def healthy(self) -> bool:
        """Return whether the child runs and answers its health check in time."""
        child = self._child
        return child is not None and await is_healthy(child.endpoint, timeout_s=self._pace.health_timeout_s)

    async def stop(self) -> None:
        """End the child and wait until nothing of it is left; harmless when nothing runs."""
        self._stopped = True
        while self._tasks:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
        for child in self._children:  # one whose end was cut short, or whose task was cancelled before it began
            await child.end(wait_s=self._pace.stop_wait_s)
        self._children.clear()
        self._backoff.reset()

    def _begin(self) -> asyncio.Task[ChildProcess]:
        """Start a child in the background, or join the start that is under way."""
        if self._starting is None or self._starting.done():
            self._starting = self._keep(self._start())
        return self._starting

    async def _share(self, start: asyncio.Task[ChildProcess]) -> Endpoint:
        """Wait for a start that goes on when this caller is cancelled."""
        await asyncio.wait({start})
        if start.cancelled():
            raise LocalModelError("The local model was stopped while it started; start it before asking it.")
        return start.result().endpoint

    async def _start(self) -> ChildProcess:
        await asyncio.sleep(self._backoff.remaining_s())
        try:
            child = await self._raise_child()
        except LocalModelStartError as error:
            self._backoff.failed(str(error))
            _log.warning("%s", error)
            raise
        self._child = child
        self._starts += 1
        self._keep(self._watch(child))
        _log.info("The local model runs as process %d, ready after %.1f s", child.pid, child.lived_s)
        return child

    async def _raise_child(self) -> ChildProcess:
        child = await spawn(self._module, self._config)
        self._children = [*(other for other in self._children if other.alive), child]
        try:
            await child.greet(self._config, self._options)
        except BaseException:
            # One that loads a model hears nothing; there is no use in asking kindly.
            child.kill()
            await child.end(wait_s=self._pace.stop_wait_s)
            raise
        return child

    async def _watch(self, child: ChildProcess) -> None:
        try:
            await self._until_dead(child)
        finally:
            self._bury(child)
            await child.end(wait_s=self._pace.stop_wait_s)
        # A caller may have seen the death first, and have a new child by now.
        if self._child is None and not self._stopped:
            self._begin()

    async def _until_dead(self, child: ChildProcess) -> None:
        """Return when the child has died, by itself or because it no longer answered.

        A busy child answers: `/health` needs none of the threads that compute.
        """
        misses = 0
        while not await child.ended(within_s=self._pace.health_interval_s):
            answered = await is_healthy(child.endpoint, timeout_s=self._pace.health_timeout_s)
            misses = 0 if answered else misses + 1
            if misses >= self._pace.health_misses:
                _log.warning("The local model (process %d) hangs and is killed", child.pid)
                child.kill()

    def _bury(self, child: ChildProcess | None) -> None:
        """Forget the child and note its death, once."""
        if child is None or self._child is not child:
            return
        self._child = None
        if not self._stopped:
            self._backoff.failed(child.epitaph, lived_s=child.lived_s)
            _log.warning("The local model (process %d) died: %s", child.pid, child.epitaph)

    def _backoff_error(self) -> LocalModelBackoffError:
        wait_s = self._backoff.remaining_s()
        return LocalModelBackoffError(
            f"The local model failed {self._backoff.failures} times in a row; the next try is in {wait_s:.0f} s. "
            f"The last time: {self._backoff.reason}",
            retry_in_s=wait_s,
        )

    def _keep(self, coroutine: Coroutine[None, None, _T]) -> asyncio.Task[_T]:
        task = asyncio.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._let_go)
        return task

    def _let_go(self, task: asyncio.Task[object]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # a start in the background may fail without anyone waiting for it
