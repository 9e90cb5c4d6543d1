"""A ledger that is not as it was written is refused with the remedy, and never quoted from."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from index.articles import Article
from index.errors import LedgerDamagedError
from index.ledger import Database, Reader

Make = Callable[..., Article]
REMEDY = r"restore a backup with `pullquote restore FILE --force`"


def overwrite(path: Path, at: int, content: bytes) -> None:
    """Overwrite bytes of a file."""
    with path.open("r+b") as file:
        file.seek(at)
        file.write(content)


def test_a_letter_that_changed_on_the_disk(
    database: Database, reader: Reader, write: Callable[..., list[int]], article: Make
) -> None:
    """A text whose checksum is not its version's is neither shown nor quoted, though SQLite finds nothing wrong."""
    write(article("bridge"))
    write(article("ferry", "Ferries stopped."))
    database.close()
    place = database.path.read_bytes().index(b"It cost ten million crowns")
    overwrite(database.path, place, b"It cost two")
    database.check()
    with pytest.raises(LedgerDamagedError, match=rf"the text of article 'bridge' is not as it was stored.*{REMEDY}"):
        reader.article("bridge")
    assert reader.article("ferry").text == "Ferries stopped."


def test_letters_that_are_none(
    database: Database, reader: Reader, write: Callable[..., list[int]], article: Make
) -> None:
    """Bytes that are no UTF-8 any more are damage too."""
    write(article("bridge"))
    database.close()
    overwrite(database.path, database.path.read_bytes().index(b"ten million"), b"\xff\xfe\xff")
    with pytest.raises(LedgerDamagedError, match=rf"ledger\.db is damaged .*{REMEDY}"):
        reader.article("bridge")


@pytest.mark.parametrize("page", [2, 5, 9, 20])
def test_a_page_of_garbage(database: Database, write: Callable[..., list[int]], article: Make, page: int) -> None:
    """A page that was overwritten is found by reading the whole, at the latest."""
    for i in range(40):
        write(article(f"a{i}", f"The bridge number {i} opened. It is long."))
    database.close()
    overwrite(database.path, 4096 * (page - 1), b"\xa5" * 4096)
    with pytest.raises(LedgerDamagedError, match=rf"ledger\.db is damaged .*{REMEDY}"):
        Database(database.path).check()


def test_a_ledger_cut_in_half(database: Database, write: Callable[..., list[int]], article: Make) -> None:
    """A file that lost its end is refused at opening or by reading the whole."""
    for i in range(40):
        write(article(f"a{i}", f"The bridge number {i} opened. It is long."))
    database.close()
    content = database.path.read_bytes()
    database.path.write_bytes(content[: len(content) // 2])
    with pytest.raises(LedgerDamagedError, match=REMEDY):
        Database(database.path).check()


def test_a_sound_ledger_is_sound(database: Database, write: Callable[..., list[int]], article: Make) -> None:
    """Reading the whole of a ledger that nothing happened to finds nothing."""
    write(article("bridge"))
    database.check()
    with sqlite3.connect(database.path) as connection:
        assert connection.execute("PRAGMA quick_check").fetchone() == ("ok",)
    connection.close()
