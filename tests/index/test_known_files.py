"""What tells that a file need not be read again, and what has it read."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from index import known_files
from index.documents import Documents
from index.known_files import KnownFiles, Same
from index.ledger import Reading
from index.reading import Failed, Read, read_articles
from tests.index.extracting.conftest import printed_pdf

PAGE = "<html><title>Ferry</title><article><p>The ferry to Port Ellis sails again after a long winter.</p></article>"
MAX_BYTES = 100_000


class Kept:
    """Readings of one folder, kept as a store keeps them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.readings: dict[str, Reading] = {}
        self.started = 0

    def look(self, *, max_bytes: int = MAX_BYTES) -> list[str]:
        """Read the folder; return the name of every file with what became of it."""
        known = KnownFiles(self.readings.get)
        with Documents() as documents:
            found = list(self._pass(known, documents, max_bytes))
            self.started += documents._extractor.pid is not None
        return found

    def _pass(self, known: KnownFiles, documents: Documents, max_bytes: int) -> Iterator[str]:
        for each in read_articles(self.folder, max_bytes=max_bytes, documents=documents, known=known):
            match each:
                case Same(reading):
                    yield f"{Path(reading.place).name} same"
                case Read(article):
                    known.given(article.id)
                    assert article.source
                    versions = (article.version, article.meta_version)
                    if each.key:
                        reading = Reading(article.source, each.key, article.id, article.id, *versions)
                        self.readings[article.source] = reading
                    yield f"{Path(article.source).name} read"
                case Failed(place):
                    yield f"{Path(place).name} failed"


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    """Return a folder of texts whose files were read once."""
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "a.md").write_text("---\ntitle: Bridge\n---\nThe bridge opened on Monday.")
    (folder / "b.txt").write_text("The ferry sails again.")
    kept = Kept(folder)
    assert kept.look() == ["a.md read", "b.txt read"]
    return kept


def test_the_same_bytes_are_not_read_again(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that were touched but not changed are known, and no article is made of them."""
    for file in kept.folder.iterdir():
        os.utime(file, (1, 1))
    monkeypatch.setattr("index.reading.make_article", None)
    assert kept.look() == ["a.md same", "b.txt same"]


@pytest.mark.parametrize("change", [("Monday", "Sunday"), ("Bridge", "Ferry!"), ("title", "outlet")])
def test_other_bytes_are_read(kept: Kept, change: tuple[str, str]) -> None:
    """A text or metadata that changed is noticed, whatever the file's size and time say."""
    file = kept.folder / "a.md"
    before = file.stat()
    file.write_text(file.read_text().replace(*change))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert kept.look() == ["a.md read", "b.txt same"]
    assert kept.look() == ["a.md same", "b.txt same"]


def test_another_limit_has_files_read(kept: Kept) -> None:
    """A file that is too large for the present setting fails, though its bytes are those that were added."""
    assert kept.look(max_bytes=30) == ["a.md failed", "b.txt read"]


@pytest.mark.parametrize("program", ["reader", "library"])
def test_another_reader_has_files_read(kept: Kept, monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    """Another version of what reads files, ours or a library's, may make something else of the same bytes."""
    if program == "reader":
        monkeypatch.setattr(known_files, "_READER", "another")
    else:
        monkeypatch.setattr(known_files, "version", lambda name: f"{name} of tomorrow")
    known_files._versions.cache_clear()
    try:
        assert kept.look() == ["a.md read", "b.txt read"]
    finally:
        known_files._versions.cache_clear()


def test_a_file_under_another_name_is_read(kept: Kept) -> None:
    """The id of an article may come from its file's name, and its source always does."""
    (kept.folder / "b.txt").rename(kept.folder / "c.txt")
    assert kept.look() == ["a.md same", "c.txt read"]


def test_a_root_further_up_has_files_read(kept: Kept) -> None:
    """The same file below another root has another relative path, and so another id."""
    kept.folder = kept.folder.parent
    assert kept.look() == ["a.md read", "b.txt read"]


def test_files_of_one_article_are_read_in_order(kept: Kept) -> None:
    """Where an earlier file of the pass gives the same article, the later one is read, and not told by what was."""
    for name in ("c.md", "d.md"):
        (kept.folder / name).write_text("---\nid: dam\n---\nThe dam held.")
    assert kept.look() == ["a.md same", "b.txt same", "c.md read", "d.md read"]
    (kept.folder / "c.md").write_text("---\nid: dam\n---\nThe dam broke.")
    assert kept.look() == ["a.md same", "b.txt same", "c.md read", "d.md read"]


def test_lines_are_read(kept: Kept) -> None:
    """A file of many articles is read each time."""
    (kept.folder / "c.jsonl").write_text('{"id": "dam", "text": "The dam held."}\n')
    assert [kept.look()[-1] for _ in range(2)] == ["c.jsonl read", "c.jsonl read"]


def test_documents_are_not_taken_apart_again(tmp_path: Path) -> None:
    """HTML and PDF files that are known start no process; one that changed starts it, and is the only one read."""
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "a.html").write_text(PAGE)
    (folder / "b.pdf").write_bytes(printed_pdf(["The ferry to Port Ellis sails again."]))
    kept = Kept(folder)
    assert (kept.look(), kept.started) == (["a.html read", "b.pdf read"], 1)
    assert (kept.look(), kept.started) == (["a.html same", "b.pdf same"], 1)
    (folder / "a.html").write_text(PAGE.replace("winter", "summer"))
    assert (kept.look(), kept.started) == (["a.html read", "b.pdf same"], 2)
