r"""Articles: what is stored, how an id is made, and what is refused.

An article's canonical text is NFC with `\n` newlines and is never changed after that: every offset
in the system counts code points of it.
"""

import hashlib
import json
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from index.dates import check_date
from index.errors import AddressError, InvalidArticleError
from index.language import detect_language
from index.urls import normalise_url

__all__ = [
    "FETCHED",
    "FIELDS",
    "Article",
    "canonical_text",
    "check_id",
    "check_size",
    "derived_id",
    "is_id",
    "make_article",
]

FIELDS = (
    "id",
    "text",
    "url",
    "title",
    "author",
    "outlet",
    "language",
    "published_at",
    "modified_at",
    "fetched_at",
)
"""Names of the fields that an input may carry."""

FETCHED = "fetch"
"""Origin of what fetching itself told: when it was done."""

_ID = re.compile(r"(?!\.{1,2}$)[A-Za-z0-9._:#~-]{1,128}")
_DATES = ("published_at", "modified_at", "fetched_at")
_METADATA = ("url", "title", "author", "outlet", "language", *_DATES)
_MAX_METADATA_CHARS = 2_000


@dataclass(frozen=True)
class Article:
    """One article as stored. Dates are ISO 8601 at the precision given; `origins` says where each came from.

    `pages` are those of a printed document that have text, in order: each its number, counted from 1, and where in
    `text` it begins.
    """

    id: str
    text: str
    url: str | None = None
    title: str | None = None
    author: str | None = None
    outlet: str | None = None
    language: str | None = None
    published_at: str | None = None
    modified_at: str | None = None
    fetched_at: str | None = None
    source: str | None = None
    origins: Mapping[str, str] = field(default_factory=dict)
    pages: tuple[tuple[int, int], ...] = ()

    @property
    def version(self) -> str:
        """Return the SHA-256 of the canonical text, in hexadecimal."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def meta_version(self) -> str:
        """Return the SHA-256 of the metadata, in hexadecimal.

        Where it was read from does not count, and neither does when a page was fetched: that changes with every look.
        """
        looked_at = ("fetched_at",) if self.origins.get("fetched_at") == FETCHED else ()
        values = [None if name in looked_at else getattr(self, name) for name in _METADATA]
        pages = [self.pages] if self.pages else []
        metadata = json.dumps([*values, *pages], ensure_ascii=False)
        return hashlib.sha256(metadata.encode()).hexdigest()

    def page_at(self, start: int) -> int | None:
        """Return the number of the page on which the character at `start` stands, None where there are no pages."""
        place = bisect_right(self.pages, start, key=_start)
        return self.pages[place - 1][0] if place else None


def canonical_text(raw: str, place: str) -> str:
    r"""Return `raw` as NFC with `\n` newlines and without a byte order mark.

    Raises InvalidArticleError, naming `place`, for text that is empty, holds no letter or digit, a NUL, or a
    lone surrogate (half a character, which no encoding can store).
    """
    if "\x00" in raw:
        raise InvalidArticleError(f"{place}: contains NUL bytes, so it is not text; convert it to text first")
    if re.search("[\ud800-\udfff]", raw):
        raise InvalidArticleError(f"{place}: contains a lone surrogate (half a character); save it again as UTF-8")
    newlines = raw.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    text = unicodedata.normalize("NFC", newlines)
    if not text.strip():
        raise InvalidArticleError(f"{place}: is empty; an article needs text")
    if not any(character.isalnum() for character in text):
        raise InvalidArticleError(f"{place}: holds no sentence (not one letter or digit); an article needs text")
    return text


def is_id(article_id: str) -> bool:
    """Tell whether an article could have this id; `.` and `..` mean something else in a web address."""
    return _ID.fullmatch(article_id) is not None


def check_id(article_id: str) -> str:
    """Return a given id unchanged. Raises InvalidArticleError with the rule where it breaks it."""
    if not is_id(article_id):
        raise InvalidArticleError(
            f"the id {article_id[:140]!r} is not allowed; use 1 to 128 of A-Z a-z 0-9 . _ : # ~ - (and not dots alone)"
        )
    return article_id


def check_size(text: str, *, max_bytes: int, place: str) -> None:
    """Raise InvalidArticleError, naming `place` and the remedy, for a text of more than `max_bytes` of UTF-8."""
    if len(text.encode("utf-8", "surrogatepass")) > max_bytes:
        raise InvalidArticleError(
            f"{place}: is larger than {max_bytes:,} bytes; "
            "cut it into several articles, or raise PULLQUOTE_MAX_ARTICLE_BYTES"
        )


def derived_id(key: str) -> str:
    """Return the id made from an article's URL in its one form (`normalise_url`), or from its relative path."""
    return hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()[:16]


