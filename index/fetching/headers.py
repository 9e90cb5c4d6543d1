"""What the headers of an answer say, and which of it is believed."""

import codecs
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from index.fetching.decoding import encodings
from index.fetching.errors import ContentEncodingError, ContentTypeError, MalformedResponseError, shown
from index.fetching.policy import Policy
from index.fetching.urls import Url

__all__ = ["Headers", "is_validator", "read_headers"]

_TYPE = re.compile(r"\s*([!#$%&'*+.^_`|~0-9a-z-]+/[!#$%&'*+.^_`|~0-9a-z-]+)\s*", re.IGNORECASE)
_CHARSET = re.compile(r"""\s*charset\s*=\s*["']?\s*([A-Za-z0-9._:+-]{1,40})\s*["']?\s*""", re.IGNORECASE)
_VALIDATOR = re.compile(r"[\x20-\x7e]{1,1000}")
_NOT_OF_TEXTS = frozenset(
    ("idna", "mbcs", "oem", "palmos", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7")
)
"""Codecs of Python's that no article is written in; utf-7 is how markup was smuggled past filters."""


@dataclass(frozen=True)
class Headers:
    """The headers of the answer to a request for `url`; names are in lower case."""

    url: Url
    items: tuple[tuple[str, str], ...]

    def all(self, name: str) -> list[str]:
        """Return the values of a header, in order."""
        return [value for key, value in self.items if key == name]

    def validator(self, name: str) -> str | None:
        """Return an ETag or Last-Modified that can be sent again, or None."""
        values = self.all(name)
        return values[0] if len(values) == 1 and is_validator(values[0]) else None

    def location(self) -> str | None:
        """Return the target of a redirect, or None; UTF-8 where it is not ASCII."""
        values = set(self.all("location"))
        if len(values) != 1:
            return None
        raw = values.pop().encode("latin-1")
        try:
            return raw.decode()
        except UnicodeDecodeError:
            return raw.decode("latin-1")

    def length(self) -> int | None:
        """Return the length that the server announces, or None."""
        values = self.all("content-length")
        return int(values[0].partition(",")[0]) if values else None  # h11 has checked that all are the same number

    def content_type(self, allowed: Collection[str]) -> str:
        """Return the media type, which must be one of `allowed`. Raises ContentTypeError."""
        values = self.all("content-type")
        match = _TYPE.fullmatch(values[0].partition(";")[0]) if len(values) == 1 else None
        found = match[1].lower() if match else ""
        if found not in allowed:
            kind = f"of the kind {shown(found)}" if found else "of no stated kind"
            raise ContentTypeError(
                f"{shown(str(self.url))}: is {kind}, which is not read; give a page, a feed or a PDF"
            )
        return found

    def charset(self) -> str | None:
        """Return Python's name of the charset, or None if there is none or Python does not know it."""
        values = self.all("content-type")
        for parameter in values[0].split(";")[1:] if values else ():
            if match := _CHARSET.fullmatch(parameter):
                return _codec(match[1])
        return None

    def encoding(self) -> str:
        """Return the one content encoding. Raises ContentEncodingError for several and for unknown ones."""
        named = [part.strip().lower() for value in self.all("content-encoding") for part in value.split(",")]
        found = {"x-gzip": "gzip", "": "identity"}.get(named[0], named[0]) if named else "identity"
        if len(named) > 1 or found not in ("identity", *encodings()):
            raise ContentEncodingError(
                f"{shown(str(self.url))}: is packed more than once or in an unknown way ({shown(', '.join(named))}); "
                f"its server must send it plain or with one of {', '.join(encodings())}"
            )
        return found


def read_headers(url: Url, raw: Sequence[tuple[bytes, bytes]], policy: Policy) -> Headers:
    """Read headers. Raises MalformedResponseError if there are too many or they are too long."""
    if len(raw) > policy.max_headers or sum(len(name) + len(value) for name, value in raw) > policy.max_header_bytes:
        raise MalformedResponseError(
            f"{shown(str(url))}: the answer has more than {policy.max_headers} headers or "
            f"{policy.max_header_bytes:,} bytes of them; no article needs that"
        )
    return Headers(url, tuple((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in raw))


def is_validator(text: str) -> bool:
    """Tell whether a text can be sent as the value of If-None-Match or If-Modified-Since."""
    return _VALIDATOR.fullmatch(text) is not None and text == text.strip()


def _codec(name: str) -> str | None:
    try:
        found = codecs.lookup(name).name
        b" ".decode(found, "replace")  # refuses codecs that are not of text, such as zip and rot13
    except (LookupError, ValueError):
        return None
    return None if found.replace("_", "-") in _NOT_OF_TEXTS else found
