"""The reading process from the service's side: started, spoken to within a time, and ended as a group."""

import contextlib
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from typing import IO

from index.extracting.errors import ReaderDownError, error_of_code
from index.extracting.frames import Frame, pack, unpack
from index.extracting.limits import Limits

__all__ = ["ReaderProcess", "TimeIsUpError"]

_MODULE = "index.extracting.child"
_CHUNK = 1 << 16
_UTF8_BYTES = 4
_CLOSING_S = 1.0


class TimeIsUpError(Exception):
    """The other side did not answer within its time."""


class ReaderProcess:
    """Own one process that reads documents, one after the other; for one thread at a time."""

    def __init__(self, limits: Limits) -> None:
        """Start it and wait until it is ready. Raises ReaderDownError, or what the process itself tells."""
        self._limits = limits
        self.documents = 0
        try:
            # a session and group of its own, to be killed with whatever it may have started
            self._process = subprocess.Popen(  # noqa: S603  (our own module)
                [sys.executable, "-P", "-m", _MODULE],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_environment(),
                start_new_session=True,
            )
        except OSError as exc:
            raise ReaderDownError(f"the process that reads documents cannot be started: {exc}") from exc
        os.set_blocking(_pipe(self._process.stdin), False)
        self._greet()

    @property
    def alive(self) -> bool:
        """Whether the process has not ended."""
        return self._process.poll() is None

    @property
    def pid(self) -> int:
        """The number of the process, which is that of its group."""
        return self._process.pid

    def ask(self, frame: Frame, *, seconds: float) -> Frame | None:
        """Send a frame and return the reply; None where the process ended. Raises TimeIsUpError and FrameError."""
        self.documents += 1
        until = time.monotonic() + seconds
        try:
            for piece in pack(frame):
                self._write(piece, until)
        except BrokenPipeError:
            return None
        return unpack(lambda size: self._read(size, until), most=self._limits.text_chars * _UTF8_BYTES)

    def end(self) -> None:
        """End the process: kindly while it waits, and with its whole group in any case."""
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with contextlib.suppress(BrokenPipeError):
                    stream.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_CLOSING_S)
        self.kill()

    def kill(self) -> None:
        """End the process and its group at once."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with contextlib.suppress(BrokenPipeError):
                    stream.close()

    def _greet(self) -> None:
        try:
            reply = self.ask(Frame({"limits": asdict(self._limits)}), seconds=self._limits.start_seconds)
        except TimeIsUpError as exc:
            self.kill()
            raise ReaderDownError(
                f"the process that reads documents was not ready within {self._limits.start_seconds:g} s; "
                "see what else keeps this machine busy"
            ) from exc
        except BaseException:
            self.kill()
            raise
        self.documents = 0
        if reply is None or "error" in reply.fields:
            self.kill()
            said = reply.fields if reply else {"error": "", "text": self._epitaph()}
            raise (error_of_code(str(said["error"])) if reply else ReaderDownError)(str(said["text"]))

    def _epitaph(self) -> str:
        return (
            f"the process that reads documents ended with exit code {self._process.returncode} when it was started; "
            f"`{sys.executable} -m {_MODULE}` shows why"
        )

    def _write(self, piece: bytes, until: float) -> None:
        left = memoryview(piece)
        for _ in _ready(_pipe(self._process.stdin), selectors.EVENT_WRITE, until):
            left = left[os.write(_pipe(self._process.stdin), left[:_CHUNK]) :]
            if not left:
                return

    def _read(self, size: int, until: float) -> bytes:
        """Return `size` bytes, or fewer where the process has ended."""
        found = bytearray()
        if not size:
            return b""
        for _ in _ready(_pipe(self._process.stdout), selectors.EVENT_READ, until):
            piece = os.read(_pipe(self._process.stdout), min(_CHUNK, size - len(found)))
            found += piece
            if not piece or len(found) == size:
                break
        return bytes(found)


def _ready(pipe: int, event: int, until: float) -> Iterator[None]:
    """Yield each time that a pipe can be used. Raises TimeIsUpError."""
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, event)
        while True:
            if not selector.select(max(0.0, until - time.monotonic())):
                raise TimeIsUpError
            yield


def _pipe(stream: IO[bytes] | None) -> int:
    assert stream is not None  # noqa: S101  (PIPE was asked for)
    return stream.fileno()


def _environment() -> dict[str, str]:
    """Let the child import what this process imports, and know nothing else of it: no keys, no settings."""
    return {
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "PYTHONUTF8": "1",
        "LC_ALL": "C.UTF-8",
        "PATH": os.defpath,
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    }
