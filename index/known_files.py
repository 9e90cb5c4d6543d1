"""Files that were read before: told by their bytes, and not read again while their article is as that left it."""

import hashlib
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version

from index.ledger import Item, Reading

__all__ = ["KnownFiles", "Same", "reading_key"]

_READER = "files-1"  # to be counted up where the same bytes give another article than before
_READERS = (
    "pullquote",
    "charset-normalizer",
    "lxml",
    "lxml_html_clean",
    "markdown-it-py",
    "py3langid",
    "pypdf",
    "python-docx",
    "pyyaml",
    "trafilatura",
)


@dataclass(frozen=True)
class Same:
    """A file that was not read again; `item` is to be kept of it where its folder is followed."""

    reading: Reading
    item: Item | None = None


class KnownFiles:
    """Tell which files need not be read again; make one for each pass. `find` returns what is kept of a place.

    Where two files give one article, the second must not be compared with what the first is about to replace: what the
    pass was told of is read again.
    """

    def __init__(self, find: Callable[[str], Reading | None]) -> None:
        self._find = find
        self._given: set[str] = set()

    def given(self, article_id: str) -> None:
        """Hear that something gave this article in this pass."""
        self._given.add(article_id)

    def same(self, place: str, key: str) -> Same | None:
        """Return what the file at a place was read as, or None where it must be read."""
        reading = self._find(place)
        if reading is None or reading.key != key or self._given & {reading.named, reading.article_id}:
            return None
        return Same(reading)


def reading_key(data: bytes, circumstances: Iterable[str]) -> str:
    """Return what stands for a file's bytes, the `circumstances` of reading them, and the programs that read."""
    digest = hashlib.sha256()
    for part in (*_versions(), *circumstances):
        digest.update(f"{len(part)} {part}\n".encode("utf-8", "surrogateescape"))
    digest.update(data)
    return digest.hexdigest()


@cache
def _versions() -> tuple[str, ...]:
    """Return the versions of all that decides what comes of a file; a new one has every file read once more."""
    return (_READER, unicodedata.unidata_version, *map(_version, _READERS))


def _version(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return ""
