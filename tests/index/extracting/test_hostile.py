"""Documents made to hurt: each ends in time, by text or by an error that names it, and the service does not feel it."""

import gzip
import random
import resource
import struct
import sys
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.extracting import KINDS, DocumentError, Extracted, Extractor, Kind, Limits

pytestmark = pytest.mark.slow

SECONDS = 4.0  # less than the service gives, so that these tests end soon
SLACK_S = 6.0  # for killing the process on a busy machine
MOST_GROWTH = 150_000_000
GOOD = (
    b"<html><head><title>Ferry</title></head><body><article><h1>Ferry</h1>"
    + (
        b"<p>The ferry between the two islands sails again from Monday, the harbour master said on Friday evening.</p>"
        * 5
    )
    + b"</article></body></html>"
)
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
LAUGHS = (
    '<!DOCTYPE lolz [<!ENTITY l0 "ha">' + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 11)) + "]>"
)
Make = Callable[..., bytes]


@pytest.fixture(scope="module")
def reader() -> object:
    """Return an extractor that gives up sooner than that of the service."""
    with Extractor(Limits(seconds=SECONDS)) as made:
        yield made


def now_resident() -> int:
    """Return the memory that this process has now, in bytes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def outcome_of(
    reader: Extractor, data: bytes, kind: Kind, content_type: str | None = None
) -> Extracted | DocumentError:
    """Return the text or the error, having checked that it names the document."""
    try:
        return reader.extract(data, kind, name="hostile.doc", content_type=content_type)
    except DocumentError as exc:
        error = exc
    assert str(error).startswith("hostile.doc: ")
    return error


def survives(reader: Extractor, data: bytes, kind: Kind) -> Extracted | DocumentError:
    """Extract, and check time, memory, the name in the error, and that the next document is read."""
    before, began = now_resident(), time.monotonic()
    outcome = outcome_of(reader, data, kind)
    assert time.monotonic() - began < SECONDS + SLACK_S
    if sys.platform == "linux":
        assert now_resident() - before < MOST_GROWTH
    assert "ferry" in reader.extract(GOOD, "html", name="good.html").text
    return outcome


def noise(size: int) -> bytes:
    """Return bytes without any order, always the same."""
    return random.Random(7).randbytes(size)  # noqa: S311  (no secrets)


def flate(data: bytes, times: int) -> bytes:
    """Compress several times over."""
    for _ in range(times):
        data = zlib.compress(data, 1)
    return data


HTML: dict[str, Callable[[], bytes]] = {
    "empty": bytes,
    "blanks": lambda: b" \n\t" * 1000,
    "NULs": lambda: b"\x00" * 1_000_000,
    "NULs within": lambda: GOOD.replace(b"ferry", b"fe\x00rry", 1),
    "one line of 10 MB": lambda: b"<html><body><p>" + b"word " * 2_000_000 + b"</p></body></html>",
    "10 MB without a space": lambda: b"<html><body><p>" + b"x" * 10_000_000 + b"</p></body></html>",
    "200,000 nested tags": lambda: b"<div>" * 200_000 + b"deep" + b"</div>" * 200_000,
    "200,000 nested inline tags": lambda: b"<html><body><p>" + b"<b>" * 200_000 + b"deep</body></html>",
    "200,000 open lists": lambda: b"<html><body>" + b"<ul><li>a" * 100_000,
    "500,000 links": lambda: b"<html><body><p>" + b"<a href=x>y</a>" * 500_000 + b"</p></body></html>",
    "20,000 nested tables": lambda: b"<html><body>" + b"<table><tr><td>a" * 20_000,
    "500,000 attributes": lambda: b"<p " + b" ".join(b"a%d=1" % n for n in range(500_000)) + b">text</p>",
    "open tag": lambda: b"<html><body><p class='" + b"a" * 5_000_000,
    "open comment": lambda: b"<html><!--" + b"-" * 5_000_000,
    "billion laughs": (f'<?xml version="1.0"?>{LAUGHS}<html><body><p>&l10;</p></body></html>'.encode),
    "external entity": lambda: (
        b'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        b"<html><body><article>" + b"<p>Some words of this article &x; and more.</p>" * 20 + b"</article></body></html>"
    ),
    "a million entities": lambda: b"<html><body><p>" + b"&amp;&lt;&#65;" * 500_000 + b"</p></body></html>",
    "broken UTF-8": lambda: GOOD.replace(b"ferry", b"f\xff\xfe\xc3\x28rry"),
    "false UTF-16 mark": lambda: b"\xff\xfe" + GOOD,
    "unknown charset": lambda: b'<meta charset="x-no-such-thing">' + GOOD,
    "charset that is none": lambda: b'<meta charset="zlib_codec">' + GOOD,
    "UTF-7": lambda: b'<meta charset="utf-7">' + GOOD,
    "half characters in JSON-LD": lambda: (
        b'<script type="application/ld+json">{"@type":"NewsArticle","headline":"\\ud800 half"}</script>' + GOOD
    ),
    "deep JSON-LD": lambda: b'<script type="application/ld+json">' + b"[" * 200_000 + b"</script>" + GOOD,
    "wide JSON-LD": lambda: (
        b'<script type="application/ld+json">[' + b'{"@type":"Article"},' * 40_000 + b"0]</script>" + GOOD
    ),
    "blanks in JSON-LD": lambda: b'<script type="application/ld+json">' + b" " * 5_000_000 + b"x</script>" + GOOD,
    "strange numbers in JSON-LD": lambda: (
        b'<script type="application/ld+json">{"@type":"Article","datePublished":1e999,"author":{"name":NaN}}</script>'
        + GOOD
    ),
    "long title": lambda: b"<title>" + b"a - " * 500_000 + b"</title>" + GOOD,
    "a PDF": lambda: b"%PDF-1.4 nothing",
    "noise": lambda: noise(1_000_000),
}


@pytest.mark.parametrize("case", HTML)
def test_html(reader: Extractor, case: str) -> None:
    """A hostile page ends in time with text or an error that names it, and no file is read into it."""
    outcome = survives(reader, HTML[case](), "html")
    if isinstance(outcome, Extracted):
        assert "root:" not in outcome.text
        assert "\x00" not in outcome.text
        outcome.text.encode()


GZIP: dict[str, Callable[[], bytes]] = {
    "bomb": lambda: gzip.compress(b"\x00" * 100_000_000, 1, mtime=0),
    "bomb of many members": lambda: gzip.compress(b"<p>" + b"a" * 9_000_000, mtime=0) * 30,
    "packed twice": lambda: gzip.compress(gzip.compress(GOOD, mtime=0)),
    "cut off": lambda: gzip.compress(GOOD, mtime=0)[:-20],
    "damaged": lambda: gzip.compress(GOOD, mtime=0)[:30] + b"\xff" * 40,
    "not gzip": lambda: GOOD,
    "100,000 empty members": lambda: gzip.compress(b"", mtime=0) * 100_000,
}


@pytest.mark.parametrize("case", GZIP)
def test_gzip(reader: Extractor, case: str) -> None:
    """A hostile gzip file ends in an error that names it."""
    assert isinstance(survives(reader, GZIP[case](), "html.gz"), DocumentError)


def stream(body: bytes, filters: str) -> bytes:
    """Return a stream of PDF."""
    return b"<< /Length %d /Filter %b >>\nstream\n%b\nendstream" % (len(body), filters.encode(), body)


def circular(data: bytes) -> bytes:
    """Let the table of a PDF name itself as the one before."""
    return data.replace(b"/Root 1 0 R", b"/Prev %d /Root 1 0 R" % data.rindex(b"xref\n0 "))


PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>"
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
TOP = (b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>", PAGE)
WORDS = b"BT /F 12 Tf 72 720 Td (word word word) Tj ET\n"

DRAWS_ITSELF = (
    b"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 6 0 R >> >> /Length 13 >>\n"
    b"stream\n/X Do /X Do  \nendstream"
)

PDF: dict[str, Callable[[Make], bytes]] = {
    "bomb": lambda make: make([*TOP, stream(flate(WORDS * 2_000_000, 1), "/FlateDecode"), FONT]),
    "nested bomb": lambda make: make(
        [*TOP, stream(flate(b" " * 100_000_000, 3), "[/FlateDecode /FlateDecode /FlateDecode]"), FONT]
    ),
    "a thousand filters": lambda make: make([*TOP, stream(WORDS, "[" + "/ASCIIHexDecode " * 1000 + "]"), FONT]),
    "page tree in a circle": lambda make: make([TOP[0], b"<< /Type /Pages /Count 1 /Kids [2 0 R] >>", PAGE, FONT]),
    "page tree of a million": lambda make: make(
        [TOP[0], b"<< /Type /Pages /Count 1000000 /Kids [" + b"3 0 R " * 1_000_000 + b"] >>", PAGE, WORDS, FONT]
    ),
    "references in a circle": lambda make: make([TOP[0], b"3 0 R", b"2 0 R", FONT]),
    "table in a circle": lambda make: circular(make([*TOP, stream(WORDS, "[]"), FONT])),
    "deep arrays": lambda make: make([TOP[0], b"[" * 100_000, PAGE, FONT]),
    "form that draws itself": lambda make: make(
        [
            *TOP[:2],
            PAGE.replace(b"/Font", b"/XObject << /X 6 0 R >> /Font"),
            stream(b"/X Do " * 20, "[]"),
            FONT,
            DRAWS_ITSELF,
        ]
    ),
    "images only": lambda make: make([*TOP, stream(b"q 1 0 0 1 0 0 cm Q", "[]"), FONT]),
    "encrypted": lambda make: make([*TOP, stream(WORDS, "[]"), FONT]).replace(
        b"/Root 1 0 R",
        b"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O (" + b"o" * 32 + b") /U (" + b"u" * 32 + b") >> "
        b"/ID [(a) (a)] /Root 1 0 R",
    ),
    "cut off": lambda make: make([*TOP, stream(WORDS, "[]"), FONT])[:200],
    "only a beginning": lambda _: b"%PDF-1.7\n",
    "noise after the beginning": lambda _: b"%PDF-1.7\n" + noise(500_000),
    "empty": lambda _: b"",
    "a page": lambda _: GOOD,
}


@pytest.mark.parametrize("case", PDF)
def test_pdf(reader: Extractor, make_raw_pdf: Make, case: str) -> None:
    """A hostile PDF ends in time with text or an error that names it."""
    survives(reader, PDF[case](make_raw_pdf), "pdf")


def body(inner: bytes) -> bytes:
    """Return a document's main part."""
    return b'<?xml version="1.0"?><w:document xmlns:w="%b"><w:body>%b</w:body></w:document>' % (W.encode(), inner)


