"""Articles out of files: text, Markdown with front matter, JSON lines, documents, and folders of them.

A file that cannot be read is a failure among the results; it never stops the others.
"""

import contextlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from index.articles import FIELDS, make_article
from index.documents import DOCUMENT_SUFFIXES, Documents, kind_of
from index.errors import IndexingError
from index.extracting import Kind
from index.known_files import KnownFiles, Same, reading_key
from index.lines import Failed, Read, decode, read_lines, shown_path
from index.markdown import first_heading, plain_text, split_front_matter

__all__ = [
    "LINE_SUFFIXES",
    "SUFFIXES",
    "Failed",
    "Read",
    "Same",
    "Skipped",
    "count_articles",
    "read_articles",
    "read_bytes",
    "read_markdown",
    "read_page",
]

SUFFIXES = (".txt", ".md", ".markdown", ".jsonl", ".ndjson", *DOCUMENT_SUFFIXES)
"""Endings of the files that are read."""

LINE_SUFFIXES = (".jsonl", ".ndjson")
"""Endings of the files that hold an article a line."""

_DOCUMENT_BYTES = 20_000_000  # with all its markup


@dataclass(frozen=True)
class Skipped:
    """A file in a folder whose kind is not read."""

    place: str


def read_articles(
    path: Path, *, max_bytes: int, documents: Documents | None = None, known: KnownFiles | None = None
) -> Iterator[Read | Same | Failed | Skipped]:
    """Yield what is found at `path`, in the order of names; one article takes at most `max_bytes`.

    A file that holds one article, and is `known` to hold what it held, is not read again.

    Hidden files and folders are passed over. Links are followed for files named directly, not within folders.
    `documents` reads HTML, PDF and Word; where it is not given, a reader is made for this path.
    """
    with contextlib.nullcontext(documents) if documents else Documents() as reader:
        yield from _read_path(path, _Way(max_bytes, reader, known))


def read_page(url: str, *, max_bytes: int, documents: Documents) -> Read | Failed:
    """Return the article at a web address."""
    try:
        found = documents.page(url, max_bytes=max_bytes)
    except IndexingError as exc:
        return Failed(url, str(exc), exc)
    return Read(found.article, warnings=found.warnings)


@dataclass(frozen=True)
class _Way:
    """How files are read."""

    max_bytes: int
    documents: Documents
    known: KnownFiles | None = None


def _read_path(path: Path, way: _Way) -> Iterator[Read | Same | Failed | Skipped]:
    if not os.path.exists(path):  # noqa: PTH110  (false, not an error, for a name that is too long)
        yield Failed(shown_path(path), f"{shown_path(path)}: there is no such file or folder")
    elif path.is_dir():
        unreadable: list[OSError] = []
        for file in _files(path, unreadable):
            if _is_read(file):
                yield from _read_file(file, file.relative_to(path).as_posix(), way)
            else:
                yield Skipped(shown_path(file))
        for error in unreadable:
            place = shown_path(Path(error.filename))
            yield Failed(place, f"{place}: cannot be read ({error.strerror})")
    elif not path.is_file():
        yield Failed(shown_path(path), f"{shown_path(path)}: is neither a file nor a folder")
    elif not _is_read(path):
        yield Failed(
            shown_path(path),
            f"{shown_path(path)}: files of this kind are not read; known endings are {' '.join(SUFFIXES)}",
        )
    else:
        yield from _read_file(path, path.name, way)


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
    """Yield the files of a folder and of those below; folders that refuse are put into `unreadable`, once each."""
    for parent, folders, names in os.walk(folder, onerror=unreadable.append):
        try:
            files = [
                file for name in sorted(names) if not name.startswith(".") and _is_file(file := Path(parent, name))
            ]
        except OSError as exc:  # a folder that may be listed and not entered, say
            unreadable.append(OSError(exc.errno, exc.strerror, parent))
            folders.clear()
            continue
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from files


def _is_file(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except FileNotFoundError:  # deleted since it was listed
        return False


def read_bytes(name: str, data: bytes, *, max_bytes: int, documents: Documents) -> Iterator[Read | Failed]:
    """Yield the articles in the bytes of a file that was sent; its name is what it is called, and never a path."""
    named = _Named(name, name, name, name)
    if name.lower().endswith(SUFFIXES):
        found = _read_stream(BytesIO(data), named, _Way(max_bytes, documents))
        yield from (each for each in found if not isinstance(each, Same))  # nothing is known
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


def _read_file(file: Path, relative: str, way: _Way) -> Iterator[Read | Same | Failed]:
    try:
        named = _Named(file.name, shown_path(file), relative, shown_path(file.resolve()))
        with file.open("rb") as stream:
            yield from _read_stream(stream, named, way)
    except OSError as exc:
        yield Failed(shown_path(file), f"{shown_path(file)}: cannot be read ({exc.strerror or exc})")


def _read_stream(stream: BinaryIO, file: _Named, way: _Way) -> Iterator[Read | Same | Failed]:
    try:
        if file.is_one_of(LINE_SUFFIXES):
            names = {"place": file.place, "source": file.source, "path": file.relative}
            yield from read_lines(stream, **names, max_bytes=way.max_bytes)
        else:
            yield _read_whole(stream, file, way)
    except IndexingError as exc:
        yield Failed(file.place, str(exc), exc)
    except RecursionError:
        yield Failed(file.place, f"{file.place}: its Markdown is nested too deeply; flatten its lists and quotes")


def _read_whole(stream: BinaryIO, file: _Named, way: _Way) -> Read | Same:
    kind = kind_of(Path(file.name))
    data = stream.read((_DOCUMENT_BYTES if kind else way.max_bytes) + 1)
    if way.known is None:
        return _read_data(data, file, kind, way)
    key = reading_key(data, (file.source, file.relative, str(way.max_bytes)))
    return way.known.same(file.source, key) or replace(_read_data(data, file, kind, way), key=key)


def _read_data(data: bytes, file: _Named, kind: Kind | None, way: _Way) -> Read:
    if kind:
        names = {"place": file.place, "relative": file.relative, "source": file.source}
        found = way.documents.file(data, kind, **names, max_bytes=way.max_bytes)
        return Read(found.article, warnings=found.warnings)
    text = decode(data, file.place, way.max_bytes)
    if file.is_one_of((".txt",)):
        return Read(make_article({"text": text}, place=file.place, path=file.relative, source=file.source))
    return read_markdown(text, place=file.place, source=file.source, path=file.relative)


def read_markdown(text: str, *, place: str, source: str, path: str | None) -> Read:
    """Return the article in a Markdown text with front matter; `path` makes its id where nothing else does.

    Raises InvalidArticleError.
    """
    front_matter, body = split_front_matter(text.replace("\r\n", "\n"), place)
    fields = {**front_matter, "text": plain_text(body), "title": front_matter.get("title") or first_heading(body)}
    ignored = tuple(name for name in front_matter if name not in FIELDS or name == "text")
    return Read(make_article(fields, place=place, path=path, source=source, origin="front matter"), ignored)
