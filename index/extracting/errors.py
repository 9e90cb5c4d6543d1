"""Errors of extraction.

ExtractionError                   an IndexingError
├── DocumentError                 this document gives no text; the next one may
│   ├── EmptyDocumentError        it holds no text
│   ├── WrongKindError            it is not of the kind that was said
│   ├── BrokenDocumentError       it is cut off, damaged, or breaks the rules of its format
│   ├── EncryptedDocumentError    it needs a password
│   ├── ScannedDocumentError      it holds images of text only
│   ├── DocumentTooLargeError     it is larger, packed or unpacked, than is read
│   ├── DocumentTooSlowError      reading it took longer than it may
│   └── DocumentTooHungryError    reading it took more memory than it may, or ended the reader
└── ReaderError                   the reading process lacks a library, or answers with nonsense
    └── ReaderDownError           it cannot be started now, whatever the document
"""

from index.errors import IndexingError

__all__ = [
    "BrokenDocumentError",
    "DocumentError",
    "DocumentTooHungryError",
    "DocumentTooLargeError",
    "DocumentTooSlowError",
    "EmptyDocumentError",
    "EncryptedDocumentError",
    "ExtractionError",
    "ReaderDownError",
    "ReaderError",
    "ScannedDocumentError",
    "WrongKindError",
    "error_of_code",
]


class ExtractionError(IndexingError):
    """Anything that extraction refuses or cannot do; the message names the document and the remedy."""


class DocumentError(ExtractionError):
    """This document gives no text; others are not affected."""


class EmptyDocumentError(DocumentError):
    """The document holds no text."""


class WrongKindError(DocumentError):
    """The document is not of the kind that was said."""


class BrokenDocumentError(DocumentError):
    """The document is cut off, damaged, or breaks the rules of its format."""


class EncryptedDocumentError(DocumentError):
    """The document needs a password."""


class ScannedDocumentError(DocumentError):
    """The document holds images of text, and no text."""


class DocumentTooLargeError(DocumentError):
    """The document is larger, packed or unpacked, than is read."""


class DocumentTooSlowError(DocumentError):
    """Reading the document took longer than it may."""


class DocumentTooHungryError(DocumentError):
    """Reading the document took more memory than it may, or ended the reading process."""


class ReaderError(ExtractionError):
    """The reading process lacks a library, or answers with nonsense."""


class ReaderDownError(ReaderError):
    """The reading process cannot be started now, for want of memory, say; no document is at fault."""


def error_of_code(code: str) -> type[ExtractionError]:
    """Return the class that travels between the processes as `code`, its name; DocumentError for an unknown one."""
    known: tuple[type[ExtractionError], ...] = (*DocumentError.__subclasses__(), ReaderError)
    return {found.__name__: found for found in known}.get(code, DocumentError)
