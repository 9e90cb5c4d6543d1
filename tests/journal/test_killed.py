"""Killed in the middle of writing: what was acknowledged is there, and what was to go goes."""

import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from service.journal import read_kept
from service.journal.file import JournalFile

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent.parent
SENTENCE = "The heron nests on the old pier"
WRITER = f"""
import sys
from datetime import UTC, datetime
from pathlib import Path
from service.contract import Answer, AskIn, FeedbackIn
from service.journal.file import JournalFile

file = JournalFile(Path(sys.argv[1]), days=30, now=lambda: datetime.now(UTC))
known = dict.fromkeys(("url", "title", "author", "outlet", "published_at", "as_of", "reason"))
known |= dict.fromkeys(("statements", "citations", "dropped", "searched", "degraded"), [])
known |= dict.fromkeys(("model", "prompts", "usage", "timings_ms"), {{}})
n = 0
while True:
    quote = "{SENTENCE} " + str(n) + " " + "x" * (n * 977 % 9_000)
    near = dict(known, article_id="a" + str(n % 3), version="v", quote=quote, start=0, end=1)
    body = dict(known, id="ans_" + str(n), outcome="not_found", answer="", nearest=[near])
    file.keep(AskIn(question="q" * (n * 613 % 3_000 + 1)), Answer.model_validate(body))
    file.rate(FeedbackIn(answer_id="ans_" + str(n), rating="down", note=str(n)))
    print(n, flush=True)
    if len(sys.argv) > 2 and n % 7 == 6:
        file.redact(frozenset(["a1"]))
        print("redacted", n, flush=True)
    n += 1
"""


def killed(path: Path, lines: int, delay_s: float, *arguments: str) -> list[str]:
    """Write until so many lines were said, wait a moment, kill, and return all that was said."""
    command = [sys.executable, "-c", WRITER, str(path), *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603  (our own)
        assert process.stdout
        said = [process.stdout.readline() for _ in range(lines)]
        time.sleep(delay_s)
        process.send_signal(signal.SIGKILL)
        return [line.strip() for line in (*said, *process.stdout)]


@pytest.mark.parametrize(("lines", "delay_s"), [(5, 0.0), (20, 0.011), (45, 0.003)])
def test_what_was_acknowledged_survives_a_kill(file: JournalFile, notes: list[str], lines: int, delay_s: float) -> None:
    """Every answer and rating that was said to be kept is there, whole, and the file goes on being written."""
    said = {int(line) for line in killed(file.path, lines, delay_s)}
    rows = {int(kept.answer.id.removeprefix("ans_")): kept for kept in read_kept(file.path)}
    assert len(said) >= lines
    assert said <= set(rows) <= said | {max(said) + 1}
    for n in said:
        feedback = rows[n].feedback
        assert feedback
        assert feedback.note == str(n)
        assert rows[n].answer.nearest[0].quote.startswith(f"{SENTENCE} {n} ")
    assert file.count() == len(rows)
    assert notes == []
    with sqlite3.connect(file.path) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()


@pytest.mark.parametrize("delay_s", [0.0, 0.004])
def test_a_kill_while_redacting_leaves_nothing_half_done(
    file: JournalFile, on_disk: Callable[[str], list[str]], delay_s: float
) -> None:
    """Rows are readable; redacting again, as the next start does, takes the words off the disk."""
    killed(file.path, 14, delay_s, "redacting")
    quotes = [kept.answer.nearest[0].quote for kept in read_kept(file.path)]
    assert all(not quote or quote.startswith(SENTENCE) for quote in quotes)
    file.redact(frozenset(["a0", "a1", "a2"]))
    assert on_disk(SENTENCE) == []
    assert {kept.answer.nearest[0].quote for kept in read_kept(file.path)} == {""}
