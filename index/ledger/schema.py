"""Tables of the ledger.

An article's row points at the version that is live. Passages, their contents and their vectors belong to a generation
(one encoder, one chunker), so that a change of encoder is written beside the old one and swapped in one transaction.
`passages` is narrow, so that filters and counts read few pages; `contents` holds what scoring needs. The full-text
table is derived: triggers keep it equal to `contents`. `signatures` and `bands` find near-duplicates. `former_ids`
leads from the id that an article would be given now to the one that it has. `sources` are what is followed, and `items`
what was seen of each. `readings` are what files were read as.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    text,
)

__all__ = [
    "articles",
    "bands",
    "contents",
    "create",
    "former_ids",
    "generations",
    "items",
    "meta",
    "passages",
    "readings",
    "signatures",
    "sources",
    "versions",
]

metadata = MetaData()

meta = Table("meta", metadata, Column("name", String, primary_key=True), Column("value", String, nullable=False))

generations = Table(
    "generations",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("manifest", JSON, nullable=False),
    Column("live", Integer, nullable=False),
)

articles = Table(
    "articles", metadata, Column("id", String, primary_key=True), Column("live_version", Integer, index=True)
)

versions = Table(
    "versions",
    metadata,
    Column("key", Integer, primary_key=True, autoincrement=True),
    Column("article_id", ForeignKey("articles.id"), nullable=False, index=True),
    Column("version", String, nullable=False),
    Column("meta_version", String, nullable=False),
    Column("url", String),
    Column("title", String),
    Column("author", String),
    Column("outlet", String),
    Column("language", String),
    Column("published_at", String),
    Column("modified_at", String),
    Column("fetched_at", String),
    Column("source", String),
    Column("origins", JSON, nullable=False),
    Column("pages", JSON),  # of a printed document: number and start of each; null where there are none
    Column("published_day", Integer),  # proleptic ordinal of the first UTC day; null where undated
    Column("story", Integer),  # near-duplicates share one
    Column("text", Text, nullable=False),
    # a filter counts what it admits out of these, without reading the rows and the texts behind them
    *(Index(f"versions_by_{name}", name, "published_day") for name in ("outlet", "author", "language")),
    Index("versions_by_day", "published_day"),
    Index("versions_by_story", "story"),
    sqlite_autoincrement=True,
)

passages = Table(
    "passages",
    metadata,
    Column("key", Integer, primary_key=True, autoincrement=True),
    Column("version_key", ForeignKey("versions.key"), nullable=False),
    Column("generation", ForeignKey("generations.number"), nullable=False),
    Column("first", Integer, nullable=False),
    Column("last", Integer, nullable=False),
    Column("n_words", Integer, nullable=False),
    Column("n_sentences", Integer, nullable=False),
    Column("digest", BigInteger, nullable=False),  # passages of the same sentences share one
    Index("passages_by_version", "version_key", "generation", "n_words", "n_sentences"),
    sqlite_autoincrement=True,
)

contents = Table(
    "contents",
    metadata,
    Column("passage_key", ForeignKey("passages.key"), primary_key=True, autoincrement=False),
    Column("title_words", Text, nullable=False),
    Column("words", Text, nullable=False),  # a line a sentence
    Column("numbers", LargeBinary, nullable=False),  # uint32: title and sentences as word numbers, a 0 after each
    Column("spans", LargeBinary, nullable=False),  # start, end, tokens (int32) and digest (int64) of each sentence
    Column("vectors", LargeBinary, nullable=False),  # float16 [n + 1, dimension]: of each sentence, then of the passage
)

signatures = Table(
    "signatures",
    metadata,
    Column("version_key", ForeignKey("versions.key"), primary_key=True, autoincrement=False),
    Column("hashes", LargeBinary, nullable=False),
)

bands = Table(
    "bands",
    metadata,
    Column("band", BigInteger, primary_key=True, autoincrement=False),
    Column("version_key", ForeignKey("versions.key"), primary_key=True, autoincrement=False),
    Index("bands_by_version", "version_key"),
    sqlite_with_rowid=False,
)

former_ids = Table(
    "former_ids", metadata, Column("id", String, primary_key=True), Column("article_id", String, nullable=False)
)

sources = Table(
    "sources",
    metadata,
    Column("key", Integer, primary_key=True, autoincrement=True),
    Column("place", String, nullable=False, unique=True),
    Column("kind", String, nullable=False),
    Column("added_at", String, nullable=False),
    Column("synced_at", String),
    sqlite_autoincrement=True,
)

items = Table(
    "items",
    metadata,
    Column("source_key", ForeignKey("sources.key", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("place", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("listing", String),  # the feed, sitemap or file that it stands in
    Column("article_id", String),  # of the article that was made of it; it may have been removed since
    Column("etag", String),
    Column("last_modified", String),
    Column("told", JSON, nullable=False),  # what the feed or sitemap says of it
    Index("items_by_article", "article_id"),
    sqlite_with_rowid=False,
)

readings = Table(
    "readings",
    metadata,
    Column("place", String, primary_key=True),  # the file
    Column("key", String, nullable=False),  # of its bytes, and of all else that decides what comes of them
    Column("named", String, nullable=False),  # the id that it gives its article
    Column("version_key", ForeignKey("versions.key", ondelete="CASCADE"), nullable=False, index=True),
    Column("meta_version", String, nullable=False),  # that came of it
    Column("ignored", JSON, nullable=False),
    Column("warnings", JSON, nullable=False),
    sqlite_with_rowid=False,
)

_ADD = "INSERT INTO lexicon(rowid, title_words, words) VALUES (new.passage_key, new.title_words, new.words);"
_REMOVE = (
    "INSERT INTO lexicon(lexicon, rowid, title_words, words) "
    "VALUES ('delete', old.passage_key, old.title_words, old.words);"
)
_FULL_TEXT = (
    # The words are ready-made: nothing but the spaces between them may part them. Only which passages hold a word is
    # ever asked, so positions are not kept (detail=none), which halves the index.
    (
        "CREATE VIRTUAL TABLE lexicon USING fts5(title_words, words, content='contents', content_rowid='passage_key', "
        "detail=none, tokenize = \"unicode61 remove_diacritics 0 categories 'L* M* N* S* P* Co'\")"
    ),
    "CREATE VIRTUAL TABLE lexicon_words USING fts5vocab(lexicon, row)",
    f"CREATE TRIGGER contents_added AFTER INSERT ON contents BEGIN {_ADD} END",
    f"CREATE TRIGGER contents_removed AFTER DELETE ON contents BEGIN {_REMOVE} END",
)


def create(connection: Connection) -> None:
    """Create the tables that are not there yet, the full-text table and its triggers."""
    metadata.create_all(connection)
    for statement in _FULL_TEXT:
        connection.execute(text(statement))
