"""Entries gathered one by one; what cannot be taken is counted."""

import html
import re
from collections import Counter
from urllib.parse import urljoin

from index.errors import AddressError
from index.extracting.moments import moment
from index.extracting.tidy import field_text
from index.listings.records import Entry, ListingKind
from index.urls import normalise_url

__all__ = ["Gathering"]

_TAG = re.compile(r"</?[A-Za-z][^<>]{0,200}>")
_MOST_TITLE = 4_000
_MOST_LASTMOD = 60


class Gathering:
    """Gather the entries of a listing that was fetched from `base`."""

    def __init__(self, base: str, origin: ListingKind) -> None:
        self._base = base
        self._origin: ListingKind = origin
        self._entries: dict[str, Entry] = {}
        self._left_out: Counter[str] = Counter()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Return the entries, each address once."""
        return tuple(self._entries.values())

    @property
    def warnings(self) -> tuple[str, ...]:
        """Return what was left out, with its number."""
        return tuple(f"{n} {what}" for what, n in self._left_out.items())

    def add(
        self,
        written: str | None,
        *,
        title: str | None = None,
        author: str | None = None,
        published: str | None = None,
        modified: str | None = None,
        lastmod: str | None = None,
    ) -> None:
        """Take an entry as it is written."""
        url = self._address(written)
        if url is None:
            self._left_out["entries without the address of a page left out"] += 1
        elif url in self._entries:
            self._left_out["entries left out that name the same page again"] += 1
        else:
            self._entries[url] = Entry(
                url,
                self._origin,
                title=_line(title),
                author=_line(author),
                published_at=self._date(published),
                modified_at=self._date(modified),
                lastmod=lastmod.strip()[:_MOST_LASTMOD] if lastmod else None,
            )

    def _address(self, written: str | None) -> str | None:
        if not written or not written.strip():
            return None
        try:
            return normalise_url(urljoin(self._base, written.strip()))
        except (AddressError, ValueError):
            return None

    def _date(self, written: str | None) -> str | None:
        if not written or not written.strip():
            return None
        found = moment(written)
        if found is None:
            self._left_out["dates left out that cannot be read"] += 1
        return found


def _line(written: str | None) -> str | None:
    """Return text in one line, without the markup that feeds put into titles."""
    return field_text(html.unescape(_TAG.sub("", (written or "")[:_MOST_TITLE])))
