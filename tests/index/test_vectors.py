from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from chromadb.errors import InternalError

from index.encoders import Vectors
from index.errors import StorageError, StorageFullError, VectorIndexError
from index.vectors import VectorIndex, _vector_errors, discard


@pytest.fixture
def open_index(tmp_path: Path) -> Iterator[Callable[[], VectorIndex]]:
    """Return what opens the vector index of this test's folder, to be closed at the end."""
    opened: list[VectorIndex] = []

    def open_one() -> VectorIndex:
        opened.append(VectorIndex(tmp_path / "vectors" / "1"))
        return opened[-1]

    yield open_one
    for index in opened:
        index.close()


def unit_vectors(n: int) -> Vectors:
    """Return `n` different unit vectors of dimension 8."""
    rows = np.random.default_rng(7).standard_normal((n, 8)).astype(np.float32)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def test_the_nearest_come_first(open_index: Callable[[], VectorIndex]) -> None:
    """Sentences are found by cosine, the nearest first, and no more than there are."""
    index = open_index()
    rows = unit_vectors(20)
    index.add(range(100, 120), rows * np.arange(1, 21, dtype=np.float32)[:, None])
    expected = [100 + int(i) for i in np.argsort(-(rows @ rows[3]))]
    assert index.nearest(rows[3], 5) == expected[:5]
    assert index.nearest(rows[3], 500) == expected


def test_an_empty_index(open_index: Callable[[], VectorIndex]) -> None:
    """An index without vectors finds nothing, and removes nothing."""
    index = open_index()
    assert len(index) == 0
    assert index.nearest(unit_vectors(1)[0], 5) == []
    index.remove([1, 2])
    index.remove([])


def test_add_replaces_and_remove_removes(open_index: Callable[[], VectorIndex]) -> None:
    """A key has one vector, the latest; a removed key is found no more."""
    index = open_index()
    rows = unit_vectors(3)
    index.add([1, 2], rows[:2])
    index.add([2, 3], rows[[2, 1]])
    assert len(index) == 3
    assert index.nearest(rows[1], 1) == [3]
    index.remove([3, 99])
    assert (len(index), sorted(index.nearest(rows[1], 5))) == (2, [1, 2])


def test_more_than_chroma_takes_at_once(open_index: Callable[[], VectorIndex]) -> None:
    """Keys beyond the 5,461 that one call takes go in several calls."""
    index = open_index()
    index.add(range(5_500), unit_vectors(5_500))
    assert len(index) == 5_500
    index.remove(range(5_490))
    assert len(index) == 10


def test_vectors_stay_when_reopened(open_index: Callable[[], VectorIndex]) -> None:
    """What was added is there after closing and opening."""
    index = open_index()
    index.add([1, 2], unit_vectors(2))
    index.close()
    assert open_index().nearest(unit_vectors(2)[1], 1) == [2]


def test_no_memory_of_the_process_is_written(open_index: Callable[[], VectorIndex], tmp_path: Path) -> None:
    """The files that chromadb makes for vectors to come hold nothing, and the vectors are there when reopened."""
    index = open_index()
    index.add([1, 2], unit_vectors(2))
    (graph,) = (tmp_path / "vectors" / "1").glob("*/data_level0.bin")
    assert graph.stat().st_size > 10_000
    assert not any(graph.read_bytes() + graph.with_name("length.bin").read_bytes())
    index.close()
    assert open_index().nearest(unit_vectors(2)[1], 1) == [2]


def test_discard_deletes_the_folder(open_index: Callable[[], VectorIndex], tmp_path: Path) -> None:
    """A discarded index leaves nothing, and discarding nothing is no error."""
    open_index().close()
    discard(tmp_path / "vectors" / "1")
    discard(tmp_path / "vectors" / "1")
    assert not (tmp_path / "vectors" / "1").exists()
    assert len(open_index()) == 0


def test_a_file_in_the_way_is_a_storage_error(tmp_path: Path) -> None:
    """Where the folder cannot be made the error says which."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(StorageError, match=r"file/1 cannot be read or written"):
        VectorIndex(tmp_path / "file" / "1")


@pytest.mark.parametrize("content", [b"garbage" * 1000, None], ids=["garbage", "cut in half"])
def test_a_broken_database_is_a_storage_error(
    open_index: Callable[[], VectorIndex], tmp_path: Path, content: bytes | None
) -> None:
    """An index whose database is no database cannot be opened, and says so in this package's words."""
    index = open_index()
    index.add([1], unit_vectors(1))
    index.close()
    file = tmp_path / "vectors" / "1" / "chroma.sqlite3"
    file.write_bytes(content or file.read_bytes()[: file.stat().st_size // 2])
    with pytest.raises(StorageError):
        open_index()


def test_an_index_that_could_not_be_opened_leaves_nothing_behind(
    open_index: Callable[[], VectorIndex], tmp_path: Path
) -> None:
    """After a failed opening the discarded folder can be used again by the same process."""
    index = open_index()
    index.add([1], unit_vectors(1))
    index.close()
    (tmp_path / "vectors" / "1" / "chroma.sqlite3").write_bytes(b"garbage" * 1000)
    with pytest.raises(Exception):  # noqa: B017, PT011  (which one is another test's matter)
        open_index()
    discard(tmp_path / "vectors" / "1")
    index = open_index()
    index.add([2], unit_vectors(1))
    assert index.nearest(unit_vectors(1)[0], 5) == [2]


def test_what_chroma_reports_is_translated(tmp_path: Path) -> None:
    """A full disk is told apart from any other failure, and each names the folder."""
    with pytest.raises(StorageFullError, match=f"the disk of {tmp_path} is full"), _vector_errors(tmp_path):
        raise InternalError("error returned from database: (code: 13) database or disk is full")
    with (
        pytest.raises(VectorIndexError, match=f"the vector index in {tmp_path} fails .*check the disk"),
        _vector_errors(tmp_path),
    ):
        raise InternalError("Error finding id")


def test_vectors_of_another_dimension_are_refused(open_index: Callable[[], VectorIndex]) -> None:
    """A vector that does not fit the others is an error of this package."""
    index = open_index()
    index.add([1], unit_vectors(1))
    with pytest.raises(StorageError):
        index.add([2], np.ones((1, 5), dtype=np.float32))
