import errno
from pathlib import Path

import pytest

from index.errors import StorageError, StorageFullError
from index.weights.disk import disk_errors, publish


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_named(tmp_path: Path, code: int) -> None:
    """A full disk or an exhausted quota is StorageFullError with the folder in it."""
    with pytest.raises(StorageFullError, match=str(tmp_path)), disk_errors(tmp_path):
        raise OSError(code, "full")


def test_another_refusal_is_a_storage_error(tmp_path: Path) -> None:
    """Any other refusal of the disk keeps its own words."""
    with pytest.raises(StorageError, match="not yours"), disk_errors(tmp_path):
        raise PermissionError(errno.EACCES, "not yours")


def test_publishing_replaces_what_was_there(tmp_path: Path) -> None:
    """The finished file takes the place of an older one, in a folder that need not exist yet."""
    part, target = tmp_path / "part", tmp_path / "deep" / "target"
    for data in (b"old", b"new"):
        part.write_bytes(data)
        publish(part, target)

    assert target.read_bytes() == b"new"
    assert not part.exists()
