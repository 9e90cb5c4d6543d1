"""The ledger: SQLite, the record from which everything else can be rebuilt."""

from index.ledger.database import Database
from index.ledger.reading import ArticleRow, Live, Reader, Totals
from index.ledger.readings import Reading, Readings
from index.ledger.sources import Item, ItemKind, Source, SourceKind, Sources
from index.ledger.writing import Indexed, Writer

__all__ = [
    "ArticleRow",
    "Database",
    "Indexed",
    "Item",
    "ItemKind",
    "Live",
    "Reader",
    "Reading",
    "Readings",
    "Source",
    "SourceKind",
    "Sources",
    "Totals",
    "Writer",
]
