import shutil
import threading
from pathlib import Path

from index.weights.download import _largest


def test_folders_that_go_while_they_are_looked_at(tmp_path: Path) -> None:
    """What pip makes and removes meanwhile does not disturb the count of what was brought."""
    (tmp_path / "tiny.whl").write_bytes(b"x" * 10)
    ended = threading.Event()

    def come_and_go() -> None:
        while not ended.is_set():
            (tmp_path / "build" / "deeper").mkdir(parents=True)
            shutil.rmtree(tmp_path / "build")

    pip = threading.Thread(target=come_and_go)
    pip.start()
    try:
        sizes = {_largest(tmp_path) for _ in range(2_000)}
    finally:
        ended.set()
        pip.join()
    assert sizes == {10}
