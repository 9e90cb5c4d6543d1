"""What the reading process takes from itself before it sees a document.

Memory: the address space may grow by so much (on Linux; elsewhere the kernel does not hold to it). Files: none is
written, and none read but those of Python and its packages. Network and other programs: none. The last two are held
to by Python's audit hook, which sees what Python code does; libxml2 is told not to look for itself where it parses.
"""

import os
import resource
import sys
from pathlib import Path

__all__ = ["confine"]

_REFUSED = (
    "socket.",
    "subprocess.",
    "os.exec",
    "os.posix_spawn",
    "os.system",
    "os.fork",
    "os.remove",
    "os.rename",
    "os.mkdir",
    "os.rmdir",
    "os.link",
    "os.symlink",
    "os.truncate",
    "shutil.",
    "ctypes.dlopen",
)
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def confine(growth: int) -> None:
    """Bound memory to what is used now and `growth` bytes more, and refuse files, network and programs."""
    for name, most in ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, 0)):
        resource.setrlimit(name, (most, most))
    if sys.platform == "linux":
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        most = pages * resource.getpagesize() + growth
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    roots = {str(Path(root).resolve()) for root in (*sys.path, sys.prefix, sys.base_prefix) if root}
    readable = tuple(root.rstrip("/") + "/" for root in sorted(roots) if root != "/")

    def refuse(event: str, arguments: tuple[object, ...]) -> None:
        if event == "open":
            if not _may_open(arguments, readable):
                raise PermissionError(f"a document is read without other files ({arguments[0]!r})")
        elif event.startswith(_REFUSED):
            raise PermissionError(f"a document is read without {event}")

    sys.addaudithook(refuse)


def _may_open(arguments: tuple[object, ...], readable: tuple[str, ...]) -> bool:
    path, _, flags = arguments
    if isinstance(path, int):
        return True  # a file that is open already
    if isinstance(flags, int) and flags & _WRITING:
        return False
    return isinstance(path, str | bytes) and os.path.realpath(os.fsdecode(path)).startswith(readable)
