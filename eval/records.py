"""Records by key: JSON lines that are appended as they come, so that what was interrupted goes on where it was."""

import json
from pathlib import Path
from typing import Any

__all__ = ["Records"]

Row = dict[str, Any]


class Records:
    """Rows by their key; of two with the same key the later counts.

    Without a file they are kept in memory alone, and `fixed` ones are read but not written.
    """

    def __init__(self, file: Path | None, *, fixed: bool = False) -> None:
        self._file = None if fixed else file
        self._rows = {row["key"]: row for row in _read(file)} if file else {}
        self._used: set[str] = set()
        if self._file and file and file.exists() and file.stat().st_size and not file.read_bytes().endswith(b"\n"):
            with file.open("a", encoding="utf-8") as lines:
                lines.write("\n")  # ends a line that a kill cut off

    def get(self, key: str) -> Row | None:
        """Return the row of a key, or None."""
        self._used.add(key)
        return self._rows.get(key)

    def put(self, key: str, row: Row) -> None:
        """Keep a row."""
        self._used.add(key)
        self._rows[key] = {"key": key, **row}
        if self._file:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with self._file.open("a", encoding="utf-8") as lines:
                lines.write(_line(self._rows[key]))

    def prune(self) -> int:
        """Forget the rows that were not asked for; return how many. The file is put in order by key."""
        kept = {key: row for key, row in sorted(self._rows.items()) if key in self._used}
        gone, self._rows = len(self._rows) - len(kept), kept
        if self._file and self._file.exists():
            fresh = self._file.with_name(self._file.name + ".new")
            fresh.write_text("".join(map(_line, kept.values())), encoding="utf-8")
            fresh.replace(self._file)
        return gone


def _line(row: Row) -> str:
    return json.dumps(row, ensure_ascii=False) + "\n"


def _read(file: Path) -> list[Row]:
    """Return the rows of a file; a line that a kill cut off is left out."""
    rows = []
    for line in file.read_text(encoding="utf-8").split("\n") if file.exists() else ():
        try:
            rows.append(json.loads(line))
        except ValueError:
            continue
    return rows
