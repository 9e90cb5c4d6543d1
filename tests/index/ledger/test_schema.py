from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from index.articles import Article
from index.errors import StorageError
from index.ledger import Database, Writer


def terms(database: Database) -> set[str]:
    """Return the words of the full-text table."""
    with database.begin() as connection:
        connection.execute(text("INSERT INTO lexicon(lexicon) VALUES ('integrity-check')"))
        return set(connection.execute(text("SELECT term FROM lexicon_words")).scalars())


def test_the_full_text_follows_the_passages(
    database: Database, writer: Writer, write: Callable[..., list[int]], article: Callable[..., Article]
) -> None:
    """Words come with a passage, change with its title, and go with it."""
    write(article("a", "Ferries stopped.", title="Harbour"))
    assert terms(database) == {"ferri", "stop", "harbour"}
    writer.update_metadata(article("a", "Ferries stopped.", title="Port"), ["port"])
    assert terms(database) == {"ferri", "stop", "port"}
    writer.hide("a")
    writer.sweep()
    assert terms(database) == set()


def test_a_passage_needs_its_version(database: Database) -> None:
    """The ledger refuses rows that point nowhere."""
    with pytest.raises(StorageError) as caught, database.begin() as connection:
        connection.execute(text("INSERT INTO sentences VALUES (1, 99, 0, 0, 1, 1)"))
    assert isinstance(caught.value.__cause__, IntegrityError)
