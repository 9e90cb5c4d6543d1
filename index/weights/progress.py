"""How far a pull or a check has come, in events small enough to draw a bar from."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

__all__ = ["OnBytes", "OnProgress", "Progress", "Step", "counter"]

Step = Literal["checking", "fetching"]

OnBytes = Callable[[int], None]
"""Takes the bytes of one file that are done by now, resumed ones included."""


@dataclass(frozen=True)
class Progress:
    """Say how many bytes of one file are checked or fetched; a new source may start again from 0."""

    weights: str
    file: str
    step: Step
    done: int
    total: int


OnProgress = Callable[[Progress], None]


def counter(on_progress: OnProgress | None, weights: str, file: str, step: Step, total: int) -> OnBytes:
    """Return what turns byte counts of one file into events, or into nothing if nobody listens."""

    def count(done: int) -> None:
        if on_progress is not None:
            on_progress(Progress(weights, file, step, done, total))

    return count
