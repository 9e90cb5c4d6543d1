"""Rows of the ledger as articles."""

from sqlalchemy import Row

from index.articles import FIELDS, Article
from index.ledger.schema import versions

__all__ = ["ARTICLE_COLUMNS", "article_of"]

_NAMES = (*FIELDS[1:], "source", "origins")

ARTICLE_COLUMNS = [versions.c.article_id, *(versions.c[name] for name in _NAMES)]
"""What a statement must select for `article_of`."""


def article_of(row: Row[*tuple[object, ...]]) -> Article:
    """Return the article in a row that has ARTICLE_COLUMNS."""
    return Article(id=row.article_id, **{name: getattr(row, name) for name in _NAMES})
