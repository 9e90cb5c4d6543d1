"""Articles out of files: text, Markdown with front matter, JSON lines, documents, and folders of them.

A file that cannot be read is a failure among the results; it never stops the others.
"""

import contextlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from index.articles import FIELDS, Article, make_article
from index.documents import DOCUMENT_SUFFIXES, Documents, kind_of
from index.errors import IndexingError, InvalidArticleError
from index.extracting import Kind
from index.markdown import first_heading, plain_text, split_front_matter

__all__ = [
    "LINE_SUFFIXES",
    "SUFFIXES",
    "Failed",
    "Read",
    "Skipped",
    "count_articles",
    "read_articles",
    "read_bytes",
    "read_page",
]

SUFFIXES = (".txt", ".md", ".markdown", ".jsonl", ".ndjson", *DOCUMENT_SUFFIXES)
"""Endings of the files that are read."""

LINE_SUFFIXES = (".jsonl", ".ndjson")
"""Endings of the files that hold an article a line."""

_CHUNK_BYTES = 1 << 16
_DOCUMENT_BYTES = 20_000_000  # with all its markup


@dataclass(frozen=True)
class Read:
    """An article that was read, which unknown fields of its source were ignored, and what else was dropped or cut."""

    article: Article
    ignored: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Failed:
    """An input that gave no article, and why."""

    place: str
    reason: str
    error: IndexingError | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Skipped:
    """A file in a folder whose kind is not read."""

    place: str


def read_articles(
    path: Path, *, max_bytes: int, documents: Documents | None = None
) -> Iterator[Read | Failed | Skipped]:
    """Yield what is found at `path`, in the order of names; one article takes at most `max_bytes`.

    Hidden files and folders are passed over. Links are followed for files named directly, not within folders.
    `documents` reads HTML, PDF and Word; where it is not given, a reader is made for this path.
    """
    with contextlib.nullcontext(documents) if documents else Documents() as reader:
        yield from _read_path(path, max_bytes, reader)


def read_page(url: str, *, max_bytes: int, documents: Documents) -> Read | Failed:
    """Return the article at a web address."""
    try:
        found = documents.page(url, max_bytes=max_bytes)
    except IndexingError as exc:
        return Failed(url, str(exc), exc)
    return Read(found.article, warnings=found.warnings)


def _read_path(path: Path, max_bytes: int, documents: Documents) -> Iterator[Read | Failed | Skipped]:
    if not os.path.exists(path):  # noqa: PTH110  (false, not an error, for a name that is too long)
        yield Failed(_shown(path), f"{_shown(path)}: there is no such file or folder")
    elif path.is_dir():
        unreadable: list[OSError] = []
        for file in _files(path, unreadable):
            if _is_read(file):
                yield from _read_file(file, file.relative_to(path).as_posix(), max_bytes, documents)
            else:
                yield Skipped(_shown(file))
        for error in unreadable:
            place = _shown(Path(error.filename))
            yield Failed(place, f"{place}: cannot be read ({error.strerror})")
    elif not path.is_file():
        yield Failed(_shown(path), f"{_shown(path)}: is neither a file nor a folder")
    elif not _is_read(path):
        yield Failed(
            _shown(path), f"{_shown(path)}: files of this kind are not read; known endings are {' '.join(SUFFIXES)}"
        )
    else:
        yield from _read_file(path, path.name, max_bytes, documents)


def count_articles(path: Path) -> int:
    """Return about how many articles `read_articles` will find, for a progress bar; reads no more than line ends."""
    files = _files(path, []) if os.path.isdir(path) else [path]  # noqa: PTH112  (false for a name that is too long)
    return sum(_count(file) for file in files if _is_read(file))


def _is_read(file: Path) -> bool:
    return file.name.lower().endswith(SUFFIXES)


def _count(file: Path) -> int:
    if file.suffix.lower() not in LINE_SUFFIXES:
        return 1
    try:
        with file.open("rb") as stream:
            return sum(1 for line in stream if line.strip())
    except OSError:
        return 1


