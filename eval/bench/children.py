"""Measuring processes: each part that must not share threads or memory with another runs in its own.

A child prints one JSON object, and nothing else, on standard output.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from eval.bench.errors import ChildError
from service.offline import FORCED

__all__ = ["arguments", "emit", "run_child"]

_LAST_LINES = 15


def run_child(module: str, options: Sequence[str]) -> dict[str, Any]:
    """Run `python -m module options` offline, and return what it measured.

    Raises ChildError with the last lines of its errors where it fails.
    """
    command = [sys.executable, "-m", module, *options]
    environment = {**os.environ, **FORCED}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603  (ours)
    if done.returncode != 0:
        last = "\n".join(done.stderr.strip().splitlines()[-_LAST_LINES:])
        raise ChildError(f"{module} ended with {done.returncode}:\n{last}")
    measured: dict[str, Any] = json.loads(done.stdout)
    return measured


def arguments(description: str | None) -> argparse.ArgumentParser:
    """Return a parser with the options that the measuring processes share."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    parser.add_argument("--data", type=Path, required=True, help="folder of the question sets")
    parser.add_argument("--limit", type=int, default=600, help="most questions of a set (default: %(default)s)")
    return parser


def emit(measured: dict[str, Any]) -> None:
    """Print what was measured."""
    sys.stdout.write(json.dumps(measured) + "\n")