DOCX: dict[str, Callable[[Make], bytes]] = {
    "a million empty paragraphs": lambda make: make(document=body(b"<w:p/>" * 1_000_000)),
    "200,000 nested parts": lambda make: make(document=body(b"<w:sdt>" * 200_000 + b"</w:sdt>" * 200_000)),
    "nested tables": lambda make: make(
        document=body(
            b"<w:tbl><w:tr><w:tc>" * 80 + b"<w:p><w:r><w:t>a</w:t></w:r></w:p>" + b"</w:tc></w:tr></w:tbl>" * 80
        )
    ),
    "bomb": lambda make: make(document=body(b" " * 110_000_000)),
    "bomb beside the text": lambda make: make([("", "Text.")], styles=b"<!-- " + b" " * 110_000_000 + b"-->"),
    "billion laughs": lambda make: make(
        document=(
            LAUGHS + f'<w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>&l10;</w:t></w:r></w:p></w:body></w:document>'
        ).encode()
    ),
    "billion laughs in UTF-16": lambda make: make(
        core=('<?xml version="1.0" encoding="utf-16"?>' + LAUGHS + "<a>&l10;</a>").encode("utf-16")
    ),
    "external entity": lambda make: make(
        document=b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + body(b"&x;")[21:]
    ),
    "broken XML": lambda make: make(document=b"<w:document"),
    "no main part": lambda make: make(document=b""),
    "cut off": lambda make: make([("", "Text.")])[:-200],
    "old Word": lambda _: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 1000,
    "empty": lambda _: b"",
    "noise": lambda _: b"PK\x03\x04" + noise(100_000),
}


