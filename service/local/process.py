"""One child process from the parent's side: started, spoken to, and ended with all that belongs to it."""

import asyncio
import contextlib
import os
import secrets
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping

from service.local.config import Endpoint, LocalConfig
from service.local.errors import LocalModelStartError
from service.local.log import ChildLog
from service.local.protocol import ChildConfig, ChildExit, read_ready

__all__ = ["ChildProcess", "spawn"]

_ROOM = "see that enough memory is free: the size of the file and a third more"
_REMEDIES: Mapping[int, str] = {
    ChildExit.NO_ENGINE: "Install the engine with `pip install 'pullquote[local]'`.",
    ChildExit.BAD_MODEL: f"Fetch the file again with `pullquote models pull`, and {_ROOM}.",
}
_ANY_REMEDY = f"Read its log, and {_ROOM}."


class ChildProcess:
    """Own a process that has been started: its pipes, its log and, once `greet` returned, its endpoint."""

    def __init__(self, process: Process, log: ChildLog) -> None:
        self._process = process
        self._log = log
        self._born = time.monotonic()
        # One waiter for the whole life: the event loop keeps every waiter that gave up until the process ends.
        self._death = asyncio.create_task(process.wait())
        self.endpoint = Endpoint("", "")

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the process has not ended, as far as the event loop has heard."""
        return self._process.returncode is None

    @property
    def lived_s(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._born

    @property
    def epitaph(self) -> str:
        """How the process ended, with the last line of its log."""
        last = self._log.tail().rpartition("\n")[2]
        return f"it ended with exit code {self._process.returncode}" + (f" ({last})" if last else "")

    async def greet(self, config: LocalConfig, options: Mapping[str, int]) -> None:
        """Tell the child what to serve and wait until it does. Raises LocalModelStartError."""
        key = secrets.token_urlsafe(32)
        told = ChildConfig(
            str(config.model_path),
            config.context_tokens,
            config.slots,
            config.threads,
            key,
            options,
            str(config.prefixes) if config.prefixes else None,
        )
        try:
            async with asyncio.timeout(config.start_timeout_s):
                port = read_ready(await self._ask(told.to_line()))
                if port is None:
                    await asyncio.wait({self._death})
        except TimeoutError:
            raise self._start_error(config, f"not ready within {config.start_timeout_s:g} s") from None
        if port is None:
            raise self._start_error(config, f"it ended with exit code {self._process.returncode}")
        self.endpoint = Endpoint(f"http://127.0.0.1:{port}/v1", key)

    async def ended(self, *, within_s: float) -> bool:
        """Wait for the end of the process, at most `within_s` seconds; return whether it came."""
        done, _ = await asyncio.wait({self._death}, timeout=within_s)
        return bool(done)

    def kill(self) -> None:
        """End the process at once."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()

    async def end(self, *, wait_s: float) -> None:
        """End the process, kindly first, and give back its pipes and its log."""
        try:
            await self._persuade(wait_s)
        finally:
            self.kill()  # a no-op by now, unless this very call is being cancelled
            self._log.close()
        await self._drain()

    async def _ask(self, line: bytes) -> bytes:
        assert self._process.stdin is not None  # noqa: S101 - PIPE was asked for
        assert self._process.stdout is not None  # noqa: S101 - PIPE was asked for
        with contextlib.suppress(ConnectionError):  # a child that is gone says so by its empty reply
            self._process.stdin.write(line)
            await self._process.stdin.drain()
        return await self._process.stdout.readline()

    async def _persuade(self, wait_s: float) -> None:
        if self._process.stdin is not None:
            self._process.stdin.close()
        if await self.ended(within_s=wait_s):
            return
        with contextlib.suppress(ProcessLookupError):
            self._process.terminate()
        if not await self.ended(within_s=wait_s):
            self.kill()
            await asyncio.wait({self._death})

    async def _drain(self) -> None:
        """Read to the end of the pipe, for only then does the event loop close the transport."""
        if self._process.stdout is not None:
            await self._process.stdout.read()
        if self._process.stdin is not None:
            with contextlib.suppress(ConnectionError):
                await self._process.stdin.wait_closed()

    def _start_error(self, config: LocalConfig, what: str) -> LocalModelStartError:
        remedy = _REMEDIES.get(self._process.returncode or 0, _ANY_REMEDY)
        tail = self._log.tail() or "(nothing)"
        return LocalModelStartError(
            f"The local model {config.model_path} did not start: {what}. {remedy} Its log ends:\n{tail}"
        )


async def spawn(module: str, config: LocalConfig) -> ChildProcess:
    """Start `module` in a new interpreter. Raises LocalModelStartError if the system refuses."""
    try:
        log = ChildLog(config.log_path)
    except OSError as error:
        raise LocalModelStartError(
            f"The local model's log {config.log_path} cannot be written: {error}. Choose another place for it."
        ) from error
    try:
        # -P: the working directory is the user's, and may hold a folder named as a package of ours.
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-P", "-m", module, stdin=PIPE, stdout=PIPE, stderr=log.file, env=_environment()
        )
    except OSError as error:
        log.close()
        raise LocalModelStartError(f"The local model's process could not be started: {error}") from error
    except BaseException:
        log.close()
        raise
    return ChildProcess(process, log)


def _environment() -> dict[str, str]:
    """Let the child import what this process imports, wherever it was started."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
