import os
from pathlib import Path

import pytest

from eval.bench import machine as module
from eval.bench.machine import disk_bytes, machine, resident_bytes, versions


def test_the_machine_is_described() -> None:
    """Processor, cores and memory are told."""
    told = machine()
    assert told["processor"]
    assert int(told["cores"]) >= 1
    assert float(told["memory_mib"]) > 100
    assert float(told["load"]) >= 0


def test_versions_are_told() -> None:
    """Versions are those of the packages installed; one that is not has none."""
    told = versions()
    assert told["chromadb"] == "1.5.9"
    assert told["pullquote"]
    assert module._version("no-such-package") is None


def test_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Resident memory is told, with and without /proc."""
    now = resident_bytes()
    monkeypatch.setattr(module, "_proc_value", lambda *_: "")
    assert 10 << 20 < now <= resident_bytes() * 1.1


def test_disk(tmp_path: Path) -> None:
    """Files of all folders count by the blocks they take; holes do not."""
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "file").write_bytes(os.urandom(100_000))
    with (tmp_path / "sparse").open("wb") as file:
        file.truncate(10_000_000)
    assert 100_000 <= disk_bytes(tmp_path) < 1_000_000