@pytest.mark.parametrize("case", DOCX)
def test_docx(reader: Extractor, make_docx: Make, case: str) -> None:
    """A hostile Word document ends in time with text or an error that names it."""
    outcome = survives(reader, DOCX[case](make_docx), "docx")
    if isinstance(outcome, Extracted):
        assert "root:" not in outcome.text
        assert "haha" not in outcome.text


def test_zip_of_another_kind(reader: Extractor, make_zip: Make) -> None:
    """A ZIP without a Word document, or with too many parts, is refused."""
    for parts in ({"a.txt": b"text"}, {f"{n}.txt": b"" for n in range(3_000)}):
        assert isinstance(survives(reader, make_zip(parts), "docx"), DocumentError)


def test_zip_that_lies(reader: Extractor, make_docx: Make) -> None:
    """A part that is larger than its entry declares is not read beyond that."""
    data = bytearray(make_docx(document=body(b" " * 5_000_000)))
    directory = data.find(b"PK\x01\x02")
    while directory >= 0:
        struct.pack_into("<I", data, directory + 24, 10)
        directory = data.find(b"PK\x01\x02", directory + 4)
    assert isinstance(survives(reader, bytes(data), "docx"), DocumentError)


@settings(max_examples=60)
@given(
    data=st.one_of(
        st.binary(max_size=300),
        st.binary(max_size=300).map(lambda tail: b"%PDF-1.4\n" + tail),
        st.binary(max_size=300).map(lambda tail: b"PK\x03\x04" + tail),
        st.binary(max_size=300).map(lambda tail: b"<html><body><p>" + tail),
        st.binary(max_size=300).map(gzip.compress),
    ),
    kind=st.sampled_from(KINDS),
    content_type=st.none() | st.text(max_size=30).map(lambda charset: f"text/html; charset={charset}"),
)
def test_any_bytes(extractor: Extractor, data: bytes, kind: Kind, content_type: str | None) -> None:
    """Whatever the bytes are, text comes back or an error that names the document."""
    outcome = outcome_of(extractor, data, kind, content_type)
    if isinstance(outcome, Extracted):
        outcome.text.encode()
        assert outcome.text.strip()
