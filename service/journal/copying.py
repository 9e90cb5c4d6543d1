"""A copy of the journal, for backups: made while the service writes, without the words of removed articles."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from service.journal.bodies import utc_now
from service.journal.database import connect_to_read, journal_errors
from service.journal.file import JournalFile

__all__ = ["copy_journal", "count_answers"]


def copy_journal(path: Path, target: Path, *, days: int, is_live: Callable[[str], bool]) -> int:
    """Write the journal as it is now to a new file; return how many answers it holds.

    What quotes articles that are not `is_live` any more, since a kill came in between, is redacted in the copy.
    Raises JournalError.
    """
    with closing(connect_to_read(path)) as connection, journal_errors(target):
        connection.execute("VACUUM INTO ?", (str(target),))
    copied = JournalFile(target, days=days, now=utc_now)
    try:
        copied.redact(frozenset(name for name in copied.cited() if not is_live(name)))
        return copied.count()
    finally:
        copied.close()


def count_answers(path: Path) -> int:
    """Count the answers of a journal that came from elsewhere. Raises JournalError for what is none of ours."""
    with closing(connect_to_read(path)) as connection, journal_errors(path):
        return int(connection.execute("SELECT count(*) FROM answers").fetchone()[0])
