import os
from pathlib import Path

import pytest

from service.local.cores import usable_cores


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Describe eight logical processors, two a core."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: set(range(8)), raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 8)
    for cpu in range(8):
        topology = tmp_path / f"cpu{cpu}" / "topology"
        topology.mkdir(parents=True)
        (topology / "thread_siblings_list").write_text(f"{cpu % 4},{cpu % 4 + 4}\n")
    return tmp_path


@pytest.mark.parametrize(
    ("quota", "cores"),
    [("max 100000", 4), ("200000 100000", 2), ("150000 100000", 2), ("50000 100000", 1), ("nonsense", 4)],
)
def test_quota(machine: Path, quota: str, cores: int) -> None:
    """Two threads of one core count once, and a container's quota is heeded, rounded up."""
    cgroup = machine / "cpu.max"
    cgroup.write_text(quota + "\n")
    assert usable_cores(cgroup=cgroup, cpus=machine) == cores


def test_affinity(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Processors that this process may not use do not count."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: {0, 4, 1}, raising=False)
    assert usable_cores(cgroup=machine / "none", cpus=machine) == 2


def test_a_machine_that_tells_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without affinity, quota or topology the count of the system is taken, and at least one."""
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert usable_cores(cgroup=tmp_path / "none", cpus=tmp_path) == 1
