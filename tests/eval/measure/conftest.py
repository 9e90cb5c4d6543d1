"""The public sets where they are, and what writes tiny ones in their form."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

PUBLIC = Path(__file__).parents[3].parent / "shared" / "data"


@pytest.fixture(scope="session")
def public() -> Path:
    """Return the folder of the public sets; skip where there is none."""
    if not PUBLIC.is_dir():
        pytest.skip("there are no question sets in ../shared/data")
    return PUBLIC


@pytest.fixture
def lines() -> Callable[[Path, Sequence[object]], None]:
    """Return what writes rows as JSON lines."""

    def write(file: Path, rows: Sequence[object]) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")

    return write
