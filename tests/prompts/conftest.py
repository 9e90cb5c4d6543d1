"""Templates of a test's own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import prompts


@pytest.fixture
def write_prompt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str, str], None]]:
    """Return what writes `name.jinja` to the folder that templates are read from."""
    monkeypatch.setattr(prompts, "files", lambda _: tmp_path)
    prompts.load_prompt.cache_clear()

    def write(name: str, source: str) -> None:
        (tmp_path / f"{name}.jinja").write_text(source, encoding="utf-8")
        prompts.load_prompt.cache_clear()

    yield write
    prompts.load_prompt.cache_clear()
