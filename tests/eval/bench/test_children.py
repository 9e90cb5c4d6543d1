from pathlib import Path

import pytest

from eval.bench.children import run_child
from eval.bench.errors import ChildError


@pytest.fixture
def _modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make two modules that can be run: one says what it was given, one fails."""
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    (tmp_path / "says.py").write_text(
        "import json, os, sys\nprint(json.dumps([sys.argv[1:], os.environ['HF_HUB_OFFLINE']]))\n"
    )
    (tmp_path / "fails.py").write_text("raise SystemExit('no such model')\n")


@pytest.mark.usefixtures("_modules")
def test_what_a_child_prints() -> None:
    """A child gets its options and runs offline."""
    assert run_child("says", ["--limit", "3"]) == [["--limit", "3"], "1"]


@pytest.mark.usefixtures("_modules")
def test_a_child_that_fails() -> None:
    """The error of a child is shown with its name."""
    with pytest.raises(ChildError, match="fails ended with 1:\nno such model"):
        run_child("fails", [])
