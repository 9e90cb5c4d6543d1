"""A journal that cannot be read: set aside and told, never in the way."""

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from os import utime
from pathlib import Path
from typing import Any

import pytest

from service.errors import JournalError
from service.journal import read_kept
from service.journal.file import JournalFile

Spoil = Callable[[Path], None]


def garbage(path: Path) -> None:
    """Put something else in its place."""
    path.write_bytes(b"this is no database at all, whatever its name says" * 50)


def torn(path: Path) -> None:
    """Overwrite pages in the middle."""
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(size // 4)
        file.write(b"\xff" * (size // 2))


def cut(path: Path) -> None:
    """Leave the first half."""
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)


def _executed(path: Path, *statements: str) -> None:
    with sqlite3.connect(path) as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


def newer(path: Path) -> None:
    """Let it be of a later schema."""
    _executed(path, "PRAGMA user_version=2")


def older(path: Path) -> None:
    """Let it be of a schema before the first."""
    _executed(path, "PRAGMA user_version=0")


def foreign(path: Path) -> None:
    """Put the database of another program in its place."""
    path.unlink()
    _executed(path, "CREATE TABLE answers (id TEXT)", "PRAGMA user_version=1")


def halved(path: Path) -> None:
    """Take a table away."""
    _executed(path, "DROP TABLE feedback")


@pytest.fixture
def spoilt(path: Path, make: Any) -> Callable[[Spoil], bytes]:
    """Return what keeps some answers, closes the journal, spoils its file, and gives the bytes of that."""

    def spoil(how: Spoil) -> bytes:
        file = JournalFile(path, days=30, now=lambda: datetime.now(UTC))
        for n in range(20):
            file.keep(make.request("x" * 3_000), make.answer(answer_id=f"ans_{n}"))
        file.close()
        how(path)
        return path.read_bytes()

    return spoil


@pytest.mark.parametrize("how", [garbage, torn, cut, newer, older, foreign, halved])
def test_a_journal_that_cannot_be_read_is_set_aside(
    file: JournalFile, make: Any, notes: list[str], spoilt: Callable[[Spoil], bytes], how: Spoil
) -> None:
    """It stays beside the new one byte for byte, which is usable at once, and the note names both."""
    content = spoilt(how)
    file.keep(make.request(), make.answer())
    assert file.count() == 1
    assert file.path.with_name("journal.db.aside-1").read_bytes() == content
    (note,) = notes
    assert note.startswith(str(file.path))
    assert note.endswith("; it was set aside as journal.db.aside-1, and a new one begun")
    file.close()
    assert file.count() == 1
    assert len(notes) == 1


@pytest.mark.parametrize("how", [garbage, newer])
def test_reading_sets_nothing_aside(path: Path, spoilt: Callable[[Spoil], bytes], how: Spoil) -> None:
    """Who only reads is told what the matter is, and leaves the file as it was."""
    content = spoilt(how)
    with pytest.raises(JournalError, match="the service sets it aside when it starts"):
        read_kept(path)
    assert path.read_bytes() == content
    assert not path.with_name("journal.db.aside-1").exists()


def test_the_schema_is_told(file: JournalFile, notes: list[str], spoilt: Callable[[Spoil], bytes]) -> None:
    """The note tells a journal of another version from a damaged one."""
    spoilt(newer)
    assert file.count() == 0
    assert "has schema 2, and this Pullquote reads 1" in notes[0]
    file.close()
    garbage(file.path)
    assert file.count() == 0
    assert "is damaged" in notes[1]
    assert file.path.with_name("journal.db.aside-2").exists()


def test_damage_while_it_is_open_is_mended_by_the_next_call(file: JournalFile, make: Any, notes: list[str]) -> None:
    """The call that meets it fails; from the next one on there is a new journal."""
    for n in range(20):
        file.keep(make.request("x" * 3_000), make.answer(answer_id=f"ans_{n}"))
    file.close()
    assert file.count() == 20
    with file.path.open("r+b") as raw:
        raw.seek(4_096)
        raw.write(b"\xff" * (file.path.stat().st_size - 4_096))
    file._connection.execute("PRAGMA shrink_memory")  # type: ignore[union-attr]
    with pytest.raises(JournalError, match="malformed"):
        file.keep(make.request(), make.answer(answer_id="ans_new"))
    file.keep(make.request(), make.answer(answer_id="ans_new"))
    assert file.count() == 1
    assert len(notes) == 1


def test_reading_a_journal_that_is_just_begun_is_told(path: Path) -> None:
    """Who reads in the moment in which it is made is told to come again."""
    path.parent.mkdir()
    path.touch()
    with pytest.raises(JournalError, match="holds nothing yet"):
        read_kept(path)


def test_an_empty_file_is_a_new_journal(file: JournalFile, make: Any, notes: list[str]) -> None:
    """What a kill at the very beginning leaves is no reason to set anything aside."""
    file.path.parent.mkdir()
    file.path.touch()
    file.keep(make.request(), make.answer())
    assert (file.count(), notes) == (1, [])


def test_a_file_that_is_locked_is_not_set_aside(
    file: JournalFile, make: Any, notes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another writer is an error that passes, and no damage."""
    monkeypatch.setattr("service.journal.database._BUSY_S", 0.05)
    file.keep(make.request(), make.answer())
    file.close()
    other = sqlite3.connect(file.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(JournalError, match="locked"):
        file.keep(make.request(), make.answer(answer_id="ans_2"))
    other.execute("COMMIT")
    other.close()
    file.keep(make.request(), make.answer(answer_id="ans_2"))
    assert (file.count(), notes) == (2, [])


@pytest.mark.parametrize("in_the_way", ["file", "folder"])
def test_a_disk_that_refuses_is_told_by_name(file: JournalFile, make: Any, in_the_way: str) -> None:
    """A folder in place of the journal, or a file in place of its folder: an error that names the path."""
    if in_the_way == "file":
        file.path.parent.write_text("")
    else:
        file.path.mkdir(parents=True)
    with pytest.raises(JournalError, match=r"journal\.db cannot be read or written \(.*\); check the disk"):
        file.keep(make.request(), make.answer())
    if in_the_way == "folder":
        file.path.rmdir()
        file.keep(make.request(), make.answer())
        assert file.count() == 1


def test_a_full_disk_costs_the_answer_alone(file: JournalFile, make: Any) -> None:
    """What does not fit is refused, what was kept stays, and what fits is kept afterwards."""
    file.keep(make.request(), make.answer())
    connection = file._connection
    assert connection
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count={pages + 1}")
    with pytest.raises(JournalError, match="full"):
        file.keep(make.request("x" * 100_000), make.answer(answer_id="ans_2"))
    connection.execute("PRAGMA max_page_count=100000")
    file.keep(make.request("x" * 100_000), make.answer(answer_id="ans_3"))
    assert [kept.answer.id for kept in read_kept(file.path)] == ["ans_1", "ans_3"]


def test_what_was_set_aside_goes_after_its_days(
    file: JournalFile, clock: Any, spoilt: Callable[[Spoil], bytes]
) -> None:
    """Its answers are as private as the others: last written thirty days ago, it goes."""
    spoilt(garbage)
    file.count()
    aside = file.path.with_name("journal.db.aside-1")
    for days, left in ((29, True), (32, False)):
        moment = (clock() - timedelta(days=days)).timestamp()
        utime(aside, (moment, moment))
        file.expire()
        assert aside.exists() is left
    assert file.path.exists()
