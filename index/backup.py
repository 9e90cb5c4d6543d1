"""A backup as a file: a zip of databases, and a manifest with the size and the SHA-256 of each.

A backup may come from anywhere: names are ours, never the archive's, nothing is written beyond what the manifest
says, and what it says must fit the archive and the disk.
"""

import hashlib
import json
import os
import shutil
import zipfile
import zlib
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from index.errors import BackupError, StorageFullError
from index.storage import open_private, storage_errors

__all__ = ["Entry", "unpack_backup", "write_backup"]

_FORMAT = "pullquote-backup-1"
_MANIFEST = "manifest.json"
_MANIFEST_BYTES = 65_536
_CHUNK_BYTES = 1 << 20
_SMALL_BYTES = 64_000_000
_MOST_SHRUNK = 50  # databases of articles shrink to a third
_UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError),
    *(TypeError, ValueError, OverflowError, OSError),  # what zipfile says of garbled sizes and places
)


@dataclass(frozen=True)
class Entry:
    """What the manifest says of a file: its size and its SHA-256, in hexadecimal."""

    bytes: int
    sha256: str


def write_backup(target: Path, files: Mapping[str, Path], told: Mapping[str, object]) -> int:
    """Write `files` by their names, and a manifest with what is `told`, to a new file; return its size in bytes.

    The file appears when it is whole, and this user alone can read it. Raises BackupError where there is a file
    already, and StorageError.
    """
    if target.exists():
        raise BackupError(f"{target} is there already; name another file, or remove that one first")
    fresh = target.with_name(f"{target.name}.part")
    with storage_errors(target):
        fresh.unlink(missing_ok=True)
        try:
            with open_private(fresh) as file:
                _write(file, files, told)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(target)
        finally:
            fresh.unlink(missing_ok=True)
        return target.stat().st_size


def unpack_backup(source: Path, folder: Path, known: Collection[str]) -> dict[str, Entry]:
    """Unpack a backup whose files have names out of `known` into `folder`; return what it holds.

    Raises BackupError for what is no backup, is not whole, or is more than it can be, and StorageError.
    """
    with _backup_errors(source), zipfile.ZipFile(source) as archive:
        entries = _entries(archive, known)
        total = sum(entry.bytes for entry in entries.values())
        if total > _SMALL_BYTES and total > _MOST_SHRUNK * source.stat().st_size:
            raise BackupError(f"{source} would unpack to {total:,} bytes, more than any backup of its size holds")
        if total > shutil.disk_usage(folder).free:
            raise StorageFullError(f"the disk of {folder} has no room for {total:,} bytes; free some space")
        for name, entry in entries.items():
            with archive.open(name) as packed, storage_errors(folder / name), open_private(folder / name) as file:
                _copy(packed, file, name, entry)
                os.fsync(file.fileno())
    return entries


def _write(file: IO[bytes], files: Mapping[str, Path], told: Mapping[str, object]) -> None:
    entries = {name: asdict(_entry(path)) for name, path in files.items()}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_MANIFEST, json.dumps({"format": _FORMAT, **told, "files": entries}, indent=1))
        for name, path in files.items():
            archive.write(path, name)


def _entry(path: Path) -> Entry:
    with path.open("rb") as file:
        return Entry(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


def _entries(archive: zipfile.ZipFile, known: Collection[str]) -> dict[str, Entry]:
    with archive.open(_MANIFEST) as packed:
        raw = packed.read(_MANIFEST_BYTES + 1)
    if len(raw) > _MANIFEST_BYTES:
        raise ValueError("its manifest is too long")
    manifest = json.loads(raw)
    if not isinstance(manifest, dict) or manifest.get("format") != _FORMAT:
        raise ValueError("its manifest is of another format")
    entries = {str(name): _checked(entry) for name, entry in dict(manifest["files"]).items()}
    if sorted(archive.namelist()) != sorted([_MANIFEST, *entries]) or not set(entries) <= set(known):
        raise ValueError("it does not hold the files of a backup")
    return entries


def _checked(entry: object) -> Entry:
    match entry:
        case {"bytes": int(n), "sha256": str(digest)} if n >= 0:
            return Entry(n, digest)
    raise ValueError("its manifest is garbled")


def _copy(packed: IO[bytes], file: IO[bytes], name: str, entry: Entry) -> None:
    digest, left = hashlib.sha256(), entry.bytes
    while chunk := packed.read(_CHUNK_BYTES):
        left -= len(chunk)
        if left < 0:
            break
        digest.update(chunk)
        file.write(chunk)
    if left or digest.hexdigest() != entry.sha256:
        raise ValueError(f"{name} in it is not what was written")


@contextmanager
def _backup_errors(source: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as exc:
        raise BackupError(f"there is no {source}; name a file that `pullquote backup` wrote") from exc
    except KeyError as exc:
        raise BackupError(f"{source} is no backup of Pullquote; name a file that `pullquote backup` wrote") from exc
    except _UNREADABLE as exc:
        raise BackupError(f"{source} is no backup, or not whole ({exc}); restore another one") from exc
