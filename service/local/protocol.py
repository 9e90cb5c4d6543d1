"""What the two ends say to each other: one line of JSON down at the start, one line up when ready.

The configuration goes through the pipe because a command line, and so a key on it, is visible to every user of the
machine. After its line the parent writes nothing more: the end of the pipe is the end of the parent.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import IntEnum

__all__ = ["ChildConfig", "ChildExit", "read_ready", "ready_line"]


class ChildExit(IntEnum):
    """Exit codes by which a child says why it could not start."""

    NO_ENGINE = 65
    BAD_MODEL = 66


@dataclass(frozen=True)
class ChildConfig:
    """What a child is told; `options` are the fault switches of the fake, empty for the real one."""

    model_path: str
    context_tokens: int
    slots: int
    threads: int
    api_key: str = field(repr=False)
    options: Mapping[str, int] = field(default_factory=dict)
    prefixes: str | None = None

    def to_line(self) -> bytes:
        """Write it as one line of JSON."""
        return json.dumps(asdict(self)).encode() + b"\n"

    @classmethod
    def from_line(cls, line: bytes) -> "ChildConfig":
        """Read what `to_line` wrote."""
        return cls(**json.loads(line))


def ready_line(port: int) -> bytes:
    """Write the child's only reply: it answers on `port` of the loopback interface."""
    return json.dumps({"port": port}).encode() + b"\n"


def read_ready(line: bytes) -> int | None:
    """Read the port from what `ready_line` wrote; None if the line is something else."""
    try:
        port = json.loads(line)["port"]
    except (ValueError, TypeError, KeyError):
        return None
    return port if isinstance(port, int) else None
