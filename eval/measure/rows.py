"""JSON lines of a set as checked rows, and their texts as articles hold them."""

import unicodedata
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from eval.bench.errors import DataMissingError
from eval.measure.errors import SetFormatError

__all__ = ["Row", "as_stored", "read_rows"]


class Row(BaseModel):
    """A line of a set: its known fields; others are ignored."""

    model_config = ConfigDict(frozen=True)


_R = TypeVar("_R", bound=Row)


def read_rows(file: Path, kind: type[_R]) -> list[_R]:
    """Return the rows of `file`. Raises DataMissingError if it is absent, SetFormatError naming a bad line."""
    try:
        lines = file.read_text(encoding="utf-8").split("\n")  # splitlines() would also split at U+2028 within a string
    except FileNotFoundError as exc:
        raise DataMissingError(f"there is no {file}; name the folder of the question sets with --data") from exc
    return [_row(line, kind, f"{file}, line {number}") for number, line in enumerate(lines, 1) if line.strip()]


def as_stored(raw: str) -> str:
    r"""Return the text as the index stores it (NFC, `\n` newlines), so that offsets hold; NULs become spaces."""
    newlines = raw.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", newlines.replace("\x00", " "))


def _row(line: str, kind: type[_R], place: str) -> _R:
    try:
        return kind.model_validate_json(line)
    except ValidationError as exc:
        first = exc.errors()[0]
        field = ".".join(map(str, first["loc"])) or "the line"
        raise SetFormatError(f"{place}: {field}: {first['msg']}; convert the set again") from exc
