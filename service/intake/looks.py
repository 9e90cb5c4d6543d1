"""Looks: what reads files, folders and addresses, within the settings."""

import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from index.documents import Documents
from index.known_files import KnownFiles
from index.ledger import Item, Reading
from index.reading import Failed, Read, Same, Skipped, count_articles, read_articles
from index.sources import Event, Found, Missed, Web, read_folder
from index.standard_input import read_stream
from service.settings import Settings

__all__ = ["STANDARD_INPUT", "Looks", "count_inputs", "is_address"]

STANDARD_INPUT = "-"
"""The input that stands for standard input."""


def is_address(source: str) -> bool:
    """Tell whether an input is an address on the web."""
    return source.lower().startswith(("http://", "https://"))


def count_inputs(sources: Sequence[str]) -> int:
    """Return about how many articles there are; an address counts as one, whatever it turns out to be."""
    return sum(1 if is_address(each) or each == STANDARD_INPUT else count_articles(Path(each)) for each in sources)


class Looks:
    """Look at inputs and sources, once each; `reading` returns what is kept of a file, which is then not read again."""

    def __init__(self, settings: Settings, documents: Documents, reading: Callable[[str], Reading | None]) -> None:
        self._max_bytes = settings.max_article_bytes
        self._documents = documents
        self._files = KnownFiles(reading)
        self._web = Web(documents, max_bytes=settings.max_article_bytes, max_entries=settings.max_entries)

    def at_input(self, source: str) -> Iterator[Event]:
        """Yield what is at a file, in a folder, or at an address."""
        return self._heard(self._at_input(source))

    def at_source(self, place: str, known: Sequence[Item], *, folder: bool) -> Iterator[Event]:
        """Yield what is at a source, compared with what was known of it."""
        if not folder:
            return self._heard(self._web.read(place, known))
        return self._heard(
            read_folder(Path(place), known, max_bytes=self._max_bytes, documents=self._documents, files=self._files)
        )

    def _heard(self, events: Iterator[Event]) -> Iterator[Event]:
        for event in events:
            if isinstance(event, Found):
                self._files.given(event.read.article.id)
            yield event

    def _at_input(self, source: str) -> Iterator[Event]:
        if is_address(source):
            yield from self._web.read(source)
        elif "://" in source:
            yield Missed(Failed(source, f"{source}: addresses begin with http:// or https://"))
        elif source == STANDARD_INPUT:
            yield from map(_event, read_stream(sys.stdin.buffer, max_bytes=self._max_bytes))
        else:
            found = read_articles(Path(source), max_bytes=self._max_bytes, documents=self._documents, known=self._files)
            yield from map(_event, found)


def _event(found: Read | Same | Failed | Skipped) -> Event:
    """Return what was read of a file as an event that leaves nothing to keep."""
    match found:
        case Read():
            return Found(found, None)
        case Failed():
            return Missed(found)
    return found
