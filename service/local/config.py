"""How the local model is run, how its child is watched, and where it is reached."""

from dataclasses import dataclass, field
from pathlib import Path

from service.local.cores import usable_cores

__all__ = ["Endpoint", "LocalConfig", "Pace"]


@dataclass(frozen=True)
class LocalConfig:
    """Say which model file is served, and with how much.

    `context_tokens` is what one request may use, prompt and answer together; `slots` requests run at a time.
    Without `log_path` the child's log is kept only as long as the child lives. `prefixes` is the folder where it may
    save what a slot has read; without it, it saves nothing.
    """

    model_path: Path
    context_tokens: int = 4096
    slots: int = 4
    threads: int = field(default_factory=usable_cores)
    start_timeout_s: float = 120
    log_path: Path | None = None
    prefixes: Path | None = None

    def __post_init__(self) -> None:
        for name in ("context_tokens", "slots", "threads", "start_timeout_s"):
            if getattr(self, name) <= 0:
                raise ValueError(f"{name} of the local model is {getattr(self, name)}; it must be above 0")


@dataclass(frozen=True)
class Pace:
    """Say how patiently the child is watched; all in seconds but `health_misses`.

    A child that lived under `fast_death_s` counts towards the backoff. A caller waits up to `patience_s` for a
    try that is put off, and is refused at once when it is further away.
    """

    fast_death_s: float = 30
    longest_delay_s: float = 30
    patience_s: float = 2
    health_interval_s: float = 10
    health_timeout_s: float = 2
    health_misses: int = 3
    stop_wait_s: float = 3


@dataclass(frozen=True)
class Endpoint:
    """Where the running child answers: an OpenAI-compatible base URL, and the key that it asks for.

    Both change with every restart of the child, so ask for them anew before each request.
    """

    base_url: str
    api_key: str = field(repr=False)
