"""Backups: everything is found again as it was, nothing that was removed is in them, and a bad one changes nothing."""

import json
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from index.backup import write_backup
from index.errors import BackupError, LedgerDamagedError, LibraryBusyError, StorageError
from index.ledger import Database, Writer
from index.owner import Ownership
from index.words import index_words
from service.backup import Backed, make_backup, restore_backup
from service.contract import Answer, ArticleList, AskIn, FeedbackIn
from service.desk import Desk
from service.errors import JournalError
from service.journal import read_kept
from service.settings import Settings
from service.tokens import TokenStore

pytestmark = pytest.mark.slow

Tell = Callable[..., object]
TEXTS = {
    "bridge": "The Gannet Bridge opened on Monday. It cost ten million crowns.",
    "ferry": "The ferry to Port Ellis sails again. It had been laid up since March.",
    "hall": "Xylophonist Quaggaville opened the concert hall on Sunday.",
}
QUESTION = "Who opened the concert hall on Sunday?"
MARKERS = {
    form.encode() for word in ("Xylophonist", "Quaggaville") for form in (word.lower(), *index_words(word, "en"))
}


@pytest.fixture
def filled(settings: Settings, put: Tell, ask: Callable[..., Answer], at_desk: Tell) -> Settings:
    """Hold three articles, an answer, and what a reader thinks of it."""
    for name, text in TEXTS.items():
        put(name, text, title=f"About the {name}")
    answer = ask(QUESTION)
    assert answer.citations[0].article_id == "hall"
    at_desk(lambda desk: desk.feedback(FeedbackIn(answer_id=answer.id, rating="up", note="good")))
    return settings


@pytest.fixture
def elsewhere(tmp_path: Path, settings: Settings) -> Settings:
    """Return the settings of another folder, in which there is nothing."""
    return settings.model_copy(update={"data_dir": tmp_path / "elsewhere"})


def restore(settings: Settings, source: Path, *, force: bool = False) -> Backed:
    """Restore as the command does."""
    ownership = Ownership(settings.data_dir)
    try:
        return restore_backup(settings, source, force=force)
    finally:
        ownership.release()


def everything(at_desk: Tell, settings: Settings) -> tuple[object, ...]:
    """Return articles with texts and versions, kept answers, and what a question is answered."""

    async def story(desk: Desk) -> tuple[object, ...]:
        listed: ArticleList = await desk.articles(offset=0, limit=100)
        texts = [await desk.article(row.id, row.version) for row in listed.articles]
        answer = await desk.ask(AskIn(question=QUESTION))
        return listed, texts, [c.model_dump() for c in answer.citations], answer.answer

    kept = read_kept(settings.journal_path)
    return kept, at_desk(story, data_dir=settings.data_dir)


def held(file: Path) -> list[bytes]:
    """Return which words of the concert hall are in the files of a backup."""
    with zipfile.ZipFile(file) as archive:
        content = b"".join(archive.read(name) for name in archive.namelist()).lower()
    return [word for word in MARKERS if word in content]


def test_there_and_back(filled: Settings, elsewhere: Settings, at_desk: Tell, tmp_path: Path) -> None:
    """Articles, versions, kept answers, feedback, and the answer with its quote are the same in another folder."""
    made = make_backup(filled, tmp_path / "b.zip")
    assert (made.articles, made.answers) == (3, 1)
    assert made.bytes == (tmp_path / "b.zip").stat().st_size
    restored = restore(elsewhere, tmp_path / "b.zip")
    assert restored == made
    assert everything(at_desk, elsewhere) == everything(at_desk, filled)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith((".", "b"))] == ["b.zip"]


def test_a_backup_while_others_write(filled: Settings, elsewhere: Settings, at_desk: Tell, tmp_path: Path) -> None:
    """A backup in the midst of changes is the library at one moment."""

    async def story(desk: Desk) -> list[Backed]:
        made = []
        for i in range(5):
            await desk.remove("hall") if i == 3 else await desk.ask(AskIn(question=QUESTION))
            made.append(make_backup(filled, tmp_path / f"{i}.zip"))
        return made

    assert [backed.articles for backed in at_desk(story)] == [3, 3, 3, 2, 2]
    for i, n in ((2, 3), (4, 2)):
        assert restore(elsewhere, tmp_path / f"{i}.zip", force=True).articles == n
        listed = at_desk(lambda desk: desk.articles(offset=0, limit=9), data_dir=elsewhere.data_dir)
        assert len(listed.articles) == n


def test_what_was_removed_is_not_in_it(filled: Settings, at_desk: Tell, tmp_path: Path) -> None:
    """No word of a removed article, nor the forms in which the full-text index has them, is in a later backup."""
    make_backup(filled, tmp_path / "before.zip")
    assert len(held(tmp_path / "before.zip")) == len(MARKERS)
    at_desk(lambda desk: desk.remove("hall"))
    make_backup(filled, tmp_path / "after.zip")
    assert held(tmp_path / "after.zip") == []


def test_what_a_kill_left_half_removed_is_not_in_it(filled: Settings, tmp_path: Path) -> None:
    """A backup made when an article was hidden, and neither swept nor redacted in the journal, does not hold it."""
    database = Database(filled.data_dir / "ledger.db")
    Writer(database).hide("hall")
    database.close()
    assert make_backup(filled, tmp_path / "b.zip").articles == 2
    assert held(tmp_path / "b.zip") == []


