"""The vector index: embedded Chroma, derived from the ledger and disposable.

Only one process may open it (several lose vectors without an error), through one client. Ids are the ledger's
sentence keys; there is no metadata and no text, so nothing but distances is ever trusted from it.
"""

import contextlib
import hashlib
import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np

from index.encoders.base import Vector, Vectors
from index.errors import StorageError, StorageFullError, VectorIndexError
from index.storage import storage_errors

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection

__all__ = ["VectorIndex", "discard"]

_COLLECTION = "sentences"
_SEAL = "closed.json"
_THOROUGH = 2_500
_LEAST_FREE = 1 << 20
_N_VECTORS = slice(20, 28)  # of the graph's header
_MAX_BATCH = 5_000  # chromadb 1.5.9 refuses more than 5,461 records a call


class VectorIndex:
    """Sentence vectors of one generation in `folder`, compared by cosine.

    Every method may raise VectorIndexError, after which the index is of no use, and StorageFullError.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with _vector_errors(folder):
            folder.mkdir(parents=True, exist_ok=True)
            self._sealed, self._opened = _read_seal(folder), _looks(folder)
            (folder / _SEAL).unlink(missing_ok=True)
            self._client = _client(folder)
            try:
                self._collection = self._open()
                self._n = self._collection.count()
                self._written = _looks(folder)
            except BaseException:
                self.give_up()
                raise

    @staticmethod
    def intact(folder: Path) -> bool:
        """Tell whether `folder` is as `close` left it, by the checksum of every file (100 MB in 0.07 s).

        chromadb 1.5.9 writes its graph by truncating first: after a kill, opening it may lose vectors without a
        word, or end the process, and so may a single flipped bit. What was not closed in order, or has changed since,
        is therefore never opened again.
        """
        try:
            sealed = _read_seal(folder)
            return bool(sealed) and sealed == _listing(folder)
        except OSError:
            return False

    def __len__(self) -> int:
        """Return the number of vectors."""
        with _vector_errors(self.folder):
            self._n = self._collection.count()
            return self._n

    def add(self, keys: Sequence[int], vectors: Vectors) -> None:
        """Add or replace the vectors (shape [n, dimension]) of sentence keys."""
        with _vector_errors(self.folder):
            self._check_untouched()
            for begin in range(0, len(keys), _MAX_BATCH):
                ids = [str(key) for key in keys[begin : begin + _MAX_BATCH]]
                self._collection.upsert(ids=ids, embeddings=vectors[begin : begin + _MAX_BATCH])
                if not self._n:
                    _wipe_unused(self.folder)
                self._n += len(ids)
            self._written = _looks(self.folder)

    def remove(self, keys: Sequence[int]) -> None:
        """Remove the vectors of sentence keys; unknown keys are no error."""
        with _vector_errors(self.folder):
            self._check_untouched()
            for begin in range(0, len(keys), _MAX_BATCH):
                self._collection.delete(ids=[str(key) for key in keys[begin : begin + _MAX_BATCH]])
            self._written = _looks(self.folder)

    def nearest(self, vector: Vector, n: int) -> list[int]:
        """Return the keys of the `n` sentences nearest to `vector`, the nearest first.

        The graph is searched as thoroughly as many are asked for, so that a large index is asked for more: among a
        million, 100 find .72 of the true 64.
        """
        thorough = max(n, self._n // _THOROUGH)
        with _vector_errors(self.folder):
            found = self._collection.query(query_embeddings=np.asarray([vector]), n_results=thorough, include=[])
            return [int(key) for key in found["ids"][0][:n]]

    def close(self) -> None:
        """Release the files and seal them; the object is of no use after that.

        Without a seal, on a full disk say, the index is made anew next time. Files that somebody else changed while
        they were open are not sealed: chromadb would read them without a word.
        """
        with contextlib.suppress(StorageError), _vector_errors(self.folder):
            try:
                self._check_untouched()
            finally:
                self._client.close()
            unwritten = {name for name, look in self._opened.items() if self._written.get(name) == look}
            listing = _listing(self.folder)
            if all(listing.get(name) == self._sealed.get(name, listing.get(name)) for name in unwritten):
                (self.folder / _SEAL).write_text(json.dumps(listing))

    def give_up(self) -> None:
        """Release the files without a seal, so that the index is made anew next time."""
        with contextlib.suppress(StorageError), _vector_errors(self.folder):
            self._client.close()

    def _check_untouched(self) -> None:
        if _looks(self.folder) != self._written:
            raise ValueError("its files were changed by somebody else")

    def _open(self) -> "Collection":
        return self._client.get_or_create_collection(
            _COLLECTION, embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
        )


def _listing(folder: Path) -> dict[str, str]:
    """Return the checksum of every file."""
    return {name: _checksum(folder / name) for name in _looks(folder)}


def _looks(folder: Path) -> dict[str, tuple[int, int]]:
    """Return size and time of every file, which tell who wrote it last."""
    files = sorted(file for file in folder.rglob("*") if file.is_file() and file.name != _SEAL)
    stats = ((file.relative_to(folder).as_posix(), file.stat()) for file in files)
    return {name: (stat.st_size, stat.st_mtime_ns) for name, stat in stats}


def _read_seal(folder: Path) -> dict[str, str]:
    """Return the checksums that the last `close` wrote, none where there is no such file."""
    try:
        return dict(json.loads((folder / _SEAL).read_text()))
    except (FileNotFoundError, ValueError, TypeError):
        return {}


def _wipe_unused(folder: Path) -> None:
    """Overwrite what chromadb 1.5.9 writes before it has vectors to write: 40 KB of memory that it never set.

    There may be anything that the process held before, such as words of articles that were removed.
    """
    for header in folder.glob("*/header.bin"):
        if not any(header.read_bytes()[_N_VECTORS]):
            for name in ("data_level0.bin", "length.bin"):
                file = header.with_name(name)
                file.write_bytes(bytes(file.stat().st_size))


def _checksum(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def discard(folder: Path) -> None:
    """Delete the vector index in `folder`."""
    shutil.rmtree(folder, ignore_errors=True)


def _client(folder: Path) -> "Client":
    import chromadb  # noqa: PLC0415  (0.7 s that `pullquote list` need not wait for)
    from chromadb.api.shared_system_client import SharedSystemClient  # noqa: PLC0415
    from chromadb.config import Settings  # noqa: PLC0415

    try:
        client = chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))
    except Exception:
        # chromadb keeps what it failed to start, and would hand it out for the same folder again
        SharedSystemClient.clear_system_cache()
        raise
    return cast("Client", client)  # declared as ClientAPI, which has no `close`


@contextmanager
def _vector_errors(folder: Path) -> Iterator[None]:
    """Translate whatever chromadb says; of a damaged index it is any error, or the panic of its Rust part."""
    try:
        with storage_errors(folder):
            yield
    except StorageFullError:
        raise
    except StorageError as exc:
        raise VectorIndexError(str(exc)) from exc
    except BaseException as exc:
        if not isinstance(exc, Exception) and type(exc).__name__ != "PanicException":
            raise
        # what chromadb says of a full disk depends on which of its parts met it
        if "disk is full" in str(exc) or shutil.disk_usage(_existing(folder)).free < _LEAST_FREE:
            raise StorageFullError(f"the disk of {folder} is full; free some space and run the same again") from exc
        raise VectorIndexError(
            f"the vector index in {folder} fails ({exc}); where one made anew fails too, check the disk"
        ) from exc


def _existing(folder: Path) -> Path:
    return next((path for path in (folder, *folder.parents) if path.exists()), folder)
