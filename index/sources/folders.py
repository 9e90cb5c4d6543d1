"""A folder that is followed: what its files hold, and what they hold no longer."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from index.documents import Documents
from index.known_files import KnownFiles, Same
from index.ledger import Item
from index.reading import Failed, Read, Skipped, read_articles
from index.sources.events import Event, Found, Gone, Missed, Recognised

__all__ = ["read_folder"]


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
    itself cannot be read, nothing is.
    """
    if not folder.is_dir():
        yield Missed(Failed(str(folder), f"{folder}: there is no such folder now; nothing of it was changed"))
        return
    yield Recognised("folder")
    before = {item.place: item for item in known}
    seen: set[str] = set()
    failed: list[str] = []
    for found in read_articles(folder, max_bytes=max_bytes, documents=documents, known=files):
        match found:
            case Read(article):
                file = article.source or ""
                item = _item(file, article.id, article.id)
                seen.add(item.place)
                yield Found(found, item, before.get(item.place))
            case Same(reading):
                item = _item(reading.place, reading.named, reading.article_id)
                seen.add(item.place)
                yield replace(found, item=item)
            case Failed(place):
                failed.append(place)
                yield Missed(found)
            case Skipped():
                yield found
    for item in known:
        if item.place not in seen and not any(_concerns(place, item.listing or "") for place in failed):
            yield Gone(item)


def _item(file: str, named: str, article_id: str) -> Item:
    return Item(f"{file}#{named}", "file", listing=file, article_id=article_id)


def _concerns(place: str, file: str) -> bool:
    """Tell whether a failure at a place (a file, a line of one, a folder) leaves open what a file holds."""
    return place == file or place.startswith(f"{file}, ") or file.startswith(f"{place}/")
