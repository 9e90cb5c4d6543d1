"""The front of extraction: documents in, text out, whatever becomes of the process that reads them."""

import threading
from types import TracebackType
from typing import Self

from index.extracting.errors import (
    DocumentTooHungryError,
    DocumentTooLargeError,
    DocumentTooSlowError,
    ReaderError,
    error_of_code,
)
from index.extracting.frames import Frame, FrameError
from index.extracting.limits import Limits
from index.extracting.process import ReaderProcess, TimeIsUpError
from index.extracting.records import KINDS, Extracted, Kind

__all__ = ["Extractor", "extract"]


class Extractor:
    """Read documents in one process of its own, which is replaced after a crash, a timeout, or so many documents.

    For several threads, one document at a time. The first document starts the process, which takes a second or two;
    `close` ends it.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._lock = threading.Lock()
        self._process: ReaderProcess | None = None
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """The number of the reading process; None while there is none."""
        return self._process.pid if self._process else None

    def extract(
        self,
        data: bytes,
        kind: Kind,
        *,
        url: str | None = None,
        name: str | None = None,
        content_type: str | None = None,
    ) -> Extracted:
        """Return the text and metadata of a document that came from `url`.

        `name` is what errors call it (default: its URL), `content_type` the header that it came with.
        Raises DocumentError where this document gives no text, and ReaderError where none would.
        """
        called = name or url or "the document"
        if kind not in KINDS:
            raise ValueError(f"{called}: the kind {kind!r} is not one of {', '.join(KINDS)}")
        if len(data) > self.limits.input_bytes:
            raise DocumentTooLargeError(
                f"{called}: has {len(data):,} bytes; at most {self.limits.input_bytes:,} are read, cut it into several"
            )
        request = Frame({"kind": kind, "name": called, "url": url, "content_type": content_type}, data)
        with self._lock:
            if self._closed:
                raise ReaderError("this extractor is closed; make another one")
            return self._asked(request, called)

    def close(self) -> None:
        """End the reading process; a document that is being read is waited for."""
        with self._lock:
            self._closed = True
            self._end()

    def _asked(self, request: Frame, name: str) -> Extracted:
        process = self._ready()
        try:
            return _told(process.ask(request, seconds=self.limits.seconds), name)
        except TimeIsUpError as exc:
            self._kill()
            raise DocumentTooSlowError(
                f"{name}: takes longer than {self.limits.seconds:g} s to read; cut it into several documents"
            ) from exc
        except DocumentTooHungryError:
            self._kill()
            raise
        except (FrameError, KeyError, TypeError, AttributeError, ValueError) as exc:
            self._kill()
            raise ReaderError(f"{name}: the process that read it answered with nonsense ({exc}); try it again") from exc
        except BaseException as exc:
            if not isinstance(exc, Exception):
                self._kill()  # interrupted in the middle: whatever it answers would be taken for the next document's
            raise

    def _ready(self) -> ReaderProcess:
        """Return a process that waits for a document: the last one, or a new one in its place."""
        if self._process and (not self._process.alive or self._process.documents >= self.limits.documents):
            self._end()
        if self._process is None:
            self._process = ReaderProcess(self.limits)
        return self._process

    def _end(self) -> None:
        if self._process:
            self._process.end()
            self._process = None

    def _kill(self) -> None:
        if self._process:
            self._process.kill()
            self._process = None


def _told(reply: Frame | None, name: str) -> Extracted:
    """Return what a reply holds, or raise the error that it tells."""
    if reply is None:
        raise DocumentTooHungryError(
            f"{name}: the process that read it ended, most likely for want of memory; cut it into several documents"
        )
    if "error" in reply.fields:
        raise error_of_code(str(reply.fields["error"]))(str(reply.fields["text"]))
    return Extracted.from_json(reply.fields, reply.body.decode())


def extract(
    data: bytes,
    kind: Kind,
    *,
    url: str | None = None,
    limits: Limits | None = None,
    name: str | None = None,
    content_type: str | None = None,
) -> Extracted:
    """Return the text and metadata of one document, in a process for it alone; several go faster through an Extractor.

    Raises what `Extractor.extract` raises.
    """
    with Extractor(limits) as extractor:
        return extractor.extract(data, kind, url=url, name=name, content_type=content_type)
