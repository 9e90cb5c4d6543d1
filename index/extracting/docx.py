"""Text and metadata of a Word document, by python-docx.

Read are paragraphs, headings, list items and tables of the body, with insertions and without deletions that were
tracked; not text boxes, notes, heads and feet. `created` is when the file was made: published_at with the origin
"docx", a weak date as in a PDF; `modified` is modified_at where it is another. python-docx parses with
resolve_entities off, and `archives` lets no document with a declaration of entities come so far.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO

from docx import Document
from docx.document import Document as DocumentObject
from docx.opc.coreprops import CoreProperties
from docx.oxml.ns import qn
from lxml.etree import _Element  # type: ignore[import-untyped]

from index.extracting.archives import check_archive
from index.extracting.blocks import row_text
from index.extracting.bylines import clean_authors
from index.extracting.errors import BrokenDocumentError, EmptyDocumentError, EncryptedDocumentError, WrongKindError
from index.extracting.limits import Limits
from index.extracting.moments import moment
from index.extracting.names import language_code
from index.extracting.records import Extracted
from index.extracting.texts import finished
from index.extracting.tidy import field_text, paragraph_text

__all__ = ["extract_docx"]

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"
_P, _TBL, _TR, _TC, _SDT, _SDT_CONTENT = map(qn, ("w:p", "w:tbl", "w:tr", "w:tc", "w:sdt", "w:sdtContent"))
_TEXT = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
_T = qn("w:t")
_NOT_READ = frozenset(
    {
        qn("w:del"),
        qn("w:moveFrom"),
        qn("w:pPr"),
        qn("w:rPr"),
        qn("w:drawing"),
        qn("w:pict"),
        qn("w:object"),
        "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent",
    }
)
_WRAPPERS = frozenset({_SDT, _SDT_CONTENT, qn("w:customXml"), qn("w:ins"), qn("w:body")})


def extract_docx(data: bytes, *, name: str, limits: Limits) -> Extracted:
    """Return the text and metadata of a Word document. Raises DocumentError naming `name`."""
    if not data:
        raise EmptyDocumentError(f"{name}: is empty; there is no document to read")
    if data.startswith(_OLE):
        raise EncryptedDocumentError(
            f"{name}: needs a password, or is an old .doc; save it as .docx without a password"
        )
    if not data.startswith(_ZIP):
        raise WrongKindError(f"{name}: is no Word document (.docx); add it as what it is")
    check_archive(data, name=name, limits=limits)
    try:
        document = Document(BytesIO(data))
        text, cut = finished(_paragraphs(document.element.body), name, limits)
        return _extracted(document, text, cut)
    except (EmptyDocumentError, MemoryError):
        raise
    except Exception as exc:
        # what python-docx raises for a ZIP that is no document, or one that breaks the rules, is of no common class
        raise _broken(name, exc) from exc


def _broken(name: str, exc: Exception) -> BrokenDocumentError:
    said = " ".join(f"{type(exc).__name__}: {exc}".split())[:150]
    return BrokenDocumentError(f"{name}: is no Word document that can be read ({said}); save it again with Word")


def _paragraphs(body: _Element) -> Iterator[str]:
    """Yield the paragraphs and rows below `body`, in their order and without recursion."""
    waiting = [iter(body)]
    while waiting:
        element = next(waiting[-1], None)
        if element is None:
            waiting.pop()
        elif element.tag == _P:
            if len(element) and (text := paragraph_text(_text(element))):
                yield text
        elif element.tag == _TBL:
            yield from _rows(element)
        elif element.tag in _WRAPPERS:
            waiting.append(iter(element))


def _rows(table: _Element) -> Iterator[str]:
    for row in table.iter(_TR):
        if next(row.iterancestors(_TBL)) is table:
            cells = [
                " ".join(_text(paragraph) for paragraph in cell.iter(_P)) for cell in row.iter(_TC) if _of(cell, row)
            ]
            if text := row_text(cells):
                yield text


def _of(cell: _Element, row: _Element) -> bool:
    return next(cell.iterancestors(_TR)) is row


def _text(paragraph: _Element) -> str:
    """Return the text of a paragraph, with that of its links and insertions."""
    pieces: list[str] = []
    waiting = [iter(paragraph)]
    while waiting:
        element = next(waiting[-1], None)
        if element is None:
            waiting.pop()
        elif element.tag == _T:
            pieces.append(element.text or "")
        elif element.tag in _TEXT:
            pieces.append(_TEXT[element.tag])
        elif element.tag not in _NOT_READ:
            waiting.append(iter(element))
    return "".join(pieces)


def _extracted(document: DocumentObject, text: str, cut: tuple[str, ...]) -> Extracted:
    about = document.core_properties
    created, modified = _date(about, "created"), _date(about, "modified")
    author = clean_authors(about.author.replace(";", "\n").splitlines())
    fields = {
        "title": field_text(about.title) or _styled_title(document),
        "author": author if author != "python-docx" else None,
        "language": language_code(about.language),
        "published_at": created,
        "modified_at": modified if modified != created else None,
    }
    choices = {field: ("docx", value) if value else None for field, value in fields.items()}
    return Extracted(text=text, warnings=cut).with_metadata(choices)


def _styled_title(document: DocumentObject) -> str | None:
    first = next(document.element.body.iterchildren(_P), None)
    style = first.find(f"{qn('w:pPr')}/{qn('w:pStyle')}") if first is not None else None
    return (
        field_text(_text(first))
        if style is not None and style.get(qn("w:val")) in ("Title", "Titel", "Titre")
        else None
    )


def _date(about: CoreProperties, name: str) -> str | None:
    value = getattr(about, name, None)
    if not isinstance(value, datetime):
        return None
    return moment(value.replace(tzinfo=value.tzinfo or UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
