"""Unpacking with a bound: little more than asked for is ever produced, whatever the packing promises."""

import importlib
import zlib
from typing import Protocol, cast

from index.fetching.errors import ContentEncodingError, TooLargeError

__all__ = ["PackingError", "Unpacker", "encodings", "gunzip", "unpacker"]

_GZIP = 16 + zlib.MAX_WBITS
_ZLIB_HEADER = 2
_MAX_GZIPPED = 10_000_000
_PIECE = 1 << 16


class PackingError(Exception):
    """Packed data is broken, cut off, or followed by something else."""


class Unpacker(Protocol):
    """Unpack data piece by piece."""

    def feed(self, data: bytes, room: int) -> bytes:
        """Return what `data` holds, or its beginning: more than `room` bytes if it is more. Raises PackingError."""
        ...

    def finish(self) -> None:
        """Say that all data was fed. Raises PackingError if something is missing."""
        ...


def encodings() -> tuple[str, ...]:
    """Return the content encodings that can be unpacked here."""
    return ("gzip", "deflate", "br") if _brotli() else ("gzip", "deflate")


def unpacker(encoding: str) -> Unpacker:
    """Return what unpacks one of `encodings()`, or data that is not packed (`identity`)."""
    if encoding == "gzip":
        return _Zlib(_GZIP)
    if encoding == "deflate":
        return _Zlib(zlib.MAX_WBITS)
    if encoding == "br" and (made := _brotli()):
        return _Brotli(made)
    return _Plain()


def gunzip(data: bytes, *, max_bytes: int = _MAX_GZIPPED) -> bytes:
    """Return what a gzip file holds, for sitemaps. Raises ContentEncodingError, TooLargeError past `max_bytes`."""
    unpacking = _Zlib(_GZIP)
    try:
        result = unpacking.feed(data, max_bytes)
        if len(result) <= max_bytes:
            unpacking.finish()
    except PackingError as exc:
        raise ContentEncodingError(f"the gzip file is broken ({exc}); fetch it again") from exc
    if len(result) > max_bytes:
        raise TooLargeError(f"the gzip file holds more than {max_bytes:,} bytes; split it, or raise the limit")
    return result


class _Plain:
    def feed(self, data: bytes, room: int) -> bytes:
        del room
        return data

    def finish(self) -> None:
        pass


class _Zlib:
    """gzip and deflate; servers send deflate with and without its zlib header (RFC 9110, 8.4.1.2)."""

    def __init__(self, wbits: int) -> None:
        self._wbits = wbits
        self._inflate = zlib.decompressobj(wbits)
        self._head: bytes | None = b""

    def feed(self, data: bytes, room: int) -> bytes:
        if self._head is not None:
            data = self._head + data
            if len(data) < _ZLIB_HEADER:
                self._head = data
                return b""
            self._head = None
            if self._wbits == zlib.MAX_WBITS and not _has_zlib_header(data):
                self._inflate = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            result = self._inflate.decompress(data, room + 1)
        except zlib.error as exc:
            raise PackingError(str(exc)) from exc
        if self._inflate.unused_data:
            raise PackingError("something follows the packed data")
        return result

    def finish(self) -> None:
        if not self._inflate.eof:
            raise PackingError("the packed data is cut off")


def _has_zlib_header(data: bytes) -> bool:
    """Tell whether data begins as RFC 1950 has it: method 8, and a number that 31 divides."""
    return data[0] & 0x0F == 8 and int.from_bytes(data[:_ZLIB_HEADER], "big") % 31 == 0  # noqa: PLR2004


class _Decompressor(Protocol):
    """What brotli 1.2 and later have; older ones unpack without a bound, and are left alone."""

    def process(self, data: bytes, /, *, output_buffer_limit: int) -> bytes: ...

    def can_accept_more_data(self) -> bool: ...

    def is_finished(self) -> bool: ...


class _Brotli:
    def __init__(self, inflate: _Decompressor) -> None:
        self._inflate = inflate

    def feed(self, data: bytes, room: int) -> bytes:
        result = bytearray()
        try:
            while len(result) <= room and (data or not self._inflate.can_accept_more_data()):
                result += self._inflate.process(data, output_buffer_limit=_PIECE)
                data = b""
        except Exception as exc:  # brotli.error, of whichever build is installed
            raise PackingError(str(exc)) from exc
        return bytes(result)

    def finish(self) -> None:
        if not self._inflate.is_finished():
            raise PackingError("the packed data is cut off")


def _brotli() -> _Decompressor | None:
    try:
        made = importlib.import_module("brotli").Decompressor()
        made.can_accept_more_data()
    except (ImportError, AttributeError):
        return None
    return cast("_Decompressor", made)
