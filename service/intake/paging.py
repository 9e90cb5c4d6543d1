"""What was seen of a source, page by page."""

from collections.abc import Callable

from index.ledger import Item

__all__ = ["PAGE", "every_item"]

PAGE = 1_000
"""Items of one page."""


def every_item(page: Callable[[int], list[Item]]) -> list[Item]:
    """Return the items of all pages, each of which is asked for by its offset."""
    found: list[Item] = []
    while some := page(len(found)):
        found += some
    return found
