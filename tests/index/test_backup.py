"""A backup as a file: whole or refused, whoever made it."""

import json
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from index.backup import unpack_backup, write_backup
from index.errors import BackupError, StorageError, StorageFullError

KNOWN = ("ledger.db", "journal.db")
Forge = Callable[..., Path]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return an empty folder to unpack into."""
    (tmp_path / "into").mkdir()
    return tmp_path / "into"


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    """Return a backup of two files."""
    for name in KNOWN:
        (tmp_path / name).write_bytes(name.encode() * 50_000)
    write_backup(tmp_path / "backup.zip", {name: tmp_path / name for name in KNOWN}, {"articles": 3})
    return tmp_path / "backup.zip"


@pytest.fixture
def forge(whole: Path, tmp_path: Path) -> Forge:
    """Return what writes a backup anew with other files or another manifest."""

    def make(extra: Mapping[str, bytes], **manifest: object) -> Path:
        with zipfile.ZipFile(whole) as archive:
            content = {name: archive.read(name) for name in archive.namelist()}
        changed = {**json.loads(content.pop("manifest.json")), **manifest}
        forged = tmp_path / "forged.zip"
        with zipfile.ZipFile(forged, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("manifest.json", json.dumps(changed))
            for name, data in {**content, **extra}.items():
                archive.writestr(name, data)
        return forged

    return make


def refused(source: Path, folder: Path, match: str) -> None:
    """Check that a file is refused with its name, and that nothing was written beside the folder."""
    around = {path for path in folder.parent.rglob("*") if not path.is_relative_to(folder)}
    with pytest.raises(BackupError, match=match) as caught:
        unpack_backup(source, folder, KNOWN)
    assert str(source) in str(caught.value)
    assert {path for path in folder.parent.rglob("*") if not path.is_relative_to(folder)} == around


def test_there_and_back(whole: Path, folder: Path) -> None:
    """What was written is unpacked byte for byte, and this user alone can read any of it."""
    assert set(unpack_backup(whole, folder, KNOWN)) == set(KNOWN)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {n: n.encode() * 50_000 for n in KNOWN}
    assert {path.stat().st_mode & 0o777 for path in (whole, *folder.iterdir())} == {0o600}
    with zipfile.ZipFile(whole) as archive:
        assert json.loads(archive.read("manifest.json"))["articles"] == 3


def test_nothing_is_overwritten(whole: Path, tmp_path: Path) -> None:
    """A file that is there is named and stays."""
    before = whole.read_bytes()
    with pytest.raises(BackupError, match=r"backup\.zip is there already; name another file"):
        write_backup(whole, {"ledger.db": tmp_path / "ledger.db"}, {})
    assert whole.read_bytes() == before


def test_what_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    """A backup of a file that is not there, and one into no folder, leave no file."""
    with pytest.raises(StorageError):
        write_backup(tmp_path / "b.zip", {"ledger.db": tmp_path / "none"}, {})
    with pytest.raises(StorageError):
        write_backup(tmp_path / "no" / "b.zip", {}, {})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["../ledger.db", "/etc/passwd", "..\\x", "vectors/1", "tokens.json"])
def test_names_that_no_backup_has(forge: Forge, folder: Path, name: str) -> None:
    """Whatever a file in the archive is called, in the manifest too, nothing is written by that name."""
    refused(forge({name: b"x"}), folder, "does not hold the files of a backup|no backup")
    entry = {"bytes": 1, "sha256": "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"}
    refused(forge({name: b"x"}, files={name: entry}), folder, "no backup, or not whole")


def test_a_file_that_is_twice_there(forge: Forge, folder: Path) -> None:
    """An archive with two files of one name is no backup."""
    forged = forge({})
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(forged, "a") as archive:
        archive.writestr("ledger.db", b"another")
    refused(forged, folder, "does not hold the files of a backup")


def test_content_that_is_another(forge: Forge, folder: Path) -> None:
    """A file with another checksum, or of another length, is told."""
    refused(forge({"ledger.db": b"x" * 450_000}), folder, r"ledger\.db in it is not what was written")
    (folder / "ledger.db").unlink()
    refused(forge({"ledger.db": b"x" * 900_000}), folder, r"ledger\.db in it is not what was written")
    assert (folder / "ledger.db").stat().st_size <= 450_000


@pytest.mark.parametrize("at", [0.02, 0.3, 0.6, 0.9, 0.999])
def test_a_damaged_file(whole: Path, folder: Path, at: float) -> None:
    """A flipped byte anywhere, and an end that is missing, are seen."""
    content = bytearray(whole.read_bytes())
    content[int(len(content) * at)] ^= 0xFF
    (whole.parent / "flipped.zip").write_bytes(content)
    refused(whole.parent / "flipped.zip", folder, "no backup")
    for unpacked in folder.iterdir():
        unpacked.unlink()
    (whole.parent / "cut.zip").write_bytes(whole.read_bytes()[: int(len(content) * at)])
    refused(whole.parent / "cut.zip", folder, "no backup")


def test_what_is_no_backup(tmp_path: Path, folder: Path) -> None:
    """A text, an empty file, a folder, another zip file and none at all are told apart from backups."""
    (tmp_path / "text").write_text("Hello.")
    (tmp_path / "empty").touch()
    with zipfile.ZipFile(tmp_path / "other", "w") as archive:
        archive.writestr("ledger.db", b"x")
    for name, match in (("text", "no backup"), ("empty", "no backup"), ("other", "no backup"), ("none", "there is no")):
        refused(tmp_path / name, folder, match)
    refused(folder, folder, "no backup")


@pytest.mark.parametrize(
    "manifest",
    [
        {"format": "another"},
        {"files": []},
        {"files": {"ledger.db": 5}},
        {"files": None},
        {"x": "y" * 70_000},
    ],
)
def test_a_manifest_that_cannot_be(forge: Forge, folder: Path, manifest: dict[str, object]) -> None:
    """A manifest of another format, of another shape, and one without end are refused."""
    refused(forge({}, **manifest), folder, "no backup, or not whole")


def test_a_bomb(forge: Forge, folder: Path) -> None:
    """What would unpack to far more than a database of its size is refused before a byte is written."""
    bomb = bytes(100_000_000)
    entry, none = ({"bytes": n, "sha256": "0" * 64} for n in (len(bomb), 0))
    forged = forge({"ledger.db": bomb, "journal.db": b""}, files={"ledger.db": entry, "journal.db": none})
    refused(forged, folder, r"would unpack to 100,000,000 bytes")
    assert list(folder.iterdir()) == []


def test_no_room(whole: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the disk has no room it is said before anything is unpacked."""
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 1000}))
    with pytest.raises(StorageFullError, match="has no room for"):
        unpack_backup(whole, folder, KNOWN)
    assert list(folder.iterdir()) == []
