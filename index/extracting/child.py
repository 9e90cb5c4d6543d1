"""The process that reads documents: `python -m index.extracting.child`, spoken to in frames over its pipes.

It ends when its parent closes the pipe or is gone, and by an alarm where a document keeps it from hearing that.
(Linux could kill it with its parent, but takes the thread that started it for the parent, and threads of a pool
come and go.)
"""

import os
import signal
import sys
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO

from index.extracting.confinement import confine
from index.extracting.errors import BrokenDocumentError, DocumentTooHungryError, ExtractionError, ReaderError
from index.extracting.frames import Frame, pack, unpack
from index.extracting.limits import Limits
from index.extracting.records import Extracted

__all__ = ["answer", "main"]

_GRACE_S = 5
_MOST_BYTES = 1 << 31
Extract = Callable[..., Extracted]


def main() -> None:
    """Serve until the parent is gone."""
    requests, replies = sys.stdin.buffer, _private_output()
    greeting = unpack(requests.read, most=0)
    if greeting is None:
        return
    limits = Limits(**greeting.fields["limits"])
    try:
        from index.extracting.documents import extract_here  # noqa: PLC0415  (a missing library is told, not died of)
    except ImportError as exc:
        text = f"documents cannot be read: {exc}. Install the libraries for it with `pip install 'pullquote[sources]'`"
        _send(replies, Frame({"error": ReaderError.__name__, "text": text}))
        return
    confine(limits.growth)
    _send(replies, Frame({"ready": True}))
    while (request := unpack(requests.read, most=_MOST_BYTES)) is not None:
        signal.alarm(int(limits.seconds) + _GRACE_S)
        reply = answer(request, extract_here, limits)
        _send(replies, reply)
        signal.alarm(0)
        if reply.fields.get("error") == DocumentTooHungryError.__name__:
            return  # memory in pieces serves no other document


def answer(request: Frame, extract_here: Extract, limits: Limits) -> Frame:
    """Return the reply to a document: its text, or the error that names it."""
    fields: Mapping[str, Any] = request.fields
    name = str(fields["name"])
    try:
        extracted = extract_here(
            request.body,
            fields["kind"],
            name=name,
            url=fields["url"],
            content_type=fields["content_type"],
            limits=limits,
        )
        return Frame(extracted.to_json(), extracted.text.encode())
    except ExtractionError as exc:
        return Frame({"error": type(exc).__name__, "text": str(exc)})
    except MemoryError:
        text = f"{name}: takes more than {limits.growth:,} bytes of memory to read; cut it into several documents"
        return Frame({"error": DocumentTooHungryError.__name__, "text": text})
    except Exception as exc:  # noqa: BLE001  (libraries raise what they like on hostile bytes)
        said = " ".join(f"{type(exc).__name__}: {exc}".split())[:200]
        text = f"{name}: cannot be read ({said}); save it again, or as text"
        return Frame({"error": BrokenDocumentError.__name__, "text": text})


def _private_output() -> BinaryIO:
    """Keep the pipe for replies, and let what libraries print go where errors go."""
    private = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return private


def _send(replies: BinaryIO, frame: Frame) -> None:
    replies.writelines(pack(frame))
    replies.flush()


if __name__ == "__main__":
    main()
