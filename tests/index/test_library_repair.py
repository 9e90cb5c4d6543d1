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
from index.ledger import Indexed
from index.library import Library
from index.preparing import prepare
from index.search import Found

pytestmark = pytest.mark.slow

QUESTION = "bridge word15 number 3"
CHILD = """
import sys
from pathlib import Path
from index.encoders import FakeEncoder
from index.library import Library
for folder in sys.argv[1:]:
    encoder = FakeEncoder()
    library = Library(Path(folder), lambda: encoder)
    nearest = library._vectors.nearest(encoder.encode_query("bridge"), 5000)
    print(library.check(), len(nearest), encoder.encoded, flush=True)
    library.close()
"""


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory, article: Callable[..., Article]) -> tuple[Path, Found]:
    """Hold a library of 1,200 sentences, of which Chroma keeps 1,000 in files, and what one question finds in it."""
    folder = tmp_path_factory.mktemp("original")
    library = Library(folder, FakeEncoder)
    for j in range(12):
        library.add(article(f"a{j}", " ".join(f"Bridge {j} number {i} word{i * 7 + j} opened." for i in range(100))))
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


def test_a_broken_graph_kills_no_process(original: tuple[Path, Found], tmp_path: Path) -> None:
    """A graph that was cut in half, as a kill during a write leaves it, or overwritten, takes no process down."""
    folders = [tmp_path / str(i) for i in range(4)]
    for i, folder in enumerate(folders):
        shutil.copytree(original[0], folder)
        file = hnsw_folder(folder) / ("header.bin", "data_level0.bin")[i % 2]
        file.write_bytes(b"garbage" * 1000 if i < 2 else file.read_bytes()[: file.stat().st_size // 2])
    root = Path(index.__file__).parents[1]
    command = [sys.executable, "-c", CHILD, *map(str, folders)]
    ended = subprocess.run(command, capture_output=True, text=True, cwd=root, check=False)  # noqa: S603
    assert (ended.returncode, ended.stdout) == (0, "1200 1200 0\n" * 4), ended.stderr


@pytest.fixture
def small(open_library: Callable[..., Library], article: Callable[..., Article]) -> Library:
    """Hold one article."""
    library = open_library()
    library.add(article("bridge"))
    return library


def test_a_rebuilt_index_stays(small: Library, open_library: Callable[..., Library], tmp_path: Path) -> None:
    """After a rebuild the next opening finds everything in place."""
    found = small.search(["bridge"])
    small.close()
    shutil.rmtree(tmp_path / "data" / "vectors")
    rebuilt = open_library()
    assert rebuilt.search(["bridge"]) == found
    made = hnsw_folder(tmp_path / "data")
    rebuilt.close()
    assert open_library().search(["bridge"]) == found
    assert hnsw_folder(tmp_path / "data") == made


def test_folders_of_other_generations_go(small: Library, open_library: Callable[..., Library], tmp_path: Path) -> None:
    """A vector index that an interrupted reindex left behind is deleted at opening."""
    small.close()
    vectors = tmp_path / "data" / "vectors"
    shutil.copytree(vectors / "1", vectors / "2")
    open_library().search(["bridge"])
    assert [path.name for path in vectors.iterdir()] == ["1"]


def test_a_version_that_was_never_published_is_swept(
    small: Library,
    open_library: Callable[..., Library],
    article: Callable[..., Article],
    found_ids: Callable[..., list[str]],
) -> None:
    """What an interrupted add wrote is not found, and is gone once the library was opened."""
    unfinished = article("new", "The xylophone played.")
    prepared = prepare(unfinished, small.encoder)
    indexed = Indexed(unfinished, prepared, tuple(small.encoder.encode_passages(prepared.texts)))
    _, keys = small._writer.write_versions([indexed], small._generation)
    small._vectors.add(keys, indexed.vectors[0].sentences)
    assert found_ids(small, "xylophone played") == ["bridge"]
    assert small.reader.find("new") is None
    small.close()
    encoder = FakeEncoder()
    reopened = open_library(encoder)
    assert found_ids(reopened, "xylophone played") == ["bridge"]
    assert (reopened.check(), encoder.encoded, reopened._writer.leftovers(["new"])) == (3, 0, [])
    assert reopened.add(unfinished).encoded == 1
