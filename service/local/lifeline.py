"""The child's end of the line: configuration in, port out, and never a life beyond the parent's."""

import ctypes
import os
import signal
import sys

from service.local.protocol import ChildConfig, ready_line

__all__ = ["Lifeline"]

_PR_SET_PDEATHSIG = 1  # <linux/prctl.h>


class Lifeline:
    """Tie this process to the parent that holds the other end of its standard input and output."""

    def __init__(self) -> None:
        # Ctrl-C reaches the whole group of the terminal; the parent decides when this process ends.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        _die_with_parent()
        # Whatever a library prints belongs to the log; the pipe carries one line of ours.
        self._reply = os.dup(sys.stdout.fileno())
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())

    def read_config(self) -> ChildConfig:
        """Wait for the configuration; end this process if the parent is gone before it has come."""
        line = sys.stdin.buffer.readline()
        if not line.endswith(b"\n"):
            os._exit(0)
        return ChildConfig.from_line(line)

    def announce(self, port: int) -> None:
        """Tell the parent that this process answers on `port`."""
        os.write(self._reply, ready_line(port))
        os.close(self._reply)

    def hold(self) -> None:
        """Stay until the parent closes the line or is gone, then end this process at once.

        `os._exit`, for a server in the middle of a generation takes seconds to end in good order.
        """
        sys.stdin.buffer.read()
        os._exit(0)


def _die_with_parent() -> None:
    """Ask Linux to kill this process with its parent.

    The end of the line says the same everywhere, but cannot be heard while the library that loads a model keeps
    the interpreter to itself. To Linux the parent is the thread that started this process, so the event loop's.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
