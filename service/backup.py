"""Backups of what cannot be made anew: the articles, and the answers that were kept.

The vector index, models and what is cached are derived. Access tokens stay behind on purpose: a backup that is restored
must not let in whoever was let out since.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from index.backup import unpack_backup, write_backup
from index.errors import BackupError, StorageError
from index.ledger import Database, Reader
from index.ledger.copying import accept_ledger, copy_ledger
from index.restoring import abandon, begin_restore, commit_restore
from index.storage import storage_errors
from service.journal.copying import copy_journal, count_answers
from service.settings import Settings

__all__ = ["Backed", "make_backup", "restore_backup"]

_LEDGER, _JOURNAL = "ledger.db", "journal.db"


@dataclass(frozen=True)
class Backed:
    """What a backup holds, and its size in bytes."""

    articles: int
    answers: int
    bytes: int


def make_backup(settings: Settings, target: Path) -> Backed:
    """Write a backup of the library to a new file, also while the service runs.

    Raises BackupError where there is nothing to back up or the file is there already, StorageError and JournalError.
    """
    ledger = settings.data_dir / _LEDGER
    if not ledger.exists():
        raise BackupError(f"there is no library in {settings.data_dir}; add articles first, or set PULLQUOTE_DATA_DIR")
    if target.exists():
        raise BackupError(f"{target} is there already; name another file, or remove that one first")
    with (
        storage_errors(target),
        TemporaryDirectory(dir=target.absolute().parent, prefix=f".{target.name}-", ignore_cleanup_errors=True) as made,
    ):
        folder = Path(made)
        articles = copy_ledger(ledger, folder / _LEDGER)
        # after the ledger: what is removed in between is redacted in the journal then
        answers = _copy_journal(settings, folder)
        names = [name for name in (_LEDGER, _JOURNAL) if (folder / name).exists()]
        told = {
            "pullquote": version("pullquote"),
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "articles": articles,
            "answers": answers,
        }
        size = write_backup(target, {name: folder / name for name in names}, told)
    return Backed(articles, answers, size)


def restore_backup(settings: Settings, source: Path, *, force: bool = False) -> Backed:
    """Put what a backup holds in place of the library; the caller owns the data folder.

    Raises BackupError for what is no whole backup, and for a library that holds articles unless `force` is given,
    StorageError and JournalError. The library is the old one then.
    """
    folder = settings.data_dir
    if not force and (held := _held(folder / _LEDGER)):
        raise BackupError(
            f"{folder} holds {held}, which a restore would replace; back it up and give --force, "
            "or set PULLQUOTE_DATA_DIR to another folder"
        )
    filling = begin_restore(folder)
    try:
        entries = unpack_backup(source, filling, (_LEDGER, _JOURNAL))
        if _LEDGER not in entries:
            raise BackupError(f"{source} holds no ledger; restore another backup")
        articles = accept_ledger(filling / _LEDGER)
        answers = count_answers(filling / _JOURNAL) if _JOURNAL in entries else 0
        commit_restore(folder, (_LEDGER, _JOURNAL))
    finally:
        abandon(folder)
    return Backed(articles, answers, source.stat().st_size)


def _copy_journal(settings: Settings, folder: Path) -> int:
    path = settings.journal_path
    if not path.exists() or not (path.stat().st_size or path.with_name(f"{path.name}-wal").exists()):
        return 0
    database = Database(folder / _LEDGER)
    try:
        reader = Reader(database)
        days = settings.keep_answers_days
        return copy_journal(path, folder / _JOURNAL, days=days, is_live=lambda name: reader.live(name) is not None)
    finally:
        database.close()


def _held(ledger: Path) -> str:
    """Return what a ledger holds in words, nothing where it holds no article."""
    if not ledger.exists():
        return ""
    try:
        database = Database(ledger)
    except StorageError:
        return "a ledger that cannot be read"
    try:
        n = Reader(database).n_articles()
    except StorageError:
        return "a ledger that cannot be read"
    finally:
        database.close()
    return f"{n} articles" if n else ""
