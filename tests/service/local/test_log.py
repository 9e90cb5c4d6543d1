from pathlib import Path

import pytest

from service.local.log import ChildLog


@pytest.mark.parametrize("name", ["child.log", None])
def test_the_tail_is_this_childs(tmp_path: Path, name: str | None) -> None:
    """The tail shows the last lines of this child, not those of one before it."""
    path = tmp_path / name if name else None
    if path:
        path.write_text("the child before\n")
    log = ChildLog(path)
    assert log.tail() == ""
    log.file.write(b"".join(b"line %d\n" % number for number in range(30)))
    log.file.flush()
    assert log.tail().splitlines() == [f"line {number}" for number in range(18, 30)]
    log.close()


def test_a_large_log_is_begun_anew(tmp_path: Path) -> None:
    """A log above 1 MiB does not grow on."""
    path = tmp_path / "child.log"
    path.write_bytes(b"x" * (1 << 20) + b"x")
    ChildLog(path).close()
    assert path.stat().st_size == 0
