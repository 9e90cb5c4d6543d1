import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.extracting.charset import decode

TEXT = "Grüße aus Köln, naïve Café"


def page(charset: str) -> bytes:
    """Return a page that declares a charset, before text that is written in it."""
    return f'<html><head><meta charset="{charset}"></head><body>{TEXT}</body></html>'.encode(charset)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_mark_counts_most(encoding: str) -> None:
    """A byte order mark is believed before a header that says otherwise."""
    assert decode(TEXT.encode(encoding), content_type="text/html; charset=latin-1").text == TEXT


def test_the_header_before_the_page() -> None:
    """The charset of the header is believed before that of the page."""
    data = page("iso-8859-15").replace(b"iso-8859-15", b"iso-8859-5")
    assert TEXT in decode(data, content_type='text/html; charset="ISO-8859-15"', html=True).text


@pytest.mark.parametrize("charset", ["windows-1252", "iso-8859-1", "utf-8"])
def test_the_page_declares(charset: str) -> None:
    """Without a header, the page's own declaration counts."""
    found = decode(page(charset), html=True)
    assert TEXT in found.text
    assert found.replaced == 0


def test_a_declaration_that_does_not_fit() -> None:
    """A declared charset in which the bytes are not valid is passed over for UTF-8 that is."""
    assert decode(TEXT.encode(), content_type="text/html; charset=ascii").encoding == "cp1252"
    assert decode("漢字".encode(), content_type="text/html; charset=shift_jis").text == "漢字"


@pytest.mark.parametrize("label", ["zlib_codec", "rot13", "idna", "x-none", "utf-7\x00", "a" * 99])
def test_labels_that_are_no_charset(label: str) -> None:
    """A label of something that is no charset is ignored."""
    assert decode(TEXT.encode(), content_type=f"text/html; charset={label}").text == TEXT


def test_nothing_declared() -> None:
    """Without a declaration valid UTF-8 is UTF-8, and other bytes are guessed."""
    assert decode(TEXT.encode()).encoding == "utf-8"
    russian = "Министерство сообщило о начале переговоров между двумя странами. " * 8
    assert decode(russian.encode("cp1251")).text == russian


def test_what_cannot_be_read_is_counted() -> None:
    """Bytes that fit nothing become a mark, and are counted."""
    found = decode(codecs.BOM_UTF8 + b"ab\xff\xfecd")
    assert found.text == "ab\ufffd\ufffdcd"
    assert found.replaced == 2


@given(st.binary(), st.none() | st.text(), st.booleans())
def test_any_bytes(data: bytes, content_type: str | None, html: bool) -> None:
    """Whatever the bytes are, text comes back."""
    decode(data, content_type=content_type, html=html)
