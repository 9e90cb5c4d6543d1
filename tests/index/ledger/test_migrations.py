"""A ledger as the first layout wrote it: sentences in a table, words and vectors among the passages."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Connection

from index.articles import Article
from index.encoders import FakeEncoder
from index.errors import ManifestMismatchError
from index.ingest import Change
from index.ledger import Database, Reader, Totals
from index.ledger.migrations import SCHEMA, published_day
from index.library import Library
from index.search import Filters

Make = Callable[..., Article]

LAYOUT = """
CREATE TABLE meta (name VARCHAR NOT NULL, value VARCHAR NOT NULL, PRIMARY KEY (name));
CREATE TABLE generations (
    number INTEGER NOT NULL, manifest JSON NOT NULL, live INTEGER NOT NULL, PRIMARY KEY (number)
);
CREATE TABLE articles (id VARCHAR NOT NULL, live_version INTEGER, PRIMARY KEY (id));
CREATE TABLE versions (
    "key" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, article_id VARCHAR NOT NULL, version VARCHAR NOT NULL,
    meta_version VARCHAR NOT NULL, url VARCHAR, title VARCHAR, author VARCHAR, outlet VARCHAR, language VARCHAR,
    published_at VARCHAR, modified_at VARCHAR, fetched_at VARCHAR, source VARCHAR, origins JSON NOT NULL,
    text TEXT NOT NULL, FOREIGN KEY(article_id) REFERENCES articles (id)
);
CREATE INDEX ix_versions_language ON versions (language);
CREATE INDEX ix_versions_article_id ON versions (article_id);
CREATE TABLE passages (
    "key" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, version_key INTEGER NOT NULL, generation INTEGER NOT NULL,
    first INTEGER NOT NULL, last INTEGER NOT NULL, title_words TEXT NOT NULL, words TEXT NOT NULL,
    n_words INTEGER NOT NULL, vector BLOB NOT NULL, sentence_vectors BLOB NOT NULL,
    FOREIGN KEY(version_key) REFERENCES versions ("key"), FOREIGN KEY(generation) REFERENCES generations (number)
);
CREATE INDEX ix_passages_generation ON passages (generation);
CREATE INDEX ix_passages_version_key ON passages (version_key);
CREATE TABLE sentences (
    "key" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, passage_key INTEGER NOT NULL, number INTEGER NOT NULL,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, tokens INTEGER NOT NULL,
    UNIQUE (passage_key, number), FOREIGN KEY(passage_key) REFERENCES passages ("key")
);
CREATE INDEX ix_sentences_passage_key ON sentences (passage_key);
CREATE VIRTUAL TABLE lexicon USING fts5(title_words, words, content='passages', content_rowid='key',
    tokenize = "unicode61 remove_diacritics 0 categories 'L* M* N* S* P* Co'");
CREATE VIRTUAL TABLE lexicon_words USING fts5vocab(lexicon, row);
CREATE TRIGGER passages_added AFTER INSERT ON passages BEGIN
    INSERT INTO lexicon(rowid, title_words, words) VALUES (new.key, new.title_words, new.words); END;
CREATE TRIGGER passages_removed AFTER DELETE ON passages BEGIN
    INSERT INTO lexicon(lexicon, rowid, title_words, words)
    VALUES ('delete', old.key, old.title_words, old.words); END;
CREATE TRIGGER passages_changed AFTER UPDATE OF title_words ON passages BEGIN
    INSERT INTO lexicon(lexicon, rowid, title_words, words)
    VALUES ('delete', old.key, old.title_words, old.words);
    INSERT INTO lexicon(rowid, title_words, words) VALUES (new.key, new.title_words, new.words); END;
