"""A folder that is followed: what its files hold, and what they hold no longer."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from index.articles import Article
from index.documents import Documents
from index.known_files import KnownFiles, Same
from index.ledger import Item, Reading
from index.reading import Failed, Read, Skipped, read_articles
from index.sources.events import Event, Found, Gone, Missed, Recognised, Removed, stays_out
from index.sources.seen import gives_the_same, is_removed, with_article

__all__ = ["read_folder"]

_EMPTY = (
    "has no file now, though it had some; nothing of it was changed. Mount or fill it again; if it was emptied on "
    "purpose, `pullquote sources remove` follows it no longer, and `pullquote remove` removes an article"
)


def read_folder(
    folder: Path,
    known: Sequence[Item],
    *,
    max_bytes: int,
    documents: Documents,
    files: KnownFiles | None = None,
) -> Iterator[Event]:
    """Yield what is in a folder, then what is gone of what was `known` of it.

    An article is gone with its file, or if its file was read without a failure and does not hold it. While the folder
    itself cannot be read, or has no file where it had some, nothing is: what is mounted there may be away. What
    somebody removed is not found again while its file gives the same.
    """
    if not os.path.isdir(folder):  # noqa: PTH112  (false, not an error, below a folder that refuses)
        yield Missed(Failed(str(folder), f"{folder}: there is no such folder now; nothing of it was changed"))
        return
    yield Recognised("folder")
    before = {item.place: item for item in known}
    seen: set[str] = set()
    failed: list[str] = []
    removed, empty = 0, True
    for found in read_articles(folder, max_bytes=max_bytes, documents=documents, known=files):
        empty = False
        match found:
            case Read(article):
                item = _item(article.source or "", article.id, article)
                seen.add(item.place)
                event = _compared(found, item, before.get(item.place))
                removed += isinstance(event, Removed)
                yield event
            case Same(reading):
                item = _item(reading.place, reading.named, reading)
                seen.add(item.place)
                yield replace(found, item=replace(item, article_id=reading.article_id))
            case Failed(place):
                failed.append(place)
                yield Missed(found)
            case Skipped():
                yield found
    yield from stays_out(str(folder), removed)
    if known and empty:
        yield Missed(Failed(str(folder), f"{folder}: {_EMPTY}"))
        return
    for item in known:
        if item.place not in seen and not any(_concerns(place, item.listing or "") for place in failed):
            yield Gone(item)


def _item(file: str, named: str, article: Article | Reading) -> Item:
    return with_article(Item(f"{file}#{named}", "file", listing=file), article)


def _compared(read: Read, item: Item, before: Item | None) -> Found | Removed:
    if before and is_removed(before) and gives_the_same(item, before):
        return Removed(before)
    return Found(read, item, before if before and before.article_id else None)


def _concerns(place: str, file: str) -> bool:
    """Tell whether a failure at a place (a file, a line of one, a folder) leaves open what a file holds."""
    return place == file or place.startswith(f"{file}, ") or file.startswith(f"{place}/")
