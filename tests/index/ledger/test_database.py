import errno
import sqlite3
import threading
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from index.errors import StorageError, StorageFullError
from index.ledger import Database
from index.ledger.migrations import MIGRATIONS, SCHEMA
from index.ledger.schema import metadata
from index.storage import storage_errors


def test_a_new_ledger_is_durable(database: Database) -> None:
    """A ledger is written ahead, synchronously, with foreign keys checked."""
    with database.begin() as connection:
        pragmas = [
            connection.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    assert pragmas == ["wal", 2, 1]
    assert database.path.exists()


def test_ledgers_made_by_several_at_once(tmp_path: Path) -> None:
    """Whoever opens the same new ledger at the same moment waits for the others."""
    errors: list[StorageError] = []

    def make(path: Path, together: threading.Barrier) -> None:
        together.wait()
        try:
            Database(path).close()
        except StorageError as exc:
            errors.append(exc)

    for number in range(30):
        together = threading.Barrier(4)
        makers = [threading.Thread(target=make, args=(tmp_path / f"{number}.db", together)) for _ in range(4)]
        for maker in makers:
            maker.start()
        for maker in makers:
            maker.join()
    assert not errors


def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    """What was written before an error inside of the transaction is undone."""
    written = text("INSERT INTO meta VALUES ('a', 'b')")
    with pytest.raises(StorageError), database.begin() as connection:
        list(map(connection.execute, (written, written)))
    with database.begin() as connection:
        assert connection.execute(text("SELECT count(*) FROM meta")).scalar_one() == 1


def test_a_statement_that_fails_is_a_storage_error(database: Database) -> None:
    """What SQLite reports comes with the path and the remedy."""
    refused = pytest.raises(StorageError, match=r"ledger.db cannot be read or written \(no such table: x\); check")
    with refused, database.begin() as connection:
        connection.execute(text("SELECT * FROM x"))


def test_opening_again_changes_nothing(database: Database, tmp_path: Path) -> None:
    """A ledger of the present schema is opened as it is."""
    with database.begin() as connection:
        connection.execute(text("INSERT INTO meta VALUES ('a', 'b')"))
    again = Database(tmp_path / "ledger.db")
    with again.begin() as connection:
        rows = {row.name: row.value for row in connection.execute(text("SELECT name, value FROM meta"))}
    again.close()
    assert rows == {"a": "b", "schema": str(SCHEMA)}


def test_a_newer_schema_is_refused(database: Database, tmp_path: Path) -> None:
    """A ledger that a newer version wrote is left alone."""
    with database.begin() as connection:
        connection.execute(text("UPDATE meta SET value = '99' WHERE name = 'schema'"))
    with pytest.raises(StorageError, match=r"written by a newer Pullquote \(schema 99\); update Pullquote"):
        Database(tmp_path / "ledger.db")
    with database.begin() as connection:
        assert connection.execute(text("SELECT value FROM meta WHERE name = 'schema'")).scalar_one() == "99"


def test_an_older_schema_is_migrated(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the steps that a ledger lacks are run, and its schema is then the present one."""

    def add_a_table(connection: Connection) -> None:
        connection.execute(text("CREATE TABLE later (a)"))

    database.close()
    monkeypatch.setattr("index.ledger.database.MIGRATIONS", (*MIGRATIONS, add_a_table))
    monkeypatch.setattr("index.ledger.database.SCHEMA", SCHEMA + 1)
    migrated = Database(tmp_path / "ledger.db")
    with migrated.begin() as connection:
        assert connection.execute(text("SELECT value FROM meta WHERE name = 'schema'")).scalar_one() == str(SCHEMA + 1)
        assert connection.execute(text("SELECT count(*) FROM later")).scalar_one() == 0
    migrated.close()
    Database(tmp_path / "ledger.db").close()


def test_an_interrupted_creation_is_begun_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A ledger whose creation was cut short can be opened afterwards."""

    def stop(connection: Connection) -> None:
        metadata.create_all(connection)
        raise KeyboardInterrupt

    with monkeypatch.context() as fault:
        fault.setattr("index.ledger.database.create", stop)
        with pytest.raises(KeyboardInterrupt):
            Database(tmp_path / "ledger.db")
    Database(tmp_path / "ledger.db").close()


def test_an_interrupted_migration_is_begun_again(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A migration that was cut short leaves the ledger as it was, so that it can run again."""

    def stop(connection: Connection) -> None:
        connection.execute(text("CREATE TABLE later (a)"))
        raise KeyboardInterrupt

    database.close()
    monkeypatch.setattr("index.ledger.database.MIGRATIONS", (*MIGRATIONS, stop))
    monkeypatch.setattr("index.ledger.database.SCHEMA", SCHEMA + 1)
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            Database(tmp_path / "ledger.db")


def test_a_file_that_is_no_ledger_is_refused(tmp_path: Path) -> None:
    """A file of another kind in the ledger's place is named, and not overwritten."""
    (tmp_path / "ledger.db").write_bytes(b"no database at all" * 100)
    with pytest.raises(
        StorageError, match=r"ledger\.db is damaged .*; restore a backup with `pullquote restore FILE --force`"
    ):
        Database(tmp_path / "ledger.db")
    assert (tmp_path / "ledger.db").read_bytes() == b"no database at all" * 100


@pytest.mark.parametrize("name", ["a b", "what?", "50%25", "a#b", "é", "a;b&c=d"])
def test_a_folder_of_any_name(tmp_path: Path, name: str) -> None:
    """The ledger lies where it was asked for, whatever characters are in the path."""
    Database(tmp_path / name / "ledger.db").close()
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name / "ledger.db").is_file()


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (errno.ENOSPC, StorageFullError),
        (errno.EDQUOT, StorageFullError),
        (errno.EFBIG, StorageFullError),
        (errno.EACCES, StorageError),
        (errno.EIO, StorageError),
    ],
)
def test_what_the_system_reports_is_translated(tmp_path: Path, code: int, expected: type[StorageError]) -> None:
    """A full disk or quota is told apart from other failures of the file system."""
    with pytest.raises(StorageError) as caught, storage_errors(tmp_path / "x"):
        raise OSError(code, "refused")
    assert type(caught.value) is expected


def test_other_errors_pass(tmp_path: Path) -> None:
    """An error that is not the disk's stays what it is."""
    with pytest.raises(sqlite3.ProgrammingError), storage_errors(tmp_path):
        raise sqlite3.ProgrammingError
