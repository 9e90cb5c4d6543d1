"""What one document may cost."""

from dataclasses import dataclass

__all__ = ["Limits"]


@dataclass(frozen=True)
class Limits:
    """Bounds of one extraction; sizes in bytes.

    `growth` is what the address space of the reading process may grow by after it has started (a bound on what it
    asks for, so on what it gets). `documents` is how many a reading process reads before it is replaced, and
    `start_seconds` what starting one may take, on a slow machine.
    """

    seconds: float = 10.0
    growth: int = 600_000_000
    input_bytes: int = 20_000_000
    unpacked_bytes: int = 20_000_000
    archive_bytes: int = 100_000_000
    archive_members: int = 2_000
    text_chars: int = 2_000_000
    pages: int = 2_000
    documents: int = 200
    start_seconds: float = 60.0
