"""The index: articles, sentences, passages, vectors and words, and the search over them."""

from index.articles import Article, make_article
from index.ledger import ArticleRow, Totals
from index.library import Added, Change, Library
from index.owner import Address, Ownership, find_owner
from index.search import Evidence, Filters, Found, FoundPassage

__all__ = [
    "Added",
    "Address",
    "Article",
    "ArticleRow",
    "Change",
    "Evidence",
    "Filters",
    "Found",
    "FoundPassage",
    "Library",
    "Ownership",
    "Totals",
    "find_owner",
    "make_article",
]
