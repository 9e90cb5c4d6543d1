"""The vector index fails while it is open, or was changed by a single bit: nobody notices but the log."""

import logging
import os
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from index.articles import Article
from index.encoders import FakeEncoder, PassageText, PassageVectors
from index.errors import EncoderError, VectorIndexError
from index.library import Library
from index.vectors import VectorIndex

pytestmark = pytest.mark.slow

Make = Callable[..., Article]


class Unasked(FakeEncoder):
    """Refuse to encode passages."""

    def encode_passages(self, passages: Sequence[PassageText]) -> list[PassageVectors]:
        """Raise EncoderError."""
        raise EncoderError(f"{len(passages)} passages were to be encoded")


@pytest.fixture
def filled(open_library: Callable[..., Library], article: Make) -> Library:
    """Hold two articles, over an encoder that encodes no more."""
    library = open_library()
    library.add(article("bridge"))
    library.add(article("ferry", "Ferries stopped."))
    library.close()
    return open_library(Unasked())


def fail(monkeypatch: pytest.MonkeyPatch, name: str, error: BaseException, *, times: int = 1) -> None:
    """Have the first calls of a method of chromadb's collection fail."""
    left = [error] * times
    real = VectorIndex._open

    def opened(self: VectorIndex) -> object:
        collection = real(self)
        called = getattr(collection, name)

        def failing(**arguments: object) -> object:
            if left:
                raise left.pop()
            return called(**arguments)

        setattr(collection, name, failing)
        return collection

    monkeypatch.setattr(VectorIndex, "_open", opened)


class PanicException(BaseException):
    """Stands for the panic of chromadb's Rust part, which is no Exception."""


@pytest.mark.parametrize("error", [RuntimeError("lost"), KeyError("x"), PanicException("index out of bounds")])
def test_a_query_that_fails(
    filled: Library,
    monkeypatch: pytest.MonkeyPatch,
    found_ids: Callable[..., list[str]],
    caplog: pytest.LogCaptureFixture,
    error: BaseException,
) -> None:
    """The index is made anew without the encoder, the question is answered, and the log says so."""
    fail(monkeypatch, "query", error, times=2)  # once when what is there is opened, once when it is asked
    with caplog.at_level(logging.WARNING):
        assert found_ids(filled, "ferries stopped")[0] == "ferry"
    assert "is made anew from the ledger" in caplog.text
    assert filled.check() == 4


@pytest.mark.parametrize("name", ["upsert", "delete"])
def test_a_change_that_fails(
    open_library: Callable[..., Library],
    article: Make,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    """An article is added, replaced and removed over an index that fails once, and all is as it would be."""
    fail(monkeypatch, name, RuntimeError("lost"))
    library = open_library()
    library.add(article("bridge"))
    library.add(article("ferry", "Ferries stopped."))
    library.add(article("bridge", "The Gannet Bridge closed."))
    library.remove("ferry")
    assert library.check() == 1
    assert library.search(["bridge"]).evidence[0].text == "The Gannet Bridge closed."


def test_an_index_that_fails_again_and_again(filled: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where one made anew fails too it is an error that names the folder, and the next call tries again."""
    fail(monkeypatch, "query", RuntimeError("lost"), times=2)
    filled._vectors.renew()
    with pytest.raises(VectorIndexError, match=r"vectors/1 fails \(lost\); where one made anew fails too, check the"):
        filled.search(["bridge"])
    assert filled.search(["bridge"]).passages


def test_a_disk_that_fills_while_an_index_is_made_anew(
    filled: Library, monkeypatch: pytest.MonkeyPatch, found_ids: Callable[..., list[str]]
) -> None:
    """What could not be made anew is made anew by the next call."""
    filled.search(["bridge"])
    with monkeypatch.context() as fault:
        fault.setattr(Library, "_open_vectors", lambda *_: (_ for _ in ()).throw(VectorIndexError("no room")))
        filled._vectors.renew()
        with pytest.raises(VectorIndexError, match="no room"):
            filled.search(["bridge"])
    assert found_ids(filled, "ferries stopped")[0] == "ferry"


def test_a_flipped_bit_is_seen(
    filled: Library, open_library: Callable[..., Library], tmp_path: Path, found_ids: Callable[..., list[str]]
) -> None:
    """A file of the same size and time but with another bit is not trusted: the index is made anew."""
    filled.search(["bridge"])
    filled.close()
    folder = tmp_path / "data" / "vectors" / "1"
    assert VectorIndex.intact(folder)
    file = folder / "chroma.sqlite3"
    content, times = bytearray(file.read_bytes()), file.stat()
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert not VectorIndex.intact(folder)
    reopened = open_library(Unasked())
    assert found_ids(reopened, "ferries stopped")[0] == "ferry"
    assert reopened.check() == 4


def test_a_copied_folder_is_trusted(filled: Library, tmp_path: Path) -> None:
    """Times say nothing: an index that was copied elsewhere need not be made anew."""
    filled.search(["bridge"])
    filled.close()
    folder = tmp_path / "data" / "vectors" / "1"
    for file in folder.rglob("*"):
        os.utime(file, ns=(1, 1))
    assert VectorIndex.intact(folder)