def make_article(
    fields: Mapping[str, object],
    *,
    place: str,
    path: str | None = None,
    source: str | None = None,
    origin: str = "given",
    pages: Sequence[tuple[int, int]] = (),
) -> Article:
    """Build an article from untrusted `fields` (names of FIELDS; others are ignored).

    `place` names the input in errors, `path` (relative to the added root) makes the id where neither an id nor a
    URL is given, `source` and `origin` say where the article and its dates came from. An id made from a path has the
    origin "path". `pages` are kept where `text` is canonical already, so that they begin where they are said to.
    Raises InvalidArticleError naming the place, the field and the remedy.
    """
    metadata = {name: _string(fields.get(name), name, place) for name in ("id", *_METADATA)}
    raw = fields.get("text")
    if not isinstance(raw, str):
        raise InvalidArticleError(f"{place}: `text` must be a string, not {type(raw).__name__}")
    text = canonical_text(raw, place)
    for name in _DATES:
        value = metadata[name]
        if value is not None:
            metadata[name] = check_date(value, name=name, place=place)
    url = _url(metadata["url"], place)
    origins = {name: origin for name in _DATES if metadata[name]}
    if path is not None and not (metadata["id"] or url):
        origins["id"] = "path"
    return Article(
        id=_article_id(metadata.pop("id"), url, path, place),
        text=text,
        **{**metadata, "url": url, "language": metadata["language"] or detect_language(text)},
        source=source,
        origins=origins,
        pages=tuple(sorted(pages, key=_start)) if text == raw else (),
    )


def _start(page: tuple[int, int]) -> int:
    return page[1]


def _article_id(given: str | None, url: str | None, path: str | None, place: str) -> str:
    if given is not None:
        try:
            return check_id(given)
        except InvalidArticleError as exc:
            raise InvalidArticleError(f"{place}: {exc}") from exc
    key = url or path
    if key is None:
        raise InvalidArticleError(f"{place}: needs an `id` or a `url`")
    return derived_id(key)


def _url(url: str | None, place: str) -> str | None:
    if url is None:
        return None
    try:
        canonical = normalise_url(url)
    except AddressError as exc:
        raise InvalidArticleError(f"{place}: `url`: {exc}") from exc
    if len(canonical) > _MAX_METADATA_CHARS:
        raise InvalidArticleError(f"{place}: `url` has more than {_MAX_METADATA_CHARS} characters when it is escaped")
    return canonical


def _string(value: object, name: str, place: str) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise InvalidArticleError(f"{place}: `{name}` must be a string, not {type(value).__name__}")
    if re.search("[\x00\ud800-\udfff]", value):
        raise InvalidArticleError(f"{place}: `{name}` contains a NUL or half a character; write it again as UTF-8")
    if len(value) > _MAX_METADATA_CHARS:
        raise InvalidArticleError(
            f"{place}: `{name}` has {len(value)} characters; at most {_MAX_METADATA_CHARS} are kept"
        )
    return unicodedata.normalize("NFC", value).strip() or None
