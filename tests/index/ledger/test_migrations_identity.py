"""A ledger as schema 2 left it: the ids of its articles were made of another form of their URLs."""

import hashlib
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from index.articles import Article, make_article
from index.encoders import FakeEncoder
from index.ingest import Change
from index.ledger import Database, Reader
from index.ledger.migrations import SCHEMA
from index.library import Library
from index.manifest import Manifest

Make = Callable[..., Library]
LAYOUT = (Path(__file__).parent / "schema_2.sql").read_text()
FORMS = (
    ("https://example.org/%7euser/a?page=2", "https://example.org/~user/a?page=2"),
    ("https://example.org/b c?msclkid=1", "https://example.org/b%20c"),
    ("https://bücher.example/d/../e", "https://xn--bcher-kva.example/e"),
)
SAME = "https://example.org/plain?id=1"
DATES = ("published_at", "modified_at", "fetched_at")
NAMES = ("version", "meta_version", "url", "title", "author", "outlet", "language", *DATES, "source")


def old_id(url: str) -> str:
    """Return the id that schema 2 made of a URL in its form of then."""
    return hashlib.sha256(url.encode()).hexdigest()[:16]


def insert(connection: sqlite3.Connection, key: int, article_id: str, url: str) -> None:
    """Write an article of one passage as schema 2 did."""
    article = Article(article_id, "The bridge opened.", url=url, title="Bridge", language="en", source="dump.jsonl")
    values = [getattr(article, name) for name in NAMES]
    connection.execute("INSERT INTO articles VALUES (?, ?)", (article_id, key))
    row = (key, article_id, *values, json.dumps({}), None, key, article.text)
    connection.execute(f"INSERT INTO versions VALUES ({', '.join('?' * len(row))})", row)  # noqa: S608


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a data folder with such a ledger: each form that has changed, one that has not, and a given id."""
    (tmp_path / "data").mkdir()
    connection = sqlite3.connect(tmp_path / "data" / "ledger.db")
    with connection:
        connection.executescript(LAYOUT)
        manifest = json.dumps(vars(Manifest.of(FakeEncoder())))
        connection.execute("INSERT INTO generations VALUES (1, ?, 1)", (manifest,))
        for key, url in enumerate([*(before for before, _ in FORMS), SAME], 1):
            insert(connection, key, old_id(url), url)
        insert(connection, 9, "given", FORMS[0][0].replace("page=2", "page=3"))
    connection.close()
    return tmp_path / "data"


def written(url: str, text: str = "The bridge opened.") -> Article:
    """Return an article as it is read now."""
    fields = {"text": text, "url": url, "title": "Bridge", "language": "en"}
    return make_article(fields, place="test", source="dump.jsonl")


@pytest.mark.parametrize(("before", "now"), FORMS)
@pytest.mark.usefixtures("folder")
def test_adding_again_doubles_nothing(open_library: Make, before: str, now: str) -> None:
    """However its URL is written, a stored article keeps its id: its URL is updated once, then it is unchanged."""
    library = open_library()
    changes = [library.add(written(url)) for url in (before, now, before)]
    assert [(one.id, one.change, one.encoded) for one in changes] == [
        (old_id(before), Change.UPDATED, 0),
        (old_id(before), Change.UNCHANGED, 0),
        (old_id(before), Change.UNCHANGED, 0),
    ]
    assert library.reader.n_articles() == 5
    assert library.reader.article(old_id(before)).url == now


@pytest.mark.usefixtures("folder")
def test_a_url_whose_form_is_the_same(open_library: Make) -> None:
    """It has the id that it had, and is unchanged at once."""
    added = open_library().add(written(SAME))
    assert (added.id, added.change) == (old_id(SAME), Change.UNCHANGED)


@pytest.mark.usefixtures("folder")
def test_both_ids_lead_to_the_article(open_library: Make) -> None:
    """It is shown and removed by the id that it has and by the one that it would have now; a given id is no such."""
    library = open_library()
    present = written(FORMS[0][1]).id
    assert library.reader.article(present).id == old_id(FORMS[0][0])
    assert library.add(written(FORMS[0][0].replace("page=2", "page=3"))).change is Change.ADDED
    library.remove(present)
    assert library.reader.find(old_id(FORMS[0][0])) is None
    assert library.add(written(FORMS[0][1])).id == old_id(FORMS[0][0])


@pytest.mark.usefixtures("folder")
def test_the_same_article_twice_at_once(open_library: Make) -> None:
    """Under both of its URLs in one input, the second finds what the first made."""
    texts = [written(url, "The bridge was closed.") for url in FORMS[1]]
    outcomes = list(open_library().add_all(texts))
    assert [one.change for one in outcomes] == [Change.UPDATED, Change.UNCHANGED]
    assert len({one.id for one in outcomes}) == 1


def test_where_both_are_stored_already(folder: Path, open_library: Make) -> None:
    """Two articles that are there under both ids stay two, each with its own."""
    before, now = FORMS[0]
    connection = sqlite3.connect(folder / "ledger.db")
    with connection:
        insert(connection, 20, old_id(now), now)
    connection.close()
    library = open_library()
    assert [library.reader.article(old_id(url)).id for url in (before, now)] == [old_id(before), old_id(now)]
    assert library.add(written(now)).change is Change.UNCHANGED


def test_the_layout_is_that_of_a_new_ledger(folder: Path, tmp_path: Path) -> None:
    """A ledger that was brought up to date has the tables, indexes and columns of a new one, and loses nothing."""
    old, new = Database(folder / "ledger.db"), Database(tmp_path / "fresh.db")
    described = []
    for database in (old, new):
        with database.begin() as connection:
            rows = connection.exec_driver_sql("SELECT type, name, sql FROM sqlite_master ORDER BY type, name").all()
            tables = [row.name for row in rows if row.type == "table"]
            columns = {name: set(connection.exec_driver_sql(f"PRAGMA table_info('{name}')").all()) for name in tables}
            others = [(row.type, row.name, " ".join((row.sql or "").split())) for row in rows if row.type != "table"]
            described.append((others, {name: {column[1:] for column in found} for name, found in columns.items()}))
            assert connection.exec_driver_sql("SELECT value FROM meta").scalar_one() == str(SCHEMA)
    assert described[0] == described[1]
    assert Reader(old).n_articles() == 5
    old.close()
    new.close()
