"""Run files: written line by line, so that what was interrupted goes on, and read whole."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

from pydantic import ValidationError

from eval.runs.errors import RunError, RunFormatError
from eval.runs.model import CaseRecord, Run, RunHeader

__all__ = ["RunFile", "read_run", "write_run"]

_STARTED = ("name", "started_at", "machine", "commit", "n_cases")
"""What may differ between the sessions that make one run."""


class RunFile:
    """A run that is being made; `done` has the keys of the cases that it holds already.

    A file that exists is gone on with, if it was made of the same set, with the same settings, models and prompts.
    Raises RunError where it was not.
    """

    def __init__(self, path: Path, header: RunHeader) -> None:
        self.path = path
        records: tuple[CaseRecord, ...] = ()
        if path.exists() and path.stat().st_size:
            found = read_run(path)
            if differing := _differing(found.header, header):
                raise RunError(
                    f"{path} was made with another {', '.join(differing)}; name another file with --out, or delete it"
                )
            header, records = found.header, found.records
        self.header = header
        self.done = {record.key for record in records}
        write_run(path, Run(header=header, records=records))  # without a line that was cut off
        self._lines: TextIO = path.open("a", encoding="utf-8")

    def add(self, record: CaseRecord) -> None:
        """Write what became of a case."""
        self._lines.write(_line(record))
        self._lines.flush()

    def close(self) -> None:
        """Close the file."""
        self._lines.close()


def write_run(path: Path, run: Run) -> None:
    """Write a whole run in place at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(path.name + ".new")
    fresh.write_text(_line(run.header) + "".join(map(_line, run.records)), encoding="utf-8")
    fresh.replace(path)


def read_run(path: Path) -> Run:
    """Read a run; a last line that was cut off is left out. Raises RunFormatError for what is no run."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as exc:
        raise RunFormatError(f"{path} cannot be read ({exc}); name a file that `pullquote eval run` wrote") from exc
    try:
        header = RunHeader.model_validate_json(lines[0])
        records = tuple(CaseRecord.model_validate_json(line) for line in _whole(lines[1:]))
    except ValidationError as exc:
        first = exc.errors()[0]
        where = ".".join(map(str, first["loc"])) or "a line"
        raise RunFormatError(
            f"{path} is no run of this version: {where}: {first['msg']}; run the set again with `pullquote eval run`"
        ) from exc
    return Run(header=header, records=records)


def _whole(lines: list[str]) -> Iterable[str]:
    """Return the lines that are not empty, without a last one that a kill cut off."""
    *ended, last = lines
    yield from filter(None, ended)
    if last and _is_json(last):
        yield last


def _is_json(line: str) -> bool:
    try:
        json.loads(line)
    except ValueError:
        return False
    return True


def _line(item: RunHeader | CaseRecord) -> str:
    return item.model_dump_json() + "\n"


def _differing(one: RunHeader, other: RunHeader) -> list[str]:
    mine, theirs = one.model_dump(exclude=set(_STARTED)), other.model_dump(exclude=set(_STARTED))
    return [name for name in mine if mine[name] != theirs[name]]
