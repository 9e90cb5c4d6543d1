"""Articles out of documents: files of HTML, PDF and Word, and pages of the web."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self

from index.articles import FETCHED, Article, make_article
from index.errors import InvalidArticleError
from index.extracting import Extracted, Extractor, Kind
from index.fetching import Fetched, Fetcher
from index.listings import Entry

__all__ = ["DOCUMENT_SUFFIXES", "Documents", "ReadDocument", "kind_of"]

_KINDS: Mapping[str, Kind] = {
    ".html": "html", ".htm": "html", ".xhtml": "html", ".html.gz": "html.gz", ".pdf": "pdf", ".docx": "docx",
}  # fmt: skip
_TYPES: Mapping[str, Kind] = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "text/plain": "text",
    "text/markdown": "text",
}

_ABOVE_LISTINGS = ("json-ld", "meta")

DOCUMENT_SUFFIXES = tuple(_KINDS)
"""Endings of the files that are read as documents."""


def kind_of(path: Path) -> Kind | None:
    """Return the kind of document that a file's ending tells, or None."""
    name = path.name.lower()
    return next((kind for suffix, kind in _KINDS.items() if name.endswith(suffix)), None)


@dataclass(frozen=True)
class ReadDocument:
    """An article out of a document, and what was dropped, replaced or cut on the way."""

    article: Article
    warnings: tuple[str, ...]


class Documents:
    """Read documents. It holds the process that takes them apart, and what fetching remembers, until it is closed.

    Every method raises InvalidArticleError, ExtractionError or FetchError, naming the document and the remedy.
    """

    def __init__(self, fetcher: Fetcher | None = None) -> None:
        self._extractor = Extractor()
        self._fetcher = fetcher or Fetcher()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process that reads documents."""
        self._extractor.close()

    def file(self, data: bytes, kind: Kind, *, place: str, relative: str, source: str, max_bytes: int) -> ReadDocument:
        """Return the article of a file's bytes; `relative` is its path below the folder that was added."""
        found = self._extractor.extract(data, kind, name=place)
        return _read(found, {}, place=place, path=relative, source=source, max_bytes=max_bytes)

    def page(self, url: str, *, max_bytes: int) -> ReadDocument:
        """Fetch a page, and return its article, which is known by its canonical address."""
        return self.read_page(self.fetch(url), max_bytes=max_bytes)

    def fetch(self, url: str, *, etag: str | None = None, last_modified: str | None = None) -> Fetched:
        """Fetch an address, in any thread; only if it has changed where it is said what an earlier fetch gave."""
        return self._fetcher.fetch(url, etag=etag, last_modified=last_modified)

    def read_page(self, fetched: Fetched, *, max_bytes: int, entry: Entry | None = None) -> ReadDocument:
        """Return the article of a page; `entry` is what the feed or sitemap said of it, which led there."""
        kind = _TYPES.get(fetched.content_type or "")
        if kind is None:
            raise InvalidArticleError(f"{fetched.url}: is {fetched.content_type}; give the address of an article")
        found = self._extractor.extract(fetched.body, kind, url=fetched.url, content_type=_header(fetched))
        found = _with_entry(found, entry) if entry else found
        fields = {"url": found.canonical_url or fetched.url, "fetched_at": fetched.fetched_at}
        read = _read(found, fields, place=fetched.url, path=None, source=fetched.url, max_bytes=max_bytes)
        if not fetched.redirects:
            return read
        origins = {**read.article.origins, "redirects": " ".join(fetched.redirects)}
        return replace(read, article=replace(read.article, origins=origins))


def _header(fetched: Fetched) -> str | None:
    """Return the type of what was fetched with the charset that the server told."""
    return f"{fetched.content_type}; charset={fetched.charset}" if fetched.charset else fetched.content_type


def _with_entry(found: Extracted, entry: Entry) -> Extracted:
    """Fill in what a listing says: dates before those that only the page's body shows, the rest where it is missing.

    The order of trust is that of `index.extracting.metadata`: JSON-LD, meta, the listing, the body, the address.
    """
    chosen = {name: getattr(entry, name) for name in ("title", "author") if getattr(found, name) is None}
    for name in ("published_at", "modified_at"):
        if found.origins.get(name) not in _ABOVE_LISTINGS:
            chosen[name] = getattr(entry, name)
    said = {name: value for name, value in chosen.items() if value}
    return replace(found, **said, origins={**found.origins, **dict.fromkeys(said, entry.origin)})


def _read(
    found: Extracted, fields: Mapping[str, str], *, place: str, path: str | None, source: str, max_bytes: int
) -> ReadDocument:
    if len(found.text.encode("utf-8", "surrogatepass")) > max_bytes:
        raise InvalidArticleError(
            f"{place}: holds more than {max_bytes:,} bytes of text; "
            "cut it into several articles, or raise PULLQUOTE_MAX_ARTICLE_BYTES"
        )
    names = ("text", "title", "author", "outlet", "language", "published_at", "modified_at")
    own = {name: getattr(found, name) for name in names}
    pages = [(page.number, page.start) for page in found.pages]
    article = make_article(
        {"url": found.canonical_url, **own, **fields},
        place=place,
        path=path,
        source=source,
        origin=FETCHED,
        pages=pages,
    )
    origins = {**article.origins, **{name: found.origins[name] for name in article.origins if name in found.origins}}
    if article.url and "canonical_url" in found.origins:
        origins["url"] = found.origins["canonical_url"]
    return ReadDocument(replace(article, origins=origins), found.warnings)
