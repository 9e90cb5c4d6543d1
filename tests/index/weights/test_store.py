import os
from pathlib import Path

import pytest

from index.errors import ChecksumError, WeightsMissingError
from index.weights import (
    FileState,
    Progress,
    Weights,
    pull,
    require,
    stamps,
    status,
    verify,
    weights_dir,
)
from index.weights.fake import FakeSource
from index.weights.store import part_dir


@pytest.fixture
def model(tmp_path: Path, tiny: Weights, files: dict[str, bytes]) -> Path:
    """Pull the tiny model and return the path of its larger file."""
    return pull(tmp_path, tiny, sources=[FakeSource(files)]).folder / "model.bin"


def flip(path: Path) -> None:
    """Change one byte in place."""
    with path.open("r+b") as handle:
        handle.seek(1000)
        byte = handle.read(1)
        handle.seek(1000)
        handle.write(bytes([byte[0] ^ 1]))


def test_one_folder_a_model(tmp_path: Path, tiny: Weights) -> None:
    """The owner and the name of a model become one folder right below the root."""
    assert weights_dir(tmp_path, tiny) == tmp_path / "pullquote-tests--tiny"


def test_status_before_any_pull(tmp_path: Path, tiny: Weights) -> None:
    """Without a folder everything is missing and no folder is made."""
    found = status(tmp_path, tiny)

    assert [file.state for file in found.files] == [FileState.MISSING, FileState.MISSING]
    assert not found.complete
    assert not found.folder.exists()


def test_status_counts_what_has_come(tmp_path: Path, tiny: Weights) -> None:
    """An unfinished download is partial, with its bytes."""
    parts = part_dir(tmp_path, tiny, tiny.files[0])
    parts.mkdir(parents=True)
    (parts / "hub.part").write_bytes(b"x" * 70)

    found = status(tmp_path, tiny)

    assert found.files[0].state is FileState.PARTIAL
    assert found.present == 70


def test_status_of_a_cut_file(tmp_path: Path, tiny: Weights, model: Path) -> None:
    """A file of another size than it should have is partial."""
    os.truncate(model, 5)

    assert [file.state for file in status(tmp_path, tiny).files] == [FileState.PARTIAL, FileState.OK]


def test_require_names_the_remedy(tmp_path: Path, tiny: Weights) -> None:
    """Missing files are named together with the command that brings them."""
    with pytest.raises(WeightsMissingError, match=r"lacks model\.bin, 1_Pooling/config\.json .*models pull`"):
        require(tmp_path, tiny)


def test_require_reads_a_stamped_file_no_more(
    tmp_path: Path, tiny: Weights, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a pull the files are not hashed again."""
    monkeypatch.setattr(stamps, "_sha256", lambda *_: pytest.fail("hashed again"))

    assert require(tmp_path, tiny) == model.parent


def test_require_hashes_a_touched_file_once(
    tmp_path: Path, tiny: Weights, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file with a new modification time is proved again, and stamped again."""
    os.utime(model)
    require(tmp_path, tiny)
    monkeypatch.setattr(stamps, "_sha256", lambda *_: pytest.fail("hashed again"))

    assert require(tmp_path, tiny) == model.parent


def test_one_flipped_byte_is_refused(tmp_path: Path, tiny: Weights, model: Path) -> None:
    """A file changed since its stamp is hashed and refused, with the file and the remedy named."""
    flip(model)

    with pytest.raises(ChecksumError, match=r"model\.bin.*`pullquote models pull`"):
        require(tmp_path, tiny)


def test_verify_finds_a_flip_that_kept_its_time(tmp_path: Path, tiny: Weights, model: Path) -> None:
    """Verifying hashes whatever the stamp says, and the stamp is not believed any more afterwards."""
    before = model.stat()
    flip(model)
    os.utime(model, ns=(before.st_atime_ns, before.st_mtime_ns))

    assert [check.state for check in verify(tmp_path, tiny)] == [FileState.WRONG, FileState.OK]
    with pytest.raises(ChecksumError):
        require(tmp_path, tiny)


def test_verify_stamps_files_put_there_by_hand(
    tmp_path: Path, tiny: Weights, files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A verified file is not hashed by `require`, wherever it came from."""
    for path, data in files.items():
        target = weights_dir(tmp_path, tiny) / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)

    assert all(check.state is FileState.OK for check in verify(tmp_path, tiny))
    monkeypatch.setattr(stamps, "_sha256", lambda *_: pytest.fail("hashed again"))
    require(tmp_path, tiny)


def test_verify_reports_what_is_not_there(tmp_path: Path, tiny: Weights, model: Path) -> None:
    """Missing and cut files are told apart without being hashed."""
    os.truncate(model, 5)
    (model.parent / "1_Pooling" / "config.json").unlink()

    assert [check.state for check in verify(tmp_path, tiny)] == [FileState.PARTIAL, FileState.MISSING]


@pytest.mark.usefixtures("model")
def test_verify_tells_how_far_it_is(tmp_path: Path, tiny: Weights) -> None:
    """Each file's events end at its size."""
    events: list[Progress] = []

    verify(tmp_path, tiny, events.append)

    assert events[-1] == Progress(tiny.name, "1_Pooling/config.json", "checking", 16, 16)


def test_a_broken_stamp_is_no_stamp(tmp_path: Path, tiny: Weights, model: Path) -> None:
    """A stamp that cannot be read costs a hash, not an error."""
    model.with_name(".model.bin.verified").write_bytes(b"\xff\x00")

    assert require(tmp_path, tiny) == model.parent


def test_a_stamp_survives_whole_seconds(tmp_path: Path, tiny: Weights, model: Path) -> None:
    """Archives and container layers drop fractions of a second; the stamps hold none."""
    require(tmp_path, tiny)

    assert model.stat().st_mtime_ns % 1_000_000_000 == 0
