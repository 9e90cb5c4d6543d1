"""A restore that is killed at any point leaves the old library or the new one, and the next owner ends it."""

import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest

from index import restoring
from index.owner import Ownership
from index.restoring import begin_restore, commit_restore, finish_restore, is_pending

KNOWN = ("ledger.db", "journal.db")


class _KilledError(Exception):
    """Stands for whatever ends the process."""


def write(path: Path, word: str) -> None:
    """Write a small database, and leave a part of it in the log as a kill does."""
    connection = sqlite3.connect(path)
    connection.executescript("PRAGMA journal_mode=WAL; CREATE TABLE said (word)")
    connection.execute("INSERT INTO said VALUES (?)", [word])
    connection.commit()
    log = path.with_name(f"{path.name}-wal").read_bytes()
    content = path.read_bytes()
    connection.close()
    path.write_bytes(content)
    path.with_name(f"{path.name}-wal").write_bytes(log)


def word(path: Path) -> str:
    """Return what a database says."""
    with closing(sqlite3.connect(path)) as connection:
        return str(connection.execute("SELECT word FROM said").fetchone()[0])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a library with an old ledger and journal, their logs, and a vector index."""
    for name in KNOWN:
        write(tmp_path / name, "old")
    (tmp_path / "vectors" / "1").mkdir(parents=True)
    return tmp_path


def fill(folder: Path, *names: str) -> None:
    """Unpack new files."""
    filling = begin_restore(folder)
    for name in names:
        with closing(sqlite3.connect(filling / name)) as connection:
            connection.execute("CREATE TABLE said (word)")
            connection.execute("INSERT INTO said VALUES ('new')")
            connection.commit()


def test_the_new_takes_the_place_of_the_old(folder: Path) -> None:
    """Both databases are the new ones, whose logs are not the old ones', and the vector index goes."""
    fill(folder, *KNOWN)
    commit_restore(folder, KNOWN)
    assert [word(folder / name) for name in KNOWN] == ["new", "new"]
    assert sorted(path.name for path in folder.iterdir() if "-" not in path.name) == sorted(KNOWN)


def test_what_was_not_restored_goes(folder: Path) -> None:
    """A journal of the old library does not stay beside the new ledger."""
    fill(folder, "ledger.db")
    commit_restore(folder, KNOWN)
    assert word(folder / "ledger.db") == "new"
    assert not any(path.name.startswith("journal") for path in folder.iterdir())


def test_what_was_not_decided_for_is_abandoned(folder: Path) -> None:
    """Files that were unpacked when the process was killed are deleted by the next owner, and the old stay."""
    fill(folder, *KNOWN)
    Ownership(folder).release()
    assert [word(folder / name) for name in KNOWN] == ["old", "old"]
    assert not any(path.name.startswith("restore") for path in folder.iterdir())


def _kill_at(monkeypatch: pytest.MonkeyPatch, number: int) -> Callable[[], int]:
    """Have the n-th step that changes the disk raise; return what counts the steps."""
    steps = 0

    def counted(real: Callable[..., object]) -> Callable[..., object]:
        def step(*args: object, **kwargs: object) -> object:
            nonlocal steps
            steps += 1
            if steps == number:
                raise _KilledError
            return real(*args, **kwargs)

        return step

    for name in ("unlink", "rename", "replace", "write_text"):
        monkeypatch.setattr(Path, name, counted(getattr(Path, name)))
    for module, name in ((restoring.shutil, "rmtree"), (restoring, "discard"), (restoring, "_sync")):
        monkeypatch.setattr(module, name, counted(getattr(module, name)))
    return lambda: steps


@pytest.mark.parametrize("names", [KNOWN, KNOWN[:1]], ids=["both", "ledger alone"])
def test_a_kill_at_every_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, names: tuple[str, ...]) -> None:
    """Whichever step was the last, both are old or both are new once the next owner came, and nothing is left over."""
    outcomes = []
    for number in range(1, 100):
        folder = tmp_path / str(number)
        folder.mkdir()
        for name in KNOWN:
            write(folder / name, "old")
        fill(folder, *names)
        with monkeypatch.context() as fault:
            steps = _kill_at(fault, number)
            with suppress(_KilledError):
                commit_restore(folder, KNOWN)
            done = steps() < number
        Ownership(folder).release()
        said = [word(folder / name) if (folder / name).exists() else "gone" for name in KNOWN]
        assert said in (["old", "old"], ["new", "new" if len(names) == 2 else "gone"])
        assert not is_pending(folder)
        assert not any(path.name.startswith("restore") for path in folder.iterdir())
        outcomes.append(said[0])
        if done:
            break
    assert outcomes == sorted(outcomes, reverse=True)
    assert (outcomes.count("old") >= 3, outcomes.count("new") >= 8) == (True, True)


def test_nothing_to_finish(folder: Path) -> None:
    """A folder without a restore is left as it is."""
    finish_restore(folder)
    assert [word(folder / name) for name in KNOWN] == ["old", "old"]