def _files(folder: Path, unreadable: list[OSError]) -> Iterator[Path]:
    """Yield the files of a folder and of those below; folders that refuse are put into `unreadable`."""
    for parent, folders, names in os.walk(folder, onerror=unreadable.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            file = Path(parent, name)
            if not name.startswith(".") and file.is_file() and not file.is_symlink():
                yield file


def read_bytes(name: str, data: bytes, *, max_bytes: int, documents: Documents) -> Iterator[Read | Failed]:
    """Yield the articles in the bytes of a file that was sent; its name is what it is called, and never a path."""
    named = _Named(name, name, name, name)
    if name.lower().endswith(SUFFIXES):
        yield from _read_stream(BytesIO(data), named, max_bytes, documents)
    else:
        yield Failed(name, f"{name}: files of this kind are not read; known endings are {' '.join(SUFFIXES)}")


@dataclass(frozen=True)
class _Named:
    """What a file is called: its own name, and in errors; its path below what was added; where it was read from."""

    name: str
    place: str
    relative: str
    source: str

    def is_one_of(self, suffixes: tuple[str, ...]) -> bool:
        return self.name.lower().endswith(suffixes)


def _read_file(file: Path, relative: str, max_bytes: int, documents: Documents) -> Iterator[Read | Failed]:
    try:
        named = _Named(file.name, _shown(file), relative, _shown(file.resolve()))
        with file.open("rb") as stream:
            yield from _read_stream(stream, named, max_bytes, documents)
    except OSError as exc:
        yield Failed(_shown(file), f"{_shown(file)}: cannot be read ({exc.strerror or exc})")


def _read_stream(stream: BinaryIO, file: _Named, max_bytes: int, documents: Documents) -> Iterator[Read | Failed]:
    try:
        if kind := kind_of(Path(file.name)):
            yield _read_document(stream, file, kind, max_bytes, documents)
        elif file.is_one_of(LINE_SUFFIXES):
            yield from _read_lines(stream, file, max_bytes)
        else:
            yield _read_text(stream, file, max_bytes)
    except IndexingError as exc:
        yield Failed(file.place, str(exc), exc)
    except RecursionError:
        yield Failed(file.place, f"{file.place}: its Markdown is nested too deeply; flatten its lists and quotes")


def _read_document(stream: BinaryIO, file: _Named, kind: Kind, max_bytes: int, documents: Documents) -> Read:
    data = stream.read(_DOCUMENT_BYTES + 1)
    found = documents.file(
        data, kind, place=file.place, relative=file.relative, source=file.source, max_bytes=max_bytes
    )
    return Read(found.article, warnings=found.warnings)


def _read_text(stream: BinaryIO, file: _Named, max_bytes: int) -> Read:
    text = _decode(stream.read(max_bytes + 1), file.place, max_bytes)
    fields: dict[str, object] = {"text": text}
    if not file.is_one_of((".txt",)):
        front_matter, body = split_front_matter(text.replace("\r\n", "\n"), file.place)
        fields = {**front_matter, "text": plain_text(body), "title": front_matter.get("title") or first_heading(body)}
        ignored = tuple(name for name in front_matter if name not in FIELDS or name == "text")
    else:
        ignored = ()
    article = make_article(fields, place=file.place, path=file.relative, source=file.source, origin="front matter")
    return Read(article, ignored)


def _read_lines(stream: BinaryIO, file: _Named, max_bytes: int) -> Iterator[Read | Failed]:
    number = 0
    while line := stream.readline(max_bytes + 1):
        number += 1
        if len(line) > max_bytes and not line.endswith(b"\n"):
            _skip_line(stream)
        elif not line.strip():
            continue
        place = f"{file.place}, line {number}"
        try:
            yield _read_line(_decode(line, place, max_bytes), place, file.source, f"{file.relative}#{number}")
        except IndexingError as exc:
            yield Failed(place, str(exc), exc)


def _skip_line(stream: BinaryIO) -> None:
    while (rest := stream.readline(_CHUNK_BYTES)) and not rest.endswith(b"\n"):
        pass


def _read_line(line: str, place: str, source: str, path: str) -> Read:
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


def _shown(path: Path) -> str:
    """Return a path as text that can be stored and printed; bytes that are not UTF-8 become question marks."""
    return os.fsencode(path).decode("utf-8", "replace")


def _decode(raw: bytes, place: str, max_bytes: int) -> str:
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