INSERT INTO meta VALUES ('schema', '1');
"""
MANIFEST = {
    "encoder": "fake", "revision": "1", "dimension": 64, "max_tokens": 254, "pooling": "late-mean",
    "chunker": "paragraphs-1", "normaliser": "nfc-1", "words": "snowball-1",
}  # fmt: skip
NAMES = "article_id version meta_version url title author outlet language published_at modified_at fetched_at source"


def insert(connection: sqlite3.Connection, key: int, article: Article) -> None:
    """Write an article of one passage and one sentence as the first layout did."""
    values = [article.id, *(getattr(article, name) for name in NAMES.split()[1:])]
    row = (key, *values, json.dumps(dict(article.origins)), article.text)
    connection.execute("INSERT INTO articles VALUES (?, ?)", (article.id, key))
    connection.execute(f"INSERT INTO versions VALUES ({', '.join('?' * 15)})", row)  # noqa: S608
    zeros = bytes(128)
    passage = (key, key, 1, 0, 0, "old title", "old word", 4, zeros, zeros)
    connection.execute(f"INSERT INTO passages VALUES ({', '.join('?' * 10)})", passage)  # noqa: S608
    connection.execute("INSERT INTO sentences VALUES (?, ?, 0, 0, 5, 2)", (key, key))


@pytest.fixture
def kept(article: Make) -> list[Article]:
    """Return articles with every kind of date, and a copy."""
    return [
        article("bridge", title="Gannet Bridge", author="Abara", outlet="Courier", published_at="2022-06"),
        article("copy", title="Bridge opens", outlet="Herald", published_at="2022-06-13T23:30:00-05:00"),
        article("ferry", "Die Fähren ruhten.", language="de", url="https://example.org/a", published_at="2022-06-15"),
        article("undated", "The mayor spoke later."),
    ]


@pytest.fixture
def folder(tmp_path: Path, kept: list[Article]) -> Path:
    """Return a data folder with a ledger of the first layout, and a vector index of its time."""
    (tmp_path / "data" / "vectors" / "1").mkdir(parents=True)
    (tmp_path / "data" / "vectors" / "1" / "chroma.sqlite3").write_bytes(b"of another time")
    connection = sqlite3.connect(tmp_path / "data" / "ledger.db")
    with connection:
        connection.executescript(LAYOUT)
        connection.execute("INSERT INTO generations VALUES (1, ?, 1)", (json.dumps(MANIFEST),))
        for key, article in enumerate(kept, 1):
            insert(connection, key, article)
    connection.close()
    return tmp_path / "data"


@pytest.fixture
def database(folder: Path) -> Iterator[Database]:
    """Open that ledger, which brings it up to date."""
    database = Database(folder / "ledger.db")
    yield database
    database.close()


def names(database: Database, kind: str) -> set[str]:
    """Return the names of tables or the like in a ledger, but SQLite's own."""
    with database.begin() as connection:
        found = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = ?", (kind,)).scalars()
        return {name for name in found if not name.startswith("sqlite_")}


def test_articles_are_kept_whole(database: Database, kept: list[Article]) -> None:
    """Every article is read back as it was, listed, and has no sentences until they are made anew."""
    reader = Reader(database)
    assert [reader.article(article.id) for article in kept] == kept
    assert [(row.id, row.sentences) for row in reader.articles()] == [(article.id, 0) for article in kept]
    assert reader.totals() == Totals(4, 0, 0)


def test_dates_are_counted_in_days(database: Database) -> None:
    """Windows know the articles of before: the first UTC day of each date is there, and none for the undated."""
    with database.begin() as connection:
        days = list(connection.exec_driver_sql("SELECT published_day FROM versions ORDER BY key").scalars())
    assert days == [date(2022, 6, day).toordinal() for day in (1, 14, 15)] + [None]
    assert published_day(None) is None


def test_the_layout_is_that_of_a_new_ledger(database: Database, tmp_path: Path) -> None:
    """A ledger that was brought up to date has the same tables, indexes and triggers as a new one."""
    fresh = Database(tmp_path / "fresh.db")
    for kind in ("table", "index", "trigger"):
        assert names(database, kind) == names(fresh, kind)
    for table in names(fresh, "table"):
        assert columns(database, table) == columns(fresh, table)
    fresh.close()
    with database.begin() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
        schema = connection.exec_driver_sql("SELECT value FROM meta WHERE name = 'schema'").scalar_one()
    assert schema == str(SCHEMA)


