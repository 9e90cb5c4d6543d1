"""Tables of the ledger, and the steps that bring an older ledger up to them.

An article's row points at the version that is live. Sentences, passages and vectors belong to a generation (one
encoder, one chunker), so that a change of encoder is written beside the old one and swapped in one transaction.
The full-text table is derived: triggers keep it equal to `passages`.
"""

from collections.abc import Callable

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

__all__ = ["MIGRATIONS", "articles", "generations", "meta", "passages", "sentences", "versions"]

metadata = MetaData()

meta = Table("meta", metadata, Column("name", String, primary_key=True), Column("value", String, nullable=False))

generations = Table(
    "generations",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("manifest", JSON, nullable=False),
    Column("live", Integer, nullable=False),
)

articles = Table("articles", metadata, Column("id", String, primary_key=True), Column("live_version", Integer))

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
    Column("language", String, index=True),
    Column("published_at", String),
    Column("modified_at", String),
    Column("fetched_at", String),
    Column("source", String),
    Column("origins", JSON, nullable=False),
    Column("text", Text, nullable=False),
    sqlite_autoincrement=True,
)

passages = Table(
    "passages",
    metadata,
    Column("key", Integer, primary_key=True, autoincrement=True),
    Column("version_key", ForeignKey("versions.key"), nullable=False, index=True),
    Column("generation", ForeignKey("generations.number"), nullable=False, index=True),
    Column("first", Integer, nullable=False),
    Column("last", Integer, nullable=False),
    Column("title_words", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("n_words", Integer, nullable=False),
    Column("vector", LargeBinary, nullable=False),
    Column("sentence_vectors", LargeBinary, nullable=False),
    sqlite_autoincrement=True,
)

sentences = Table(
    "sentences",
    metadata,
    Column("key", Integer, primary_key=True, autoincrement=True),
    Column("passage_key", ForeignKey("passages.key"), nullable=False, index=True),
    Column("number", Integer, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("tokens", Integer, nullable=False),
    UniqueConstraint("passage_key", "number"),
    sqlite_autoincrement=True,
)

_ADD = "INSERT INTO lexicon(rowid, title_words, words) VALUES (new.key, new.title_words, new.words);"
_REMOVE = (
    "INSERT INTO lexicon(lexicon, rowid, title_words, words) VALUES ('delete', old.key, old.title_words, old.words);"
)
_FULL_TEXT = (
    # the words are ready-made: nothing but the spaces between them may part them
    (
        "CREATE VIRTUAL TABLE lexicon USING fts5(title_words, words, content='passages', content_rowid='key', "
        "tokenize = \"unicode61 remove_diacritics 0 categories 'L* M* N* S* P* Co'\")"
    ),
    "CREATE VIRTUAL TABLE lexicon_words USING fts5vocab(lexicon, row)",
    f"CREATE TRIGGER passages_added AFTER INSERT ON passages BEGIN {_ADD} END",
    f"CREATE TRIGGER passages_removed AFTER DELETE ON passages BEGIN {_REMOVE} END",
    f"CREATE TRIGGER passages_changed AFTER UPDATE OF title_words ON passages BEGIN {_REMOVE} {_ADD} END",
)


def _create(connection: Connection) -> None:
    metadata.create_all(connection)
    for statement in _FULL_TEXT:
        connection.execute(text(statement))


MIGRATIONS: tuple[Callable[[Connection], None], ...] = (_create,)
"""Step n brings a ledger from schema version n to n + 1."""
