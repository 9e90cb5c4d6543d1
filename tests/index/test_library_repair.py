"""The vector index is derived: whatever happens to it, opening makes it anew, without the encoder."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import index
from index.articles import Article
from index.encoders import FakeEncoder
from index.library import Library
from index.search import Found

QUESTION = "bridge word15 number 3"
CHILD = """
import sys
from pathlib import Path
from index.encoders import FakeEncoder
from index.library import Library
encoder = FakeEncoder()
library = Library(Path(sys.argv[1]), lambda: encoder)
nearest = library._vectors.nearest(encoder.encode_query("bridge"), 5000)
print(library.check(), len(nearest), encoder.encoded)
library.close()
"""


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory, article: Callable[..., Article]) -> tuple[Path, Found]:
    """Hold a library of 1,200 sentences, of which Chroma keeps 1,000 in files, and what one question finds in it."""
    folder = tmp_path_factory.mktemp("original")
    library = Library(folder, FakeEncoder)
    for j in range(12):
        lines = (f"The bridge {j} number {i} word{i * 7 + j} opened." for i in range(100))
        library.add(article(f"a{j}", "\n\n".join(lines)))
    found = library.search([QUESTION])
    library.close()
    return folder, found


@pytest.fixture
def folder(original: tuple[Path, Found], tmp_path: Path) -> Path:
    """Return a copy of that library."""
    shutil.copytree(original[0], tmp_path / "data")
    return tmp_path / "data"


def hnsw_folder(folder: Path) -> Path:
    """Return the folder in which Chroma keeps the graph."""
    return next(path for path in (folder / "vectors" / "1").iterdir() if path.is_dir())


def empty(folder: Path) -> None:
    """Empty the folder of the vector index."""
    shutil.rmtree(folder / "vectors" / "1")
    (folder / "vectors" / "1").mkdir()


@pytest.mark.parametrize(
    "damage",
    [
        lambda folder: shutil.rmtree(folder / "vectors"),
        empty,
        lambda folder: (folder / "vectors" / "1" / "chroma.sqlite3").write_bytes(b"garbage" * 1000),
        lambda folder: os.truncate(folder / "vectors" / "1" / "chroma.sqlite3", 50_000),
        lambda folder: shutil.rmtree(hnsw_folder(folder)),
        lambda folder: (hnsw_folder(folder) / "index_metadata.pickle").unlink(),
        lambda folder: (hnsw_folder(folder) / "header.bin").unlink(),
    ],
    ids=[
        "deleted",
        "emptied",
        "garbage database",
        "torn database",
        "no graph",
        "no graph metadata",
        "no graph header",
    ],
)
def test_a_damaged_vector_index_is_made_anew(
    original: tuple[Path, Found],
    folder: Path,
    open_library: Callable[..., Library],
    damage: Callable[[Path], None],
) -> None:
    """Whatever was lost, the library opens, encodes nothing, and finds what it found before."""
    damage(folder)
    encoder = FakeEncoder()
    library = open_library(encoder, folder)
    assert library.search([QUESTION]) == original[1]
    assert len(library._vectors.nearest(encoder.encode_query("bridge"), 5000)) == library.check() == 1200
    assert encoder.encoded == 0


@pytest.mark.parametrize("name", ["header.bin", "data_level0.bin"])
@pytest.mark.parametrize("garbage", [True, False], ids=["garbage", "torn"])
def test_a_broken_graph_kills_no_process(folder: Path, name: str, *, garbage: bool) -> None:
    """A graph that was cut in half, as a kill during a write leaves it, or overwritten, takes no process down."""
    file = hnsw_folder(folder) / name
    file.write_bytes(b"garbage" * 1000 if garbage else file.read_bytes()[: file.stat().st_size // 2])
    root = Path(index.__file__).parents[1]
    command = [sys.executable, "-c", CHILD, str(folder)]
    ended = subprocess.run(command, capture_output=True, text=True, cwd=root, check=False)  # noqa: S603
    assert (ended.returncode, ended.stdout) == (0, "1200 1200 0\n"), ended.stderr


def test_a_rebuilt_index_stays(
    original: tuple[Path, Found], folder: Path, open_library: Callable[..., Library]
) -> None:
    """After a rebuild the next opening finds everything in place."""
    shutil.rmtree(folder / "vectors")
    open_library(folder=folder).search([QUESTION])
    made = hnsw_folder(folder)
    open_library(folder=folder).close()
    library = open_library(folder=folder)
    assert library.search([QUESTION]) == original[1]
    assert hnsw_folder(folder) == made


def test_folders_of_other_generations_go(folder: Path, open_library: Callable[..., Library]) -> None:
    """A vector index that an interrupted reindex left behind is deleted at opening."""
    shutil.copytree(folder / "vectors" / "1", folder / "vectors" / "2")
    open_library(folder=folder).search([QUESTION])
    assert [path.name for path in (folder / "vectors").iterdir()] == ["1"]


def test_a_version_that_was_never_published_is_swept(
    folder: Path, open_library: Callable[..., Library], article: Callable[..., Article]
) -> None:
    """What an interrupted add wrote is not found, and is gone once the library was opened."""
    library = open_library(folder=folder)
    unfinished = article("new", "The xylophone played.")
    indexed = library._index(unfinished)
    keys = library._writer.write_passages(library._writer.write_version(unfinished), library._generation, indexed)
    library._vectors.add(keys, indexed.vectors[0].sentences)
    assert all(passage.article.id != "new" for passage in library.search(["xylophone played"]).passages)
    assert library.reader.find("new") is None
    library.close()
    encoder = FakeEncoder()
    reopened = open_library(encoder, folder)
    assert all(passage.article.id != "new" for passage in reopened.search(["xylophone played"]).passages)
    assert (reopened.check(), encoder.encoded, reopened._writer.leftovers()) == (1200, 0, [])
    assert reopened.add(unfinished).encoded == 1
