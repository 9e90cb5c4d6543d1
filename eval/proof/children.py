"""Children that may die: processes forked from one that has imported everything, so that a start takes milliseconds."""

import multiprocessing
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, ForkServerProcess

__all__ = ["Child", "heavy_imports"]

_PRELOADED = [
    *("index.library", "chromadb", "chromadb.api.rust", "chromadb.telemetry.product.posthog"),
    *("datasketch", "numpy.random"),  # what the first change would wait a second for
    *("eval.proof.writing", "eval.proof.damaging"),
]


class Child:
    """A process that runs `work(connection, *arguments)`; what it sends is received here, until it ends or is killed.

    A child that a signal ended has received EOFError as its last message.
    """

    def __init__(self, work: Callable[..., None], *arguments: object) -> None:
        self.connection, far = _context().Pipe()
        self._process: ForkServerProcess = _context().Process(target=_run, args=(work, far, *arguments), daemon=True)
        self._process.start()
        far.close()

    def kill(self) -> None:
        """Kill it at once."""
        self._process.kill()

    def receive(self) -> object:
        """Return the next message. Raises EOFError where the child has ended."""
        try:
            message: object = self.connection.recv()
        except ConnectionResetError as exc:
            raise EOFError from exc
        return message

    def end(self) -> int:
        """Wait for it; return its exit code, the negative number of a signal that ended it."""
        self._process.join()
        self.connection.close()
        return self._process.exitcode or 0


def heavy_imports() -> set[str]:
    """Return which of the modules that make a start slow this process has imported."""
    return {"torch", "sentence_transformers", "transformers"} & set(sys.modules)


def _context() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_PRELOADED)
    return context


def _run(work: Callable[..., None], connection: Connection, *arguments: object) -> None:
    with connection:
        work(connection, *arguments)
