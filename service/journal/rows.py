"""Rows of the journal, read as bodies."""

import sqlite3
from contextlib import closing
from pathlib import Path

import structlog
from pydantic import ValidationError

from service.contract import Answer, AskIn, FeedbackBody, Rating
from service.journal.bodies import Kept
from service.journal.database import connect_to_read, journal_errors

__all__ = ["read_kept", "read_row"]

_SELECT = """SELECT at, request, answer, redacted, id, rating, note, given_at
    FROM answers LEFT JOIN feedback ON answer_id = id"""
_Row = tuple[str, str, str, int, str, Rating | None, str | None, str | None]


def read_kept(path: Path, *, rating: Rating | None = None) -> list[Kept]:
    """Return what the journal at `path` keeps, of one rating or of all and none, in the order of giving.

    The service may go on meanwhile. A row that cannot be read is left out, and the log says so. Raises JournalError.
    """
    with closing(connect_to_read(path)) as connection, journal_errors(path):
        rows: list[_Row] = connection.execute(
            f"{_SELECT} WHERE ? IS NULL OR rating = ? ORDER BY at, id", (rating, rating)
        ).fetchall()
    return [kept for row in rows if (kept := _kept(row))]


def read_row(connection: sqlite3.Connection, answer_id: str) -> Kept | None:
    """Return one row, or None for one that cannot be read."""
    row: _Row = connection.execute(f"{_SELECT} WHERE id = ?", (answer_id,)).fetchone()
    return _kept(row)


def _kept(row: _Row) -> Kept | None:
    at, request, answer, redacted, answer_id, rating, note, given_at = row
    try:
        body = rating and FeedbackBody(answer_id=answer_id, rating=rating, note=note, given_at=given_at or at)
        return Kept(
            at, AskIn.model_validate_json(request), Answer.model_validate_json(answer), bool(redacted), body or None
        )
    except ValidationError:  # its words hold what was asked
        structlog.get_logger("pullquote.journal").warning("a kept answer cannot be read", id=answer_id)
        return None
