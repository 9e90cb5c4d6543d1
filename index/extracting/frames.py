"""The protocol between the service and the process that reads: frames of a JSON object and bytes, each with its length.

A frame is two lengths (unsigned, 32 bits, big-endian), the JSON, the bytes. The service greets with the limits, and
is told that the reader is ready; after that each frame with a document is answered by one with its text, or with an
error.
"""

import json
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["Frame", "FrameError", "pack", "unpack"]

_LENGTHS = struct.Struct("!II")
_MOST_JSON = 4_000_000


class FrameError(Exception):
    """What came is no frame, or is larger than one may be."""


@dataclass(frozen=True)
class Frame:
    """A JSON object, and bytes that go with it."""

    fields: Mapping[str, Any]
    body: bytes = b""


def pack(frame: Frame) -> list[bytes]:
    """Return the pieces of a frame as they are sent."""
    fields = json.dumps(frame.fields).encode()
    return [_LENGTHS.pack(len(fields), len(frame.body)), fields, frame.body]


def unpack(read: Callable[[int], bytes], *, most: int) -> Frame | None:
    """Return the next frame, with at most `most` bytes in its body; None where the other side has ended.

    `read` returns exactly as many bytes as it is asked for, or fewer at the end. Raises FrameError.
    """
    lengths = read(_LENGTHS.size)
    if len(lengths) < _LENGTHS.size:
        return None
    fields_length, body_length = _LENGTHS.unpack(lengths)
    if fields_length > _MOST_JSON or body_length > most:
        raise FrameError(f"a frame of {fields_length:,} and {body_length:,} bytes is too large")
    written, body = read(fields_length), read(body_length)
    if len(written) < fields_length or len(body) < body_length:
        return None
    try:
        fields = json.loads(written)
    except (ValueError, RecursionError) as exc:
        raise FrameError(f"a frame holds no JSON ({exc})") from exc
    if not isinstance(fields, dict):
        raise FrameError("a frame holds no JSON object")
    return Frame(fields, body)
