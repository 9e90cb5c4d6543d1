"""What the figures were measured on and with, and how much of it a process takes."""

import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from service.local.cores import usable_cores

__all__ = ["disk_bytes", "machine", "peak_bytes", "resident_bytes", "versions"]

_PACKAGES = (
    "pullquote",
    "torch",
    "chromadb",
    "sentence-transformers",
    "transformers",
    "numpy",
    "langchain-chroma",
    "langchain-text-splitters",
)
_BLOCK_BYTES = 512  # of st_blocks, whatever the file system


def machine() -> dict[str, str | float]:
    """Return processor, usable cores and memory of this machine, and what else it does (load of the last minute)."""
    return {
        "processor": _proc_value(Path("/proc/cpuinfo"), "model name") or platform.processor() or platform.machine(),
        "cores": usable_cores(),
        "memory_mib": os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") >> 20,
        "system": platform.system(),
        "load": round(os.getloadavg()[0], 2),
    }


def versions() -> dict[str, str | None]:
    """Return the versions of Python, of Pullquote, and of the packages that matter here; None: not installed."""
    return {"python": platform.python_version(), **{name: _version(name) for name in _PACKAGES}}


def resident_bytes() -> int:
    """Return the resident memory of this process; where the system does not tell it, the most there ever was."""
    if kibibytes := _proc_value(Path("/proc/self/status"), "VmRSS"):
        return int(kibibytes.split()[0]) << 10
    return peak_bytes()


def peak_bytes() -> int:
    """Return the most resident memory that this process ever had."""
    import resource  # noqa: PLC0415  (not on every system)

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak << 10


def disk_bytes(folder: Path) -> int:
    """Return what the files below `folder` take of the disk."""
    return sum(file.stat().st_blocks * _BLOCK_BYTES for file in folder.rglob("*") if file.is_file())


def _proc_value(file: Path, name: str) -> str:
    """Return the value of the first line that begins with `name` in a file of `name: value` lines."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), "")


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
