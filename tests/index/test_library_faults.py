"""A full disk, another encoder, an interrupted reindex: what was there before stays searchable."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event

import index
from index.articles import Article
from index.encoders import FakeEncoder
from index.errors import ManifestMismatchError, StorageFullError
from index.ingest import Change
from index.library import Library
from index.vectors import VectorIndex

pytestmark = pytest.mark.slow

Make = Callable[..., Article]
Search = Callable[..., list[str]]
LONG = " ".join(f"The council of town {i} met on day {i * 7}." for i in range(400))
CHILD = """
import resource, sys
from pathlib import Path
from index.articles import make_article
from index.encoders import FakeEncoder
from index.errors import StorageError
from index.ingest import Change
from index.library import Library
library = Library(Path(sys.argv[1]), FakeEncoder)
library.search(["bridge"])
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
text = " ".join(f"The council of town {i} met on day {i * 7}." for i in range(1000))
try:
    library.add(make_article({"id": "long", "text": text, "language": "en"}, place="test"))
except StorageError as exc:
    print(type(exc).__name__)
print([passage.article.id for passage in library.search(["bridge"]).passages])
library.close()
"""


KILLED = """
import sys
from itertools import count
from pathlib import Path
from index.articles import make_article
from index.encoders import FakeEncoder
from index.ingest import Change
from index.library import Library
library = Library(Path(sys.argv[1]), FakeEncoder)
for i in count():
    fields = {"id": f"a{i}", "text": f"The bridge number {i} opened. It is long.", "language": "en"}
    print(library.add(make_article(fields, place="test")).id, flush=True)
