"""How many processor cores this process may really use."""

import math
import os
from pathlib import Path

__all__ = ["usable_cores"]

_CGROUP = Path("/sys/fs/cgroup/cpu.max")
_CPUS = Path("/sys/devices/system/cpu")


def usable_cores(*, cgroup: Path = _CGROUP, cpus: Path = _CPUS) -> int:
    """Count physical cores, less those that affinity or a container's quota takes away; at least 1.

    llama.cpp's own count looks at the whole machine: in a container of 2 cores on a host of 64 it would start
    64 threads.
    """
    return max(1, min(_physical(cpus), _quota(cgroup)))


def _physical(cpus: Path) -> int:
    """Count one per core: two threads of one core share the arithmetic units that generation is bound by."""
    try:
        allowed = os.sched_getaffinity(0)
    except AttributeError:  # only Linux has it
        return os.cpu_count() or 1
    siblings = {_read(cpus / f"cpu{cpu}" / "topology" / "thread_siblings_list") or str(cpu) for cpu in allowed}
    return len(siblings)


def _quota(cgroup: Path) -> int:
    quota, _, period = _read(cgroup).partition(" ")
    if not (quota.isdigit() and period.isdigit() and int(period)):
        return os.cpu_count() or 1
    return math.ceil(int(quota) / int(period))


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except OSError:
        return ""
