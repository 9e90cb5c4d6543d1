"""Redacting rows of the journal."""

import sqlite3

from service.contract import Answer, AskIn
from service.journal.bodies import to_json
from service.journal.redaction import Removed, redact_answer, redact_note, redact_request
from service.journal.rows import read_row

__all__ = ["redact_rows"]


def redact_rows(connection: sqlite3.Connection, article_ids: frozenset[str]) -> int:
    """Take the words of these articles out of every row, within a transaction; return how many were changed.

    First out of the answers that name them, then, of what went there, out of what readers sent with any question. A
    row that cannot be read cannot be redacted either, and is deleted.
    """
    removed, changed = Removed(), set()
    for answer_id in _naming(connection, article_ids):
        changed.add(answer_id)
        if kept := read_row(connection, answer_id):
            answer, gone = redact_answer(kept.answer, article_ids)
            removed |= gone
            _replace(connection, answer_id, kept.request, answer)
        else:
            connection.execute("DELETE FROM answers WHERE id = ?", (answer_id,))
    if removed:
        changed |= _redact_requests(connection, removed)
    return len(changed)


def _redact_requests(connection: sqlite3.Connection, removed: Removed) -> set[str]:
    """Take what went out of questions, histories and notes; return the ids of the answers where it stood."""
    changed = set()
    for (answer_id,) in connection.execute("SELECT id FROM answers").fetchall():
        kept = read_row(connection, answer_id)
        if kept is None:
            connection.execute("DELETE FROM answers WHERE id = ?", (answer_id,))
            changed.add(answer_id)
            continue
        request, answer = redact_request(kept.request, kept.answer, removed)
        if request != kept.request:
            _replace(connection, answer_id, request, answer)
            changed.add(answer_id)
        if kept.feedback and (note := redact_note(kept.feedback.note, removed)) != kept.feedback.note:
            connection.execute("UPDATE feedback SET note = ? WHERE answer_id = ?", (note, answer_id))
            changed.add(answer_id)
    return changed


def _naming(connection: sqlite3.Connection, article_ids: frozenset[str]) -> list[str]:
    """Return the ids of the answers that hold a sentence of one of these articles."""
    found = {
        answer_id
        for article_id in article_ids
        for (answer_id,) in connection.execute("SELECT answer_id FROM cites WHERE article_id = ?", (article_id,))
    }
    return sorted(found)


def _replace(connection: sqlite3.Connection, answer_id: str, request: AskIn, answer: Answer) -> None:
    connection.execute(
        "UPDATE answers SET request = ?, answer = ?, redacted = 1 WHERE id = ?",
        (to_json(request), to_json(answer), answer_id),
    )
