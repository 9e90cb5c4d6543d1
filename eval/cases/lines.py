"""Text and JSON out of the files of a set, as checked models."""

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from eval.cases.errors import SetFormatError, SetMissingError

__all__ = ["explained", "read_line_models", "read_model", "read_text"]

_M = TypeVar("_M", bound=BaseModel)


def read_text(file: Path) -> str:
    """Return the text of a UTF-8 file. Raises SetMissingError where there is none, SetFormatError for other bytes."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except OSError as exc:
        raise SetMissingError(f"{file}: cannot be read ({exc.strerror}); name a file or folder that is there") from exc
    except UnicodeDecodeError as exc:
        raise SetFormatError(f"{file}: is not UTF-8 (byte {exc.start}); save it as UTF-8") from exc


def read_line_models(file: Path, kind: type[_M], remedy: str) -> list[_M]:
    """Return one model for each line of JSON in `file`; empty lines are passed over.

    Raises SetFormatError naming file, line and field, with `remedy`; and as `read_text` does.
    """
    return [_model(line, kind, f"{file}, line {number}", remedy) for number, line in _lines(file)]


def read_model(file: Path, kind: type[_M], remedy: str) -> _M:
    """Return the model that the whole of a JSON file is. Raises as `read_line_models` does."""
    return _model(read_text(file), kind, str(file), remedy)


def explained(exc: ValidationError) -> str:
    """Return field and fault of the first thing that does not fit."""
    first = exc.errors(include_url=False)[0]
    field = ".".join(map(str, first["loc"])) or "the line"
    return f"{field}: {first['msg'].removeprefix('Value error, ')}"


def _lines(file: Path) -> Iterator[tuple[int, str]]:
    # splitlines() would also split at U+2028, which may stand in a string
    return ((number, line) for number, line in enumerate(read_text(file).split("\n"), 1) if line.strip())


def _model(text: str, kind: type[_M], place: str, remedy: str) -> _M:
    try:
        return kind.model_validate_json(text)
    except ValidationError as exc:
        raise SetFormatError(f"{place}: {explained(exc)}; {remedy}") from exc
