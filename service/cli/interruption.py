"""Ctrl-C on long work: what is begun is finished and told, and nothing more is taken up."""

import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import takewhile
from typing import TypeVar

__all__ = ["finished"]

_T = TypeVar("_T")
_R = TypeVar("_R")


def finished(work: Callable[[Iterable[_T]], Iterable[_R]], items: Iterable[_T]) -> Iterator[_R]:
    """Yield what `work` makes of `items`.

    After a Ctrl-C no further item is given to it; what it makes of those given is still yielded, and
    KeyboardInterrupt raised after that. A second Ctrl-C does not wait.
    """
    with _first_interruption() as interrupted:
        yield from work(takewhile(lambda _: not interrupted.is_set(), items))
    if interrupted.is_set():
        raise KeyboardInterrupt


@contextmanager
def _first_interruption() -> Iterator[threading.Event]:
    """Yield what the first Ctrl-C sets instead of raising; the next one raises again."""
    interrupted = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield interrupted
        return
    before = signal.getsignal(signal.SIGINT)

    def note(*_: object) -> None:
        interrupted.set()
        signal.signal(signal.SIGINT, before)

    signal.signal(signal.SIGINT, note)
    try:
        yield interrupted
    finally:
        signal.signal(signal.SIGINT, before)
