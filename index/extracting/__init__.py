"""Text and metadata out of HTML, PDF, DOCX and text, read in a process of its own that hostile bytes may take down."""

from index.extracting.errors import DocumentError, ExtractionError, ReaderError
from index.extracting.extractor import Extractor, extract
from index.extracting.limits import Limits
from index.extracting.records import KINDS, Extracted, Kind, PageSpan

__all__ = [
    "KINDS",
    "DocumentError",
    "Extracted",
    "ExtractionError",
    "Extractor",
    "Kind",
    "Limits",
    "PageSpan",
    "ReaderError",
    "extract",
]