def test_a_library_is_not_replaced_unasked(filled: Settings, at_desk: Tell, put: Tell, tmp_path: Path) -> None:
    """Without `force` a library with articles stays; with it, it is the backup's."""
    make_backup(filled, tmp_path / "b.zip")
    before = everything(at_desk, filled)
    put("later", "Later news.")
    with pytest.raises(BackupError, match=r"data holds 4 articles, which a restore would replace; .*--force"):
        restore(filled, tmp_path / "b.zip")
    assert restore(filled, tmp_path / "b.zip", force=True).articles == 3
    assert everything(at_desk, filled)[1] == before[1]


def test_a_library_that_is_served_is_not_replaced(filled: Settings, tmp_path: Path) -> None:
    """While another process owns the folder nothing is restored."""
    make_backup(filled, tmp_path / "b.zip")
    owner = Ownership(filled.data_dir)
    with pytest.raises(LibraryBusyError):
        restore(filled, tmp_path / "b.zip", force=True)
    owner.release()


def _forged(filled: Settings, tmp_path: Path, name: str, statement: str) -> Path:
    """Write a backup of which one database was changed, with right checksums."""
    folder = tmp_path / "forged"
    folder.mkdir()
    make_backup(filled, folder / "b.zip")
    with zipfile.ZipFile(folder / "b.zip") as archive:
        archive.extractall(folder)
    with closing(sqlite3.connect(folder / name)) as connection:
        connection.execute(statement)
        connection.commit()
    files = {name: folder / name for name in ("ledger.db", "journal.db")}
    write_backup(tmp_path / "forged.zip", files, {})
    return tmp_path / "forged.zip"


@pytest.mark.parametrize(
    ("name", "statement", "error", "match"),
    [
        ("ledger.db", "UPDATE meta SET value = '99' WHERE name = 'schema'", StorageError, "newer Pullquote"),
        (
            "ledger.db",
            "CREATE TRIGGER t AFTER INSERT ON meta BEGIN DELETE FROM articles; END",
            BackupError,
            "holds 't'",
        ),
        ("ledger.db", "CREATE VIEW v AS SELECT 1", BackupError, "holds 'v', which no ledger has"),
        ("journal.db", "PRAGMA user_version = 99", JournalError, "has schema 99"),
    ],
)
def test_a_backup_that_does_not_fit(
    filled: Settings,
    at_desk: Tell,
    tmp_path: Path,
    *,
    name: str,
    statement: str,
    error: type[Exception],
    match: str,
) -> None:
    """A newer schema and foreign statements are refused, and the library is what it was."""
    before = everything(at_desk, filled)[1]
    forged = _forged(filled, tmp_path, name, statement)
    with pytest.raises(error, match=match):
        restore(filled, forged, force=True)
    assert everything(at_desk, filled)[1] == before
    assert not any(path.name.startswith("restore") for path in filled.data_dir.iterdir())


def test_a_damaged_ledger(filled: Settings, at_desk: Tell, tmp_path: Path) -> None:
    """No backup is made of a damaged ledger, and one that was made before takes its place with `force`."""
    make_backup(filled, tmp_path / "b.zip")
    before = everything(at_desk, filled)[1]
    ledger = filled.data_dir / "ledger.db"
    ledger.write_bytes(ledger.read_bytes()[:8192] + b"\xa5" * 300_000)
    with pytest.raises(LedgerDamagedError, match="pullquote restore FILE --force"):
        make_backup(filled, tmp_path / "c.zip")
    assert not (tmp_path / "c.zip").exists()
    with pytest.raises(BackupError, match=r"holds a ledger that cannot be read"):
        restore(filled, tmp_path / "b.zip")
    restore(filled, tmp_path / "b.zip", force=True)
    assert everything(at_desk, filled)[1] == before


def test_tokens_are_not_in_it(filled: Settings, elsewhere: Settings, tmp_path: Path) -> None:
    """A token that was removed does not come back, and one that is there stays."""
    tokens = TokenStore(filled.tokens_path)
    tokens.create("old", "admin")
    make_backup(filled, tmp_path / "b.zip")
    tokens.remove("old")
    tokens.create("new", "ask")
    restore(filled, tmp_path / "b.zip", force=True)
    assert [token.name for token in tokens.all()] == ["new"]
    restore(elsewhere, tmp_path / "b.zip")
    assert not elsewhere.tokens_path.exists()
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        assert sorted(archive.namelist()) == ["journal.db", "ledger.db", "manifest.json"]
        assert json.loads(archive.read("manifest.json"))["articles"] == 3


def test_without_a_journal(settings: Settings, elsewhere: Settings, put: Tell, tmp_path: Path) -> None:
    """A library of which no answer was kept is backed up without answers."""
    with pytest.raises(BackupError, match=r"there is no library in .*; add articles first"):
        make_backup(settings, tmp_path / "b.zip")
    put("bridge", TEXTS["bridge"])
    assert make_backup(settings, tmp_path / "b.zip").answers == 0
    assert restore(elsewhere, tmp_path / "b.zip").articles == 1
    with pytest.raises(BackupError, match=r"b\.zip is there already"):
        make_backup(settings, tmp_path / "b.zip")
