"""What an extraction gives, and how it travels from the reading process as plain JSON."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal, get_args

__all__ = ["FIELDS", "KINDS", "Extracted", "Kind", "PageSpan"]

Kind = Literal["html", "html.gz", "pdf", "docx", "text"]
"""Kinds of documents: an HTML page, one packed by gzip, a PDF, a Word document, plain text."""

KINDS: tuple[Kind, ...] = get_args(Kind)
"""All kinds."""

FIELDS = ("title", "author", "outlet", "language", "published_at", "modified_at", "canonical_url")
"""Names of the metadata, each of which has an origin where it has a value."""


@dataclass(frozen=True)
class PageSpan:
    """A page of a PDF, counted from 1, and the span [start, end) of its text in code points."""

    number: int
    start: int
    end: int


@dataclass(frozen=True)
class Extracted:
    """Text and metadata of one document.

    `text` is NFC with paragraphs parted by a blank line; headings, list items and rows of tables are paragraphs.
    Dates are what `index.dates` takes, at the precision given. `origins` names where each field that has a value was
    read, such as {"published_at": "json-ld"}. `pages` is empty but for a PDF. `warnings` say what was dropped,
    replaced or cut, with its number.
    """

    text: str
    title: str | None = None
    author: str | None = None
    outlet: str | None = None
    language: str | None = None
    published_at: str | None = None
    modified_at: str | None = None
    canonical_url: str | None = None
    origins: Mapping[str, str] = field(default_factory=dict)
    pages: tuple[PageSpan, ...] = ()
    warnings: tuple[str, ...] = ()

    def with_metadata(self, chosen: Mapping[str, tuple[str, str] | None]) -> "Extracted":
        """Return a copy with these values, each of which is given as (origin, value)."""
        values = {field: choice[1] for field, choice in chosen.items() if choice}
        return replace(
            self,
            title=values.get("title"),
            author=values.get("author"),
            outlet=values.get("outlet"),
            language=values.get("language"),
            published_at=values.get("published_at"),
            modified_at=values.get("modified_at"),
            canonical_url=values.get("canonical_url"),
            origins={field: choice[0] for field, choice in chosen.items() if choice},
        )

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON without the text, which travels beside it."""
        return {name: value for name, value in asdict(self).items() if name != "text"}

    @classmethod
    def from_json(cls, fields: Mapping[str, Any], text: str) -> "Extracted":
        """Build from what `to_json` returned, and the text."""
        metadata = {name: None if fields[name] is None else str(fields[name]) for name in FIELDS}
        pages = tuple(PageSpan(int(page["number"]), int(page["start"]), int(page["end"])) for page in fields["pages"])
        origins = {str(name): str(origin) for name, origin in fields["origins"].items()}
        warnings = tuple(str(warning) for warning in fields["warnings"])
        return cls(text=text, **metadata, origins=origins, pages=pages, warnings=warnings)
