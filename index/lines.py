"""JSON lines: one article an object, one object a line."""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from index.articles import FIELDS, Article, make_article
from index.errors import IndexingError, InvalidArticleError

__all__ = ["Failed", "Read", "decode", "read_lines", "shown_path"]

_CHUNK_BYTES = 1 << 16


@dataclass(frozen=True)
class Read:
    """An article that was read, which unknown fields of its source were ignored, and what else was dropped or cut.

    `key` stands for the file that it was read from, where that holds nothing else.
    """

    article: Article
    ignored: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    key: str | None = None


@dataclass(frozen=True)
class Failed:
    """An input that gave no article, and why."""

    place: str
    reason: str
    error: IndexingError | None = field(default=None, compare=False)


def read_lines(
    stream: BinaryIO, *, place: str, source: str, path: str | None, max_bytes: int
) -> Iterator[Read | Failed]:
    """Yield the articles of a stream; `path` with the line's number makes the ids that are not given.

    A line that is no article is a failure among the results.
    """
    number = 0
    while line := stream.readline(max_bytes + 1):
        number += 1
        if len(line) > max_bytes and not line.endswith(b"\n"):
            _skip_line(stream)
        elif not line.strip():
            continue
        at = f"{place}, line {number}"
        try:
            yield _read_line(decode(line, at, max_bytes), at, source, f"{path}#{number}" if path else None)
        except IndexingError as exc:
            yield Failed(at, str(exc), exc)


def _skip_line(stream: BinaryIO) -> None:
    while (rest := stream.readline(_CHUNK_BYTES)) and not rest.endswith(b"\n"):
        pass


def _read_line(line: str, place: str, source: str, path: str | None) -> Read:
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError) as exc:
        raise InvalidArticleError(
            f"{place}: is not JSON ({exc}); write one article an object, one object a line"
        ) from exc
    if not isinstance(fields, Mapping):
        raise InvalidArticleError(f"{place}: must be a JSON object with at least `text`, not {type(fields).__name__}")
    article = make_article(fields, place=place, path=path, source=source, origin="JSON lines")
    return Read(article, tuple(name for name in fields if name not in FIELDS))


def shown_path(path: Path) -> str:
    """Return a path as text that can be stored and printed; bytes that are not UTF-8 become question marks."""
    return os.fsencode(path).decode("utf-8", "replace")


def decode(raw: bytes, place: str, max_bytes: int) -> str:
    """Return UTF-8 as text. Raises InvalidArticleError, naming `place`, for too many bytes and for what is no text."""
    if len(raw) > max_bytes:
        raise InvalidArticleError(
            f"{place}: is larger than {max_bytes:,} bytes; "
            "cut it into several articles, or raise PULLQUOTE_MAX_ARTICLE_BYTES"
        )
    if b"\x00" in raw:
        raise InvalidArticleError(f"{place}: is binary (it contains NUL bytes); only text is read")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        raise InvalidArticleError(
            f"{place}: is not UTF-8 (byte {exc.start}); convert it, for example with `iconv -f latin1 -t utf-8`"
        ) from exc