"""


@contextmanager
def full_disk(library: Library, spare_pages: int) -> Iterator[None]:
    """Let the ledger grow by no more than some pages of 4 KiB."""

    def limit(connection: object, *_: object) -> None:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()  # type: ignore[attr-defined]
        connection.execute(f"PRAGMA max_page_count={limits.setdefault('pages', pages + spare_pages)}")  # type: ignore[attr-defined]

    limits: dict[str, int] = {}
    event.listen(library._database._engine, "checkout", limit)
    yield
    limits["pages"] = 1_000_000
    with library._database.begin():
        pass
    event.remove(library._database._engine, "checkout", limit)


@pytest.mark.parametrize("spare_pages", [0, 8, 20])
def test_a_full_disk_loses_nothing(library: Library, article: Make, found_ids: Search, spare_pages: int) -> None:
    """An article that does not fit is refused with the remedy, and the others are still found."""
    library.add(article("bridge"))
    with full_disk(library, spare_pages):
        with pytest.raises(StorageFullError, match=r"the disk of .* is full; free some space and run the same again"):
            library.add(article("long", LONG))
        assert found_ids(library, "bridge") == ["bridge"]
        assert library.reader.find("long") is None
    assert library.add(article("long", LONG)).change is Change.ADDED
    assert found_ids(library, "council of town 7")[0] == "long"


@pytest.mark.parametrize("spare_pages", [0, 8])
def test_other_articles_can_be_added_after_a_full_disk(library: Library, article: Make, spare_pages: int) -> None:
    """One add that failed half-way stands in the way of no other add or removal."""
    library.add(article("bridge"))
    with full_disk(library, spare_pages), pytest.raises(StorageFullError):
        library.add(article("long", LONG))
    assert library.add(article("ferry", "Ferries stopped.")).change is Change.ADDED
    library.remove("bridge")
    assert library.check() == 1


def test_a_full_disk_during_an_update_keeps_the_old_version(
    library: Library, article: Make, open_library: Callable[..., Library]
) -> None:
    """Where the new version does not fit the old one stays, also after reopening."""
    library.add(article("bridge"))
    with full_disk(library, 8), pytest.raises(StorageFullError):
        library.add(article("bridge", LONG))
    library.close()
    reopened = open_library()
    assert reopened.reader.article("bridge") == article("bridge")
    assert len(reopened.search(["bridge"]).evidence) == reopened.check() == 3


def test_a_disk_that_the_vector_index_fills(
    open_library: Callable[..., Library], article: Make, tmp_path: Path, found_ids: Search
) -> None:
    """Where no file can grow any more the add fails, and what was there is found before and after reopening."""
    library = open_library()
    library.add(article("bridge"))
    library.close()
    largest = max(file.stat().st_size for file in (tmp_path / "data").rglob("*") if file.is_file())
    command = [sys.executable, "-c", CHILD, str(tmp_path / "data"), str(largest + 10_000)]
    root = Path(index.__file__).parents[1]
    ended = subprocess.run(command, capture_output=True, text=True, cwd=root, check=False)  # noqa: S603
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.splitlines()[0] in ("StorageError", "StorageFullError")
    assert ended.stdout.splitlines()[1] == "['bridge']"
    assert found_ids(open_library(), "bridge") == ["bridge"]


def test_a_kill_loses_nothing_that_was_added(open_library: Callable[..., Library], tmp_path: Path) -> None:
    """After the process was killed amid adding, all that it reported as added is found, and nothing half."""
    command = [sys.executable, "-c", KILLED, str(tmp_path / "data")]
    root = Path(index.__file__).parents[1]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root) as child:  # noqa: S603
        assert child.stdout
        added = [child.stdout.readline().strip() for _ in range(7)]
        child.kill()
        added += child.stdout.read().split()
    library = open_library()
    assert library.check() == 2 * library.reader.n_articles()
    assert {row.id for row in library.reader.articles()} >= set(added)
    assert library.search(["bridge number 5"]).evidence[0].text == "The bridge number 5 opened."


def test_a_vector_index_that_fails_once_stops_no_other_add(
    library: Library, article: Make, monkeypatch: pytest.MonkeyPatch, found_ids: Search
) -> None:
    """An add that the vector index refused leaves a library in which others can be added."""
    library.add(article("bridge"))

    def refuse(*_: object) -> None:
        raise StorageFullError("the disk is full")

    with monkeypatch.context() as fault:
        fault.setattr(VectorIndex, "add", refuse)
        with pytest.raises(StorageFullError):
            library.add(article("lost", "The xylophone played."))
    library.add(article("ferry", "Ferries stopped."))
    assert set(found_ids(library, "ferries")) == {"bridge", "ferry"}
    assert library.add(article("lost", "The xylophone played.")).change is Change.ADDED
    assert library.check() == 5


@pytest.mark.parametrize(
    ("other", "difference"),
    [(FakeEncoder(dimension=32), "dimension 64"), (FakeEncoder(revision="2"), "revision '1'")],
)
def test_another_encoder_is_refused_until_reindexed(
    library: Library,
    open_library: Callable[..., Library],
    article: Make,
    found_ids: Search,
    *,
    other: FakeEncoder,
    difference: str,
) -> None:
    """An index made by another encoder is neither searched nor written, and reindexing mends it."""
    library.add(article("bridge"))
    library.add(article("ferry", "Ferries stopped."))
    library.close()
    changed = open_library(other)
    for call in (lambda: changed.search(["bridge"]), lambda: changed.add(article("new", "New.")), changed.check):
        with pytest.raises(ManifestMismatchError, match=rf"made with {difference} .*; run `pullquote reindex`"):
            call()
    seen: list[str] = []
    assert changed.reindex(seen.append) == 2
    assert seen == ["bridge", "ferry"]
    assert found_ids(changed, "ferries")[0] == "ferry"
    assert changed.add(article("new", "New.")).change is Change.ADDED
    changed.close()
    assert found_ids(open_library(other), "ferries")[0] == "ferry"


def test_reindex_keeps_results_and_leaves_one_generation(library: Library, article: Make, tmp_path: Path) -> None:
    """With the same encoder reindexing changes no result, and only the new generation stays."""
    for i in range(5):
        library.add(article(f"a{i}", f"The bridge number {i} opened. It is long."))
    before = library.search(["bridge number 2"])
    assert library.reindex() == 5
    assert library.search(["bridge number 2"]) == before
    assert (library.check(), library.reader.totals().passages) == (10, 5)
    assert [path.name for path in (tmp_path / "data" / "vectors").iterdir()] == ["2"]


def test_reindex_of_an_empty_library(library: Library, article: Make) -> None:
    """A library without articles is reindexed and used."""
    assert library.reindex() == 0
    assert library.add(article("bridge")).change is Change.ADDED
    assert library.reindex() == 1


class _StoppedError(Exception):
    """Stands for whatever ends a reindex."""


def test_an_interrupted_reindex_leaves_the_old_generation(
    library: Library, open_library: Callable[..., Library], article: Make
) -> None:
    """What ends a reindex half-way leaves the old generation in use, at once and after reopening."""
    for i in range(4):
        library.add(article(f"a{i}", f"The bridge number {i} opened."))
    before = library.search(["bridge number 2"])

    def stop(article_id: str) -> None:
        if article_id == "a1":
            raise _StoppedError

    with pytest.raises(_StoppedError):
        library.reindex(stop)
    assert [p.article.id for p in library.search(["bridge number 2"]).passages] == [
        p.article.id for p in before.passages
    ]
    library.add(article("a1", "The bridge number 1 closed."))
    library.remove("a0")
    assert library.check() == 3
    library.close()
    encoder = FakeEncoder()
    reopened = open_library(encoder)
    assert reopened.search(["bridge number 2"]).evidence[0].text == "The bridge number 2 opened."
    assert (reopened.check(), encoder.encoded) == (3, 0)
    assert reopened.reindex() == 3
