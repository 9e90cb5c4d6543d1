"""Rows of the ledger as articles."""

import json
from collections.abc import Iterable

from sqlalchemy import Connection, Row, bindparam, func, select

from index.articles import FIELDS, Article
from index.errors import LedgerDamagedError
from index.ledger.schema import versions

__all__ = ["ARTICLE_COLUMNS", "article_of", "articles_of"]

_NAMES = (*FIELDS[1:], "source", "origins")

ARTICLE_COLUMNS = [versions.c.article_id, *(versions.c[name] for name in ("version", *_NAMES, "pages"))]
"""What a statement must select for `article_of`."""


# one parameter however many keys, so that the statement is made once
_SOME = select(versions.c.key, *ARTICLE_COLUMNS).where(
    versions.c.key.in_(select(func.json_each(bindparam("keys")).table_valued("value").c.value))
)


def article_of(row: Row[*tuple[object, ...]]) -> Article:
    """Return the article in a row that has ARTICLE_COLUMNS.

    Raises LedgerDamagedError where its text is not the one that was stored: SQLite has no checksums of its own, and
    nothing may be quoted that was never written.
    """
    pages = tuple((number, start) for number, start in row.pages or ())
    article = Article(id=row.article_id, **{name: getattr(row, name) for name in _NAMES}, pages=pages)
    if article.version != row.version:
        raise LedgerDamagedError(
            f"the text of article {article.id!r} is not as it was stored; remove it and add it again, "
            "or restore a backup with `pullquote restore FILE --force`"
        )
    return article


def articles_of(connection: Connection, version_keys: Iterable[int]) -> dict[int, Article]:
    """Return the articles of some versions, by key."""
    rows = connection.execute(_SOME, {"keys": json.dumps(sorted(version_keys))})
    return {row.key: article_of(row) for row in rows}
