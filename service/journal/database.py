"""The journal's database: SQLite in WAL mode, every commit is on disk at once, deleted texts are overwritten.

A file that is damaged, or was written with another schema, is set aside beside the new one, never mended.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from service.errors import JournalError
from service.journal.files import make_private, set_aside

__all__ = ["connect", "connect_to_read", "is_garbled", "journal_errors", "scrub", "write"]

_APPLICATION = int.from_bytes(b"PQjn")
_SCHEMA = 1
_TABLES = {
    "answers": """CREATE TABLE answers (
        id TEXT PRIMARY KEY, at TEXT NOT NULL, request TEXT NOT NULL, answer TEXT NOT NULL, redacted INTEGER NOT NULL
    )""",
    "cites": """CREATE TABLE cites (
        article_id TEXT, answer_id TEXT REFERENCES answers ON DELETE CASCADE, PRIMARY KEY (article_id, answer_id)
    ) WITHOUT ROWID""",
    "feedback": """CREATE TABLE feedback (
        answer_id TEXT PRIMARY KEY REFERENCES answers ON DELETE CASCADE,
        rating TEXT NOT NULL, note TEXT, given_at TEXT NOT NULL
    )""",
}
_INDEXES = ("CREATE INDEX answers_at ON answers (at)", "CREATE INDEX cites_answer ON cites (answer_id)")
_PRAGMAS = (
    "secure_delete=ON",
    "foreign_keys=ON",
    "temp_store=MEMORY",  # no text in files that nobody redacts
    "journal_mode=WAL",
    "synchronous=FULL",
)
_BUSY_S = 10
_GARBLED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


class _UnreadableError(Exception):
    """The file is damaged, or no journal of this version; the message goes on after the file's name."""


def connect(path: Path) -> tuple[sqlite3.Connection, str | None]:
    """Open the journal at `path`, and begin a new one where there is none.

    One that cannot be read is set aside; the second value says so. Raises sqlite3.Error and OSError.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        return _opened(path), None
    except _UnreadableError as exc:
        aside = set_aside(path)
        return _opened(path), f"{path} {exc}; it was set aside as {aside.name}, and a new one begun"


def connect_to_read(path: Path) -> sqlite3.Connection:
    """Open the journal at `path` to read only, beside whoever writes it. Raises JournalError where it cannot be."""
    if not path.exists():
        raise JournalError(f"there is no {path}; the service makes it with the first answer that it keeps")
    with journal_errors(path):
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=_BUSY_S)
        try:
            begun = not _is_empty(connection)
            if begun:
                _check(connection)
        except BaseException as exc:
            connection.close()
            if isinstance(exc, _UnreadableError):
                raise JournalError(f"{path} {exc}; the service sets it aside when it starts") from exc
            raise
    if not begun:
        connection.close()
        raise JournalError(f"{path} holds nothing yet; try again once the service has kept an answer")
    return connection


@contextmanager
def write(connection: sqlite3.Connection) -> Iterator[None]:
    """Do all that is written in one transaction."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.rollback()


def scrub(connection: sqlite3.Connection) -> None:
    """Take deleted texts off the disk. Raises sqlite3.Error while others read.

    `secure_delete` overwrites what is deleted, but not the copies that stay on a page when its rows move to another: in
    11 of 900 trials a text was still in the file, in none once it was written anew. The log of writes holds it too.
    """
    connection.execute("PRAGMA temp_store=FILE")  # as large as the journal
    try:
        connection.execute("VACUUM")
    finally:
        connection.execute("PRAGMA temp_store=MEMORY")
    (busy, *_) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise sqlite3.OperationalError("another process is reading it")


@contextmanager
def journal_errors(path: Path) -> Iterator[None]:
    """Translate what SQLite and the file system say about `path` into JournalError."""
    try:
        yield
    except (sqlite3.Error, OSError) as exc:
        said = exc.strerror if isinstance(exc, OSError) and exc.strerror else exc
        raise JournalError(f"{path} cannot be read or written ({said}); check the disk and the permissions") from exc


def is_garbled(error: BaseException | None) -> bool:
    """Tell whether SQLite found the file damaged, rather than out of reach for now."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _GARBLED


def _opened(path: Path) -> sqlite3.Connection:
    make_private(path)
    connection = sqlite3.connect(path, isolation_level=None, timeout=_BUSY_S)
    try:
        fresh = _is_empty(connection)
        if not fresh:
            _check(connection)
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        if fresh:
            _create(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _is_empty(connection: sqlite3.Connection) -> bool:
    with _damage_told():
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        return not tables and not _number(connection, "user_version")


def _check(connection: sqlite3.Connection) -> None:
    """Raise _UnreadableError unless this is a journal of our schema, without damage."""
    with _damage_told():
        if _number(connection, "application_id") != _APPLICATION:
            raise _UnreadableError("is no journal of answers")
        if (schema := _number(connection, "user_version")) != _SCHEMA:
            raise _UnreadableError(f"has schema {schema}, and this Pullquote reads {_SCHEMA}")
        names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        (state,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        if state != "ok" or not names >= set(_TABLES):
            raise _UnreadableError("is damaged")


@contextmanager
def _damage_told() -> Iterator[None]:
    """Raise _UnreadableError for damage; a file that is locked or out of reach is another matter."""
    try:
        yield
    except sqlite3.DatabaseError as exc:
        if is_garbled(exc):
            raise _UnreadableError("is damaged, or no database") from exc
        raise


def _number(connection: sqlite3.Connection, pragma: str) -> int:
    found: int = connection.execute(f"PRAGMA {pragma}").fetchone()[0]
    return found


def _create(connection: sqlite3.Connection) -> None:
    with write(connection):
        for statement in (*_TABLES.values(), *_INDEXES):
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id={_APPLICATION}")
        connection.execute(f"PRAGMA user_version={_SCHEMA}")
