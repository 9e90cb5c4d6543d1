import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from index.weights import MINILM, weights_dir
from service.cli.models import known_models

Run = Callable[..., Result]


@pytest.fixture
def encoder(tmp_path: Path) -> Path:
    """Return the folder of the encoder, with one file cut off and one of the right size but other bytes."""
    folder = weights_dir(tmp_path / "data" / "models", MINILM)
    (folder / "1_Pooling").mkdir(parents=True)
    sizes = {file.path: file.size for file in MINILM.files}
    (folder / "tokenizer.json").write_bytes(b"{}")
    (folder / "config.json").write_bytes(b" " * sizes["config.json"])
    return folder


def test_models_are_listed(pullquote: Run) -> None:
    """Each known model stands in the list with its licence, its size, and what to do where it is missing."""
    result = pullquote("models", "list")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()[1:]
    assert [line.split()[0] for line in lines] == list(known_models())
    assert all("Apache-2.0" in line and "missing; run `pullquote models pull`" in line for line in lines)


def test_models_are_listed_and_verified_for_programs(pullquote: Run) -> None:
    """With `--json` each model says whether it is here, and each file its state; missing ones still end with 1."""
    listed = json.loads(pullquote("models", "list", "--json").stdout)["models"]
    assert [(model["name"], model["here"]) for model in listed] == [(name, False) for name in known_models()]
    result = pullquote("models", "verify", MINILM.name, "--json")
    files = json.loads(result.stdout)["files"]
    assert result.exit_code == 1
    assert files == [{"model": MINILM.name, "path": file.path, "state": "missing"} for file in MINILM.files]


def test_missing_files_do_not_pass(pullquote: Run) -> None:
    """`verify` names every missing file and ends with 1 and the remedy."""
    result = pullquote("models", "verify")
    files = [f"{name}/{file.path}: missing" for name, weights in known_models().items() for file in weights.files]
    assert result.exit_code == 1
    assert result.stdout.splitlines() == files
    assert result.stderr == f"Error: {len(files)} files are missing or wrong; run `pullquote models pull`\n"


def test_wrong_files_do_not_pass(pullquote: Run, encoder: Path) -> None:
    """`verify` tells a file that was cut off from one with wrong bytes, and looks at the named model only."""
    result = pullquote("models", "verify", MINILM.name)
    lines = result.stdout.splitlines()
    assert result.exit_code == 1
    assert encoder.is_dir()
    assert f"{MINILM.name}/tokenizer.json: partial" in lines
    assert f"{MINILM.name}/config.json: wrong" in lines
    assert len(lines) == len(MINILM.files)


@pytest.mark.parametrize("command", ["pull", "verify"])
def test_an_unknown_model(pullquote: Run, tmp_path: Path, command: str) -> None:
    """A model that is not in the catalogue is refused with the names of those that are."""
    result = pullquote("models", command, MINILM.name, "[nosuch]")
    assert result.exit_code == 1
    assert result.stderr == f"Error: there is no model '[nosuch]'; known ones are {', '.join(known_models())}\n"
    assert not (tmp_path / "data").exists()


def test_a_question_without_model_files(pullquote: Run, news: Path) -> None:
    """With the default models and no files, adding and asking end with 1 or 3 and name the command that brings them."""
    added = pullquote("add", news / "bridge.md", encoder=MINILM.name)
    assert added.exit_code == 1
    assert "run `pullquote models pull`" in added.stderr
    pullquote("add", news)
    asked = pullquote("ask", "When was the bridge opened?", chat_model="local:qwen2.5-coder-1.5b-instruct")
    assert asked.exit_code == 3
    assert "(model_unavailable)" in asked.stdout
    assert "run `pullquote models pull`" in asked.stderr
