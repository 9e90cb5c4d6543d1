from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO

import docx
import pytest

from index.extracting import Extracted, Limits
from index.extracting.docx import extract_docx
from index.extracting.errors import BrokenDocumentError, DocumentTooLargeError

MakeDocx = Callable[..., bytes]
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def read(data: bytes, limits: Limits | None = None) -> Extracted:
    """Extract a Word document."""
    return extract_docx(data, name="paper.docx", limits=limits or Limits())


def body(inner: str) -> bytes:
    """Return a main part."""
    return f'<?xml version="1.0"?><w:document xmlns:w="{W}"><w:body>{inner}</w:body></w:document>'.encode()


def test_paragraphs_in_their_order(make_docx: MakeDocx) -> None:
    """Headings, paragraphs, list items and rows of tables are paragraphs, in the order of the document."""
    written = [("Heading 1", "What changes"), ("", "Ferries sail."), ("List Bullet", "One item"), ("", "")]
    text = read(make_docx(written, table=[["Port", "Hour"], ["North Quay", "7:30"]])).text
    assert text.split("\n\n") == ["What changes", "Ferries sail.", "One item", "Port | Hour", "North Quay | 7:30"]


def test_metadata() -> None:
    """Title, author, language and dates are those of the file, and say so."""
    made = docx.Document()
    made.add_paragraph("Text.")
    about = made.core_properties
    about.title, about.author, about.language = "Ferry report", "Ada Byron; Grace Murray", "en-GB"
    about.created, about.modified = datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC), datetime(2021, 1, 2, tzinfo=UTC)
    out = BytesIO()
    made.save(out)
    found = read(out.getvalue())
    assert (found.title, found.author, found.language) == ("Ferry report", "Ada Byron, Grace Murray", "en")
    assert (found.published_at, found.modified_at) == ("2020-01-02T03:04:05Z", "2021-01-02T00:00:00Z")
    assert set(found.origins.values()) == {"docx"}


def test_the_title_in_the_text(make_docx: MakeDocx) -> None:
    """A document whose properties have no title has the one that it begins with."""
    assert read(make_docx([("Title", "Ferry report"), ("", "Text.")])).title == "Ferry report"


def test_tracked_changes_links_and_wrappers(make_docx: MakeDocx) -> None:
    """Insertions, links and what content controls wrap are text; deletions are not."""
    inner = (
        "<w:p><w:r><w:t>One</w:t><w:tab/><w:t>two</w:t><w:br/><w:t>three</w:t></w:r>"
        "<w:ins><w:r><w:t xml:space='preserve'> four</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>gone</w:delText></w:r></w:del><w:hyperlink><w:r><w:t xml:space='preserve'> five</w:t>"
        "</w:r></w:hyperlink></w:p><w:sdt><w:sdtContent><w:p><w:r><w:t>Six</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    )
    assert read(make_docx(document=body(inner))).text == "One two\nthree four five\n\nSix"


def test_a_table_within_a_table(make_docx: MakeDocx) -> None:
    """A table within a cell is text of that cell, once."""
    cell = "<w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p>{}</w:tc>"
    inner = f"<w:tbl><w:tr>{cell.format('inner', '')}</w:tr></w:tbl>"
    outer = f"<w:tbl><w:tr>{cell.format('left', inner)}{cell.format('right', '')}</w:tr></w:tbl>"
    assert read(make_docx(document=body(outer))).text == "left inner | right"


def test_declarations_are_refused(make_docx: MakeDocx) -> None:
    """XML that declares entities is refused before it is parsed."""
    declared = (
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + body("<w:p><w:r><w:t>&x;</w:t></w:r></w:p>")[21:]
    )
    with pytest.raises(BrokenDocumentError, match="declares types or entities"):
        read(make_docx(document=declared))


def test_bombs(make_docx: MakeDocx) -> None:
    """A document that unpacks to more than it may is refused, by what it declares."""
    with pytest.raises(DocumentTooLargeError, match="unpacks to more than 1,000,000 bytes"):
        read(make_docx(document=body(" " * 2_000_000)), Limits(archive_bytes=1_000_000))


def test_text_is_cut(make_docx: MakeDocx) -> None:
    """Text beyond the limit is cut at a paragraph, and the cut is counted."""
    found = read(make_docx([("", "One."), ("", "Two."), ("", "Three.")]), Limits(text_chars=8))
    assert found.text == "One."
    assert found.warnings == ("2 paragraphs after the first 8 characters cut off",)
