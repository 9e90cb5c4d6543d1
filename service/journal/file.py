"""The journal as a file: each public method is one transaction. For one thread alone."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from service.contract import Answer, AskIn, FeedbackBody, FeedbackIn
from service.errors import AnswerNotKeptError
from service.journal.bodies import cited_articles, stamp, to_json
from service.journal.database import connect, is_garbled, journal_errors, scrub, write
from service.journal.files import asides, delete_files, delete_old_asides
from service.journal.redacting import redact_rows
from service.journal.redaction import redact_answer, redact_request

__all__ = ["JournalFile"]


class JournalFile:
    """Keep answers at `path` for some days by the clock `now`; opened by the first call that needs it.

    Every method may raise JournalError. `on_aside` is told where a file that could not be read went.
    """

    def __init__(
        self, path: Path, *, days: int, now: Callable[[], datetime], on_aside: Callable[[str], None] = lambda _: None
    ) -> None:
        self.path = path
        self._days = days
        self._now = now
        self._on_aside = on_aside
        self._connection: sqlite3.Connection | None = None
        self._unscrubbed = False

    @property
    def exists(self) -> bool:
        """Tell whether anything was ever kept."""
        return self.path.exists()

    def keep(self, request: AskIn, answer: Answer, gone: frozenset[str] = frozenset()) -> None:
        """Keep an answer, without the words of articles that are `gone` since it was made."""
        kept, removed = redact_answer(answer, gone)
        request, kept = redact_request(request, kept, removed)
        row = (kept.id, stamp(self._now()), to_json(request), to_json(kept), kept is not answer)
        cites = [(article_id, kept.id) for article_id in sorted(cited_articles(answer) - gone)]
        with self._writing() as connection:
            connection.execute("INSERT INTO answers (id, at, request, answer, redacted) VALUES (?, ?, ?, ?, ?)", row)
            connection.executemany("INSERT INTO cites (article_id, answer_id) VALUES (?, ?)", cites)

    def rate(self, feedback: FeedbackIn) -> FeedbackBody:
        """Store feedback in place of what the answer had. Raises AnswerNotKeptError for an unknown one."""
        body = FeedbackBody(**feedback.model_dump(), given_at=stamp(self._now()))
        with self._writing() as connection:
            known = connection.execute("SELECT 1 FROM answers WHERE id = ?", (body.answer_id,)).fetchone()
            if not known:
                raise AnswerNotKeptError(
                    f"no answer {body.answer_id[:70]!r} is kept; answers are kept for {self._days} days "
                    "(PULLQUOTE_KEEP_ANSWERS_DAYS), so ask again and rate the new answer"
                )
            connection.execute(
                "REPLACE INTO feedback (answer_id, rating, note, given_at) "
                "VALUES (:answer_id, :rating, :note, :given_at)",
                body.model_dump(),
            )
        return body

    def redact(self, article_ids: frozenset[str]) -> int:
        """Take the words of these articles out of everything that is kept, and off the disk; return of how many rows.

        For articles that were deleted. One that was replaced stays quoted as it was: the citation names its version.
        Where this fails half-way, the articles stay among those `cited`, so that it can be done again.
        """
        if not (article_ids and self.exists):
            return 0
        with self._writing() as connection:
            n = redact_rows(connection, article_ids)
        if n:
            self._scrub()
            with self._writing() as connection:
                connection.executemany("DELETE FROM cites WHERE article_id = ?", [(name,) for name in article_ids])
        return n

    def expire(self) -> int:
        """Delete answers, with their feedback, and journals set aside that are past their days; return how many.

        Whole days (UTC) go at once, since what is left is written anew.
        """
        before = (self._now() - timedelta(days=self._days)).astimezone(UTC).replace(hour=0, minute=0, second=0)
        with journal_errors(self.path):
            delete_old_asides(self.path, before)
        if not self.exists:
            return 0
        with self._writing() as connection:
            n = connection.execute("DELETE FROM answers WHERE at < ?", (stamp(before),)).rowcount
        if n or self._unscrubbed:
            self._scrub()
        return n

    def cited(self) -> list[str]:
        """Return the ids of all articles that kept answers quote."""
        with self._using() as connection:
            return [name for (name,) in connection.execute("SELECT DISTINCT article_id FROM cites ORDER BY article_id")]

    def count(self) -> int:
        """Return how many answers are kept."""
        with self._using() as connection:
            return int(connection.execute("SELECT count(*) FROM answers").fetchone()[0])

    def delete(self) -> None:
        """Delete the journal, and those that were set aside."""
        self.close()
        with journal_errors(self.path):
            for path in (*asides(self.path), self.path):
                delete_files(path)

    def close(self) -> None:
        """Close the file; the next call opens it again."""
        connection, self._connection = self._connection, None
        if connection:
            with journal_errors(self.path):
                connection.close()

    def _scrub(self) -> None:
        self._unscrubbed = True
        with self._using() as connection:
            scrub(connection)
        self._unscrubbed = False

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._using() as connection, write(connection):
            yield connection

    @contextmanager
    def _using(self) -> Iterator[sqlite3.Connection]:
        """Yield the connection; a file that proves damaged is closed, so that opening it again sets it aside."""
        with journal_errors(self.path):
            if self._connection is None:
                self._connection, note = connect(self.path)
                if note:
                    self._on_aside(note)
            try:
                yield self._connection
            except sqlite3.DatabaseError as exc:
                if is_garbled(exc):
                    self.close()
                raise
