"""What files were read as: kept while the article that came of it is live and as it was."""

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from index.articles import Article
from index.ledger import Database, Reading, Readings, Writer
from index.ledger.migrations import MIGRATIONS, SCHEMA

Make = Callable[..., Article]
Write = Callable[..., list[int]]


@pytest.fixture
def readings(database: Database) -> Readings:
    """Return the readings of the ledger."""
    return Readings(database)


def reading_of(article: Article, place: str = "/news/a.md", key: str = "k1") -> Reading:
    """Return the reading of a file that gave an article."""
    return Reading(place, key, "named", article.id, article.version, article.meta_version, ("tags",), ("cut",))


def rows(database: Database) -> int:
    """Count what is kept, whether it holds or not."""
    with database.begin() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM readings").scalar_one())


def test_kept_and_found(readings: Readings, write: Write, article: Make) -> None:
    """A reading is found by its place, whole; a later one of the place takes its place."""
    write(bridge := article("bridge"))
    readings.keep([reading_of(bridge), reading_of(bridge, "/news/b.md")])
    assert readings.find("/news/a.md") == reading_of(bridge)
    assert readings.find("/news/c.md") is None
    readings.keep([replace(reading_of(bridge), key="k2", ignored=())])
    assert readings.find("/news/a.md") == replace(reading_of(bridge), key="k2", ignored=())
    assert readings.find("/news/b.md") == reading_of(bridge, "/news/b.md")
    readings.keep([])


def test_other_metadata_ends_it(readings: Readings, write: Write, writer: Writer, article: Make) -> None:
    """Once the metadata of the article changed, its file must be read to be compared."""
    write(bridge := article("bridge"))
    readings.keep([reading_of(bridge)])
    writer.update_metadata(replace(bridge, outlet="Courier"))
    assert readings.find("/news/a.md") is None


def test_another_version_ends_it(
    database: Database, readings: Readings, write: Write, writer: Writer, article: Make
) -> None:
    """Once another version is live the reading does not hold, and it goes with the version."""
    write(bridge := article("bridge"))
    readings.keep([reading_of(bridge)])
    write(article("bridge", "It closed."))
    assert (readings.find("/news/a.md"), rows(database)) == (None, 1)
    writer.sweep()
    assert rows(database) == 0


def test_a_removal_ends_it(database: Database, readings: Readings, write: Write, writer: Writer, article: Make) -> None:
    """A removed article's file is not known any more, from the moment that it is hidden, and nothing of it stays."""
    write(bridge := article("bridge"))
    readings.keep([reading_of(bridge)])
    writer.hide("bridge")
    assert readings.find("/news/a.md") is None
    writer.sweep(["bridge"])
    assert rows(database) == 0


def test_what_has_changed_meanwhile_is_dropped(
    database: Database, readings: Readings, write: Write, article: Make
) -> None:
    """A reading of what is not live, not any more or never, is not kept, and others are."""
    old = article("bridge", "It was open.")
    write(bridge := article("bridge"))
    others = [
        reading_of(old, "/1"),
        reading_of(replace(bridge, outlet="Courier"), "/2"),
        reading_of(article("x"), "/3"),
    ]
    readings.keep([*others, reading_of(bridge)])
    assert rows(database) == 1
    assert readings.find("/news/a.md")


def test_a_ledger_of_before_is_brought_up_to_date(
    tmp_path: Path, database: Database, write: Write, article: Make
) -> None:
    """A ledger of the schema without readings gets room for them, and its articles stay."""
    write(bridge := article("bridge"))
    database.close()
    step = next(number for number, step in enumerate(MIGRATIONS, 1) if step.__name__ == "_keep_readings")
    connection = sqlite3.connect(tmp_path / "ledger.db")
    with connection:
        connection.execute("DROP TABLE readings")
        connection.execute("UPDATE meta SET value = ? WHERE name = 'schema'", (str(step),))
    connection.close()
    present = Database(tmp_path / "ledger.db")
    readings = Readings(present)
    assert readings.find("/news/a.md") is None
    readings.keep([reading_of(bridge)])
    assert readings.find("/news/a.md") == reading_of(bridge)
    with present.begin() as opened:
        assert opened.exec_driver_sql("SELECT value FROM meta WHERE name = 'schema'").scalar_one() == str(SCHEMA)
        assert opened.exec_driver_sql("PRAGMA foreign_key_check").all() == []
    present.close()
