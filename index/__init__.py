"""The index: articles, sentences, passages, vectors and words, and the search over them."""

from index.articles import Article, make_article
from index.ingest import Added, Change, Refused
from index.ledger import ArticleRow, Totals
from index.library import Library
from index.owner import Address, Ownership, find_owner
from index.search import Copy, Evidence, Filters, Found, FoundPassage

__all__ = [
    "Added",
    "Address",
    "Article",
    "ArticleRow",
    "Change",
    "Copy",
    "Evidence",
    "Filters",
    "Found",
    "FoundPassage",
    "Library",
    "Ownership",
    "Refused",
    "Totals",
    "find_owner",
    "make_article",
]
