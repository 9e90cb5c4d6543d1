"""One document of any kind to its text: what runs in the reading process."""

from index.extracting.archives import gunzip
from index.extracting.docx import extract_docx
from index.extracting.html import extract_html
from index.extracting.limits import Limits
from index.extracting.pdf import extract_pdf
from index.extracting.records import Extracted, Kind
from index.extracting.texts import extract_text

__all__ = ["extract_here"]


def extract_here(
    data: bytes, kind: Kind, *, name: str, url: str | None, content_type: str | None, limits: Limits
) -> Extracted:
    """Return what `data` holds, read in this very process, which hostile data may take down.

    Raises DocumentError naming `name`.
    """
    if kind == "html.gz":
        data, kind = gunzip(data, name=name, limits=limits), "html"
    if kind == "html":
        return extract_html(data, name=name, url=url, content_type=content_type, limits=limits)
    if kind == "pdf":
        return extract_pdf(data, name=name, limits=limits)
    if kind == "docx":
        return extract_docx(data, name=name, limits=limits)
    return extract_text(data, name=name, content_type=content_type, limits=limits)