def columns(database: Database, table: str) -> set[tuple[str, str]]:
    """Return names and types of the columns of a table."""
    with database.begin() as connection:
        rows = connection.exec_driver_sql(f"PRAGMA table_info('{table}')").all()
    return {(row.name, row.type) for row in rows}


def test_searching_names_the_remedy(folder: Path, open_library: Callable[..., Library], article: Make) -> None:
    """Until they are made anew, sentences are neither searched nor added to; nothing is lost by trying."""
    library = open_library()
    for call in (lambda: library.search(["bridge"]), lambda: library.add(article("new")), library.check):
        with pytest.raises(ManifestMismatchError, match=r"made with pooling 'late-mean'.*run `pullquote reindex`"):
            call()
    assert library.reader.n_articles() == 4
    assert folder.exists()


def test_reindexing_makes_it_searchable(
    folder: Path, open_library: Callable[..., Library], found_ids: Callable[..., list[str]]
) -> None:
    """After a reindex articles are found by word and by date, copies are told, and so after opening again."""
    library = open_library()
    seen: list[str] = []
    assert library.reindex(seen.append) == 4
    assert seen == ["bridge", "copy", "ferry", "undated"]
    for _ in range(2):
        assert library.check() == 8
        assert found_ids(library, "Fähren")[0] == "ferry"
        found = library.search(["cost ten million crowns"]).evidence
        (evidence,) = [one for one in found if one.text == "It cost ten million crowns."]
        assert {evidence.article.id, *(copy.article.id for copy in evidence.copies)} == {"bridge", "copy"}
        window = library.search(["bridge"], filters=Filters(published_from="2022-06-14"))
        assert {passage.article.id for passage in window.passages} == {"copy", "ferry"}
        assert (window.articles_searched, window.articles_undated) == (2, 1)
        library.close()
        library = open_library()
    assert [path.name for path in (folder / "vectors").iterdir()] == ["2"]


@pytest.mark.usefixtures("folder")
def test_articles_can_be_changed_before(
    open_library: Callable[..., Library], kept: list[Article], article: Make
) -> None:
    """What needs no sentences is done before a reindex too: nothing for the same article, metadata, a removal."""
    library = open_library()
    assert library.add(kept[0]).change is Change.UNCHANGED
    assert library.add(article("undated", "The mayor spoke later.", outlet="Courier")).change is Change.UPDATED
    library.remove("ferry")
    assert library.reindex() == 3
    assert library.search(["mayor"], filters=Filters(outlets=["Courier"])).articles_searched == 2


@pytest.mark.usefixtures("folder")
def test_with_another_encoder(open_library: Callable[..., Library]) -> None:
    """The encoder may change at the same time."""
    library = open_library(FakeEncoder(dimension=32))
    assert library.reindex() == 4
    assert library.check() == 8


def test_an_interrupted_step_is_begun_again(folder: Path, kept: list[Article], monkeypatch: pytest.MonkeyPatch) -> None:
    """What ends the step half-way leaves the ledger of before, which the next opening brings up to date."""

    def stop(_: Connection) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as fault:
        fault.setattr("index.ledger.migrations.create", stop)
        with pytest.raises(KeyboardInterrupt):
            Database(folder / "ledger.db")
    connection = sqlite3.connect(folder / "ledger.db")
    assert connection.execute("SELECT count(*) FROM sentences").fetchone() == (4,)
    assert connection.execute("SELECT count(*) FROM lexicon WHERE lexicon MATCH 'word'").fetchone() == (4,)
    assert connection.execute("SELECT value FROM meta").fetchone() == ("1",)
    connection.close()
    database = Database(folder / "ledger.db")
    assert Reader(database).article("copy") == kept[1]
    database.close()


def test_an_empty_ledger_of_the_first_layout(
    tmp_path: Path, open_library: Callable[..., Library], article: Make
) -> None:
    """A ledger without articles and without a generation is brought up to date and used."""
    (tmp_path / "data").mkdir()
    connection = sqlite3.connect(tmp_path / "data" / "ledger.db")
    connection.executescript(LAYOUT)
    connection.close()
    library = open_library()
    assert library.search(["bridge"]).passages == ()
    assert library.add(article("bridge")).change is Change.ADDED
    assert library.search(["bridge"]).passages
