import stat
from pathlib import Path

import pytest

from index.errors import StorageError
from service.marks import keyed_marks


def test_a_text_has_the_same_mark_in_one_folder_and_another_elsewhere(tmp_path: Path) -> None:
    """The secret outlives the process, and no other installation has it."""
    here, there = tmp_path / "a" / "mark.key", tmp_path / "b" / "mark.key"
    assert keyed_marks(here)("Who?") == keyed_marks(here)("Who?")
    assert keyed_marks(here)("Who?") != keyed_marks(there)("Who?")


def test_each_text_has_a_mark_of_its_own(tmp_path: Path) -> None:
    """Marks are eight hex digits, so that no article can foresee the one of its own text."""
    mark = keyed_marks(tmp_path / "mark.key")
    marks = {mark(f"Who {n}?\n\ud800") for n in range(200)}
    assert len(marks) == 200
    assert all(len(one) == 8 and int(one, 16) >= 0 for one in marks)


def test_nobody_else_reads_the_secret(tmp_path: Path) -> None:
    """It is as private as the kept answers."""
    file = tmp_path / "mark.key"
    keyed_marks(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("kept", [b"", b"short", b"\xff" * 64 + b"x"])
def test_a_damaged_secret_is_made_anew(tmp_path: Path, kept: bytes) -> None:
    """Nothing depends on an old one."""
    file = tmp_path / "mark.key"
    file.write_bytes(kept)
    assert keyed_marks(file)("Who?") == keyed_marks(file)("Who?")
    assert len(file.read_text("ascii")) == 64


def test_a_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    """The error names what cannot be written."""
    (tmp_path / "data").write_text("x")
    with pytest.raises(StorageError, match="data"):
        keyed_marks(tmp_path / "data" / "mark.key")
