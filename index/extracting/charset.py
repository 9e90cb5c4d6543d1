"""Bytes to characters.

In order of trust: a byte order mark; the charset of the Content-Type header; the one that an HTML page declares in a
`meta`; UTF-8 where the bytes are valid UTF-8, which other encodings hardly ever are by chance; what
charset_normalizer takes the bytes for; Windows-1252. A declared charset in which the bytes are not valid is passed
over where a later one fits all of them.
"""

import codecs
import re
from dataclasses import dataclass

from charset_normalizer import from_bytes

__all__ = ["Decoded", "decode"]

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# as browsers read these labels (WHATWG Encoding): the wider set of which the named one is a part
_ALIASES = {
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "big5": "big5hkscs",
    "utf-16": "utf-8",  # a page whose declaration can be read byte by byte is not UTF-16
    "utf-16le": "utf-8",
    "utf-16be": "utf-8",
}
_CONTENT_TYPE = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_META = re.compile(rb"<meta[^>]{0,400}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_META_WITHIN = 4_096
_SAMPLE = 32_768


@dataclass(frozen=True)
class Decoded:
    """Text, the encoding that it was read in, and how many characters could not be read."""

    text: str
    encoding: str
    replaced: int


def decode(data: bytes, *, content_type: str | None = None, html: bool = False) -> Decoded:
    """Return `data` as text. Never raises: what cannot be read becomes U+FFFD."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _replaced(data[len(mark) :], encoding)
    declared = _declared(data, content_type, html=html)
    for encoding in (*declared, "utf-8"):
        try:
            return Decoded(data.decode(encoding), encoding, 0)
        except (UnicodeDecodeError, ValueError):
            continue
    return _replaced(data, _guessed(data) or next(iter(declared), "cp1252"))


def _declared(data: bytes, content_type: str | None, *, html: bool) -> list[str]:
    labels = []
    if content_type and (header := _CONTENT_TYPE.search(content_type)):
        labels.append(header[1])
    if html and (meta := _META.search(data[:_META_WITHIN])):
        labels.append(meta[1].decode("ascii", "replace"))
    return [encoding for label in labels if (encoding := _known(label))]


def _known(label: str) -> str | None:
    """Return the name of the text encoding of a label; None for one that is none, such as "rot13"."""
    name = _ALIASES.get(label.lower(), label.lower())
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    return found.name if getattr(found, "_is_text_encoding", False) and "idna" not in name else None


def _guessed(data: bytes) -> str | None:
    best = from_bytes(data[:_SAMPLE]).best()
    return best.encoding if best else None


def _replaced(data: bytes, encoding: str) -> Decoded:
    text = data.decode(encoding, "replace")
    return Decoded(text, encoding, text.count("\ufffd"))
