import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

Run = Callable[..., Result]


def test_a_token_is_shown_once(pullquote: Run, tmp_path: Path) -> None:
    """The secret alone goes to standard output; the file keeps its hash, readable by this user only."""
    result = pullquote("tokens", "add", "newsroom")
    secret = result.stdout.removesuffix("\n")
    assert result.exit_code == 0
    assert secret.startswith("pq_")
    assert len(secret) > 40
    assert "'newsroom' of scope ask" in result.stderr
    assert secret not in result.stderr
    file = tmp_path / "data" / "tokens.json"
    assert secret not in file.read_text()
    assert json.loads(file.read_text())[0]["sha256"] == hashlib.sha256(secret.encode()).hexdigest()
    assert file.stat().st_mode & 0o077 == 0


def test_tokens_are_listed_and_removed(pullquote: Run) -> None:
    """The list shows names and scopes; a removed token is no longer in it."""
    pullquote("tokens", "add", "newsroom")
    pullquote("tokens", "add", "desk", "--scope", "admin")
    lines = pullquote("tokens", "list").stdout.splitlines()
    assert [line.split()[:2] for line in lines] == [["name", "scope"], ["newsroom", "ask"], ["desk", "admin"]]
    assert pullquote("tokens", "remove", "newsroom").stdout == "removed newsroom\n"
    assert "newsroom" not in pullquote("tokens", "list").stdout


def test_tokens_are_listed_for_programs(pullquote: Run) -> None:
    """With `--json` each has its name, scope and day, and nothing of its secret."""
    assert json.loads(pullquote("tokens", "list", "--json").stdout) == {"tokens": []}
    pullquote("tokens", "add", "newsroom")
    (token,) = json.loads(pullquote("tokens", "list", "--json").stdout)["tokens"]
    assert (token.pop("name"), token.pop("scope"), list(token)) == ("newsroom", "ask", ["created_at"])


@pytest.mark.parametrize("name", ["two words", "", "a" * 65, "../x", "[bold]"])
def test_a_name_that_is_not_allowed(pullquote: Run, tmp_path: Path, name: str) -> None:
    """A name with anything but letters, digits and . _ - is refused, and no file is made."""
    result = pullquote("tokens", "add", name)
    assert result.exit_code == 1
    assert f"{name[:64]}" in result.stderr
    assert "is not allowed; use 1 to 64 of A-Z a-z 0-9 . _ -" in result.stderr
    assert not (tmp_path / "data" / "tokens.json").exists()


def test_a_name_twice(pullquote: Run) -> None:
    """A name that is taken is refused with the command that frees it."""
    pullquote("tokens", "add", "newsroom")
    result = pullquote("tokens", "add", "newsroom")
    assert result.exit_code == 1
    assert "`pullquote tokens remove newsroom`" in result.stderr


def test_an_unknown_name(pullquote: Run) -> None:
    """Removing what is not there is refused with the command that lists the names."""
    result = pullquote("tokens", "remove", "nosuch")
    assert result.exit_code == 1
    assert "there is no token 'nosuch'; `pullquote tokens list`" in result.stderr


def test_an_unknown_scope(pullquote: Run) -> None:
    """A scope that does not exist is a wrong use, which names the known ones."""
    result = pullquote("tokens", "add", "x", "--scope", "root")
    assert result.exit_code == 2
    assert "'root' is not one of 'ask'," in result.stderr


@pytest.mark.parametrize(
    "content", ["{", "[1]", '[{"name": "x"}]', '[{"name":"x","scope":"root","sha256":"","created_at":""}]']
)
@pytest.mark.parametrize("command", [("list",), ("add", "x"), ("remove", "x")])
def test_a_broken_file(pullquote: Run, tmp_path: Path, content: str, command: tuple[str, ...]) -> None:
    """A file that holds no tokens is an error that names it, and stays as it is."""
    file = tmp_path / "tokens.json"
    file.write_text(content)
    result = pullquote("tokens", *command, tokens_file=str(file))
    assert result.exit_code == 1
    assert result.stderr.startswith(f"Error: {file} ")
    assert file.read_text() == content
