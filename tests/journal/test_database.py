import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from service.journal.database import connect, scrub, write

OnDisk = Callable[[str], list[str]]
MARK = "CANARY"


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a journal, and close it."""
    connection, note = connect(path)
    assert note is None
    try:
        yield connection
    finally:
        connection.close()


def fill_and_delete(connection: sqlite3.Connection, seed: int) -> None:
    """Write short and long rows in no order, and take the words of a third of them away, by either way there is."""
    draw = random.Random(seed)  # noqa: S311  (no secret)
    for n in range(200):
        row = (str(draw.random()), f"{MARK if n % 3 else 'kept'} {'z' * draw.choice([5, 50, 200, 700, 1_500])}")
        connection.execute("INSERT INTO answers VALUES (?, '', ?, '', 0)", row)
    with write(connection):
        if seed % 2:
            connection.execute("DELETE FROM answers WHERE request LIKE ?", (f"{MARK}%",))
        else:
            shorter = "m" * draw.choice([0, 30, 900])
            connection.execute("UPDATE answers SET request = ? WHERE request LIKE ?", (shorter, f"{MARK}%"))


def test_a_commit_is_on_disk_and_deletions_overwrite(path: Path) -> None:
    """The settings on which durability and privacy rest are those of every connection."""
    for _ in range(2):
        with opened(path) as connection:
            found = {
                name: connection.execute(f"PRAGMA {name}").fetchone()[0]
                for name in ("journal_mode", "synchronous", "secure_delete", "foreign_keys", "temp_store")
            }
        safe = {"synchronous": 2, "secure_delete": 1, "foreign_keys": 1, "temp_store": 2}
        assert found == {"journal_mode": "wal", **safe}


@pytest.mark.parametrize("seed", range(12))
def test_what_was_deleted_is_off_the_disk_once_scrubbed(path: Path, on_disk: OnDisk, seed: int) -> None:
    """Overwriting alone leaves copies on pages that rows have left, and in the log of writes; scrubbing takes both."""
    with opened(path) as connection:
        fill_and_delete(connection, seed)
        assert "journal.db-wal" in on_disk(MARK)
        scrub(connection)
        assert on_disk(MARK) == []
        assert on_disk("kept zzzzz")


def test_a_transaction_that_fails_leaves_nothing(path: Path) -> None:
    """What was written before the error is taken back, and the connection can be used."""
    row = "INSERT INTO answers VALUES (?, '', '', '', 0)"
    with opened(path) as connection:
        with suppress(RuntimeError), write(connection):
            connection.execute(row, ("ans_1",))
            raise RuntimeError
        with write(connection):
            connection.execute(row, ("ans_2",))
        assert connection.execute("SELECT id FROM answers").fetchall() == [("ans_2",)]
