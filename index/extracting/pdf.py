"""Text, page by page, and metadata of a PDF, by pypdf.

CreationDate is when the file was made: often the day of publication, sometimes that of a later export. It is taken
as published_at with the origin "pdf", which tells whoever has a better date (a feed, a page) to prefer that;
ModDate is modified_at where it is another. A PDF without a layer of text is refused, for its words would have to be
guessed from images.
"""

import logging
from collections.abc import Iterator
from io import BytesIO

from pypdf import PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError, LimitReachedError, PyPdfError

from index.extracting.bylines import clean_authors
from index.extracting.errors import (
    BrokenDocumentError,
    DocumentTooLargeError,
    EmptyDocumentError,
    EncryptedDocumentError,
    ScannedDocumentError,
    WrongKindError,
)
from index.extracting.limits import Limits
from index.extracting.moments import moment_of_pdf
from index.extracting.names import language_code
from index.extracting.printed import join_pages
from index.extracting.records import Extracted
from index.extracting.tidy import field_text

__all__ = ["extract_pdf"]

logging.getLogger("pypdf").setLevel(logging.CRITICAL)

# pypdf raises all of these on files that break the rules
_ON_BROKEN = (PyPdfError, ArithmeticError, AttributeError, AssertionError, LookupError, TypeError, ValueError)
_MARK_WITHIN = 1_024
_NO_TITLES = ("untitled", "microsoft word - ", "slide 1", "powerpoint presentation")
_FILE_NAMES = (".doc", ".docx", ".pdf", ".indd", ".qxd", ".tex", ".dvi", ".odt", ".ps")


def extract_pdf(data: bytes, *, name: str, limits: Limits) -> Extracted:
    """Return the text and metadata of a PDF. Raises DocumentError naming `name`."""
    if not data.strip():
        raise EmptyDocumentError(f"{name}: is empty; there is no PDF to read")
    if b"%PDF-" not in data[:_MARK_WITHIN]:
        raise WrongKindError(f"{name}: is no PDF (it does not begin with %PDF-); add it as what it is")
    try:
        return _read(data, name, limits)
    except LimitReachedError as exc:
        raise DocumentTooLargeError(f"{name}: unpacks to more than is read ({exc}); print it to a new PDF") from exc
    except (DependencyError, FileNotDecryptedError) as exc:
        raise _encrypted(name) from exc
    except RecursionError as exc:
        raise BrokenDocumentError(f"{name}: refers to itself without end; print it to a new PDF") from exc
    except (*_ON_BROKEN, OSError) as exc:
        raise BrokenDocumentError(f"{name}: is damaged or cut off ({_short(exc)}); print it to a new PDF") from exc


def _read(data: bytes, name: str, limits: Limits) -> Extracted:
    reader = PdfReader(BytesIO(data), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        raise _encrypted(name)
    unread: list[int] = []
    printed = list(_pages(reader, limits, unread))
    if unread and not any(page.strip() for page in printed):
        raise BrokenDocumentError(f"{name}: none of its pages can be read; print it to a new PDF")
    if not any(character.isalnum() for page in printed for character in page):
        raise ScannedDocumentError(
            f"{name}: has no text on its {len(printed)} pages, only images; "
            "recognise its text first, for example with `ocrmypdf in.pdf out.pdf`"
        )
    text, pages, warnings = join_pages(printed, limits)
    more = len(reader.pages) - len(printed)
    warnings += [f"{more} pages after the first {len(printed)} left out"] if more else []
    warnings += [f"{len(unread)} pages cannot be read"] if unread else []
    return _with_metadata(reader, Extracted(text=text, pages=pages, warnings=tuple(warnings)))


def _pages(reader: PdfReader, limits: Limits, unread: list[int]) -> Iterator[str]:
    """Yield the text of each page; one that breaks the rules is empty, and put into `unread`."""
    chars = 0
    for number, page in enumerate(reader.pages, start=1):
        if number > limits.pages or chars > limits.text_chars:
            return
        try:
            text = page.extract_text()
        except _ON_BROKEN as exc:
            if isinstance(exc, LimitReachedError):
                raise
            unread.append(number)
            text = ""
        chars += len(text)
        yield text


def _with_metadata(reader: PdfReader, extracted: Extracted) -> Extracted:
    about = reader.metadata
    if about is None:
        return extracted
    fields = {
        "title": _title(about.get("/Title")),
        "author": clean_authors(_text(about.get("/Author")).replace(";", "\n").splitlines()),
        "language": language_code(_text(reader.root_object.get("/Lang"))),
        "published_at": moment_of_pdf(_text(about.get("/CreationDate"))),
        "modified_at": moment_of_pdf(_text(about.get("/ModDate"))),
    }
    if fields["modified_at"] == fields["published_at"]:
        fields["modified_at"] = None
    return extracted.with_metadata({field: ("pdf", value) if value else None for field, value in fields.items()})


def _text(value: object) -> str:
    return str(value) if value is not None else ""


def _title(value: object) -> str | None:
    title = field_text(_text(value)) or ""
    lowered = title.casefold()
    return title if title and not lowered.startswith(_NO_TITLES) and not lowered.endswith(_FILE_NAMES) else None


def _encrypted(name: str) -> EncryptedDocumentError:
    return EncryptedDocumentError(
        f"{name}: needs a password; take it off first, for example with "
        "`qpdf --decrypt --password=PASSWORD in.pdf out.pdf`"
    )


def _short(exc: Exception) -> str:
    return f"{type(exc).__name__}: {' '.join(str(exc).split())[:100]}"
