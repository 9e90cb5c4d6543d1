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


def test_the_full_text_follows_the_contents(
    database: Database, writer: Writer, write: Callable[..., list[int]], article: Callable[..., Article]
) -> None:
    """Words come with the contents of a passage, be they of its text or its title, and go with them."""
    write(article("a", "Ferries stopped.", title="Harbour"))
    assert terms(database) == {"ferri", "stop", "harbour"}
    write(article("a", "Ferries stopped.", title="Port"))
    writer.sweep(["a"])
    assert terms(database) == {"ferri", "stop", "port"}
    writer.hide("a")
    writer.sweep()
    assert terms(database) == set()


@pytest.mark.parametrize(
    "row",
    [
        "contents VALUES (99, '', '', x'', x'', x'')",
        "passages VALUES (1, 99, 99, 0, 0, 1, 1, 1)",
        "signatures VALUES (99, x'')",
        "bands VALUES (1, 99)",
    ],
)
def test_a_row_needs_what_it_points_at(database: Database, row: str) -> None:
    """The ledger refuses rows that point nowhere."""
    with pytest.raises(StorageError) as caught, database.begin() as connection:
        connection.execute(text(f"INSERT INTO {row}"))
    assert isinstance(caught.value.__cause__, IntegrityError)
