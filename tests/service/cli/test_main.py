import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path

import pytest
import typer
from typer.testing import Result

from service.cli.main import make_app

Run = Callable[..., Result]
Process = Callable[..., subprocess.Popen[str]]
HEAVY = {"torch", "chromadb", "langchain", "langchain_core", "mcp", "sentence_transformers", "transformers"}
LIGHT = """
import json, sys
from service.cli.main import main
sys.argv[0] = "pullquote"
try:
    main()
except SystemExit:
    pass
sys.stderr.write(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""


def leaves(group: object, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the path of every command that does something."""
    for name, command in group.commands.items():  # type: ignore[attr-defined]
        if hasattr(command, "commands"):
            yield from leaves(command, (*path, name))
        else:
            yield (*path, name)


COMMANDS = sorted(leaves(typer.main.get_command(make_app())))
ARGUMENTS = {"add": ("x",), "ask": ("When?",), "search": ("When?",), "show": ("x",), "remove": ("x",)}
ARGUMENTS |= {"backup": ("x",), "restore": ("x",)}


def test_the_commands_are_known() -> None:
    """The commands are those that the README tells of, so that the tests below pass none over."""
    names = {"add", "ask", "backup", "doctor", "list", "mcp", "reindex", "remove", "restore"}
    names |= {"search", "serve", "show", "sync"}
    models = {("models", name) for name in ("pull", "list", "verify")}
    tokens = {("tokens", name) for name in ("add", "list", "remove")}
    sources = {("sources", name) for name in ("list", "remove")}
    assert {(name,) for name in names} | models | tokens | sources <= set(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_help_has_an_example(pullquote: Run, command: tuple[str, ...]) -> None:
    """The help of every command shows a line that can be copied."""
    result = pullquote(*command, "--help")
    assert result.exit_code == 0
    text = " ".join(re.sub(r"[│╭╮╰╯─]", " ", result.stdout).split())
    assert re.search(rf"Examples?: .*pullquote {' '.join(command)}", text), text


def test_help_names_the_way_to_begin(pullquote: Run) -> None:
    """`pullquote --help`, and `pullquote` alone, show how to begin."""
    result = pullquote("--help")
    assert (result.exit_code, pullquote().output.strip()) == (0, result.output.strip())
    assert all(f"pullquote {step}" in result.output for step in ("models pull", "add", "ask"))


@pytest.mark.parametrize("command", [name for name in COMMANDS if name[0] != "eval"], ids=" ".join)
def test_an_unknown_setting_is_refused(pullquote: Run, tmp_path: Path, command: tuple[str, ...]) -> None:
    """A misspelt variable ends every command with 1, before anything is done, and is named."""
    arguments = (*command, *ARGUMENTS.get(command[-1] if len(command) == 1 else "", ()))
    if command[0] in ("tokens", "sources") and command[1] != "list":
        arguments = (*command, "1")
    result = pullquote(*arguments, chat_modle="fake:extract")
    assert result.exit_code == 1
    assert "Error: unknown settings: PULLQUOTE_CHAT_MODLE" in result.stderr
    assert not (tmp_path / "data").exists()


def test_an_unknown_setting_in_the_env_file(pullquote: Run, tmp_path: Path) -> None:
    """A misspelt variable in `.env` is refused too; a known one counts."""
    (tmp_path / ".env").write_text("PULLQUOTE_BNID=127.0.0.1:9\n")
    assert "unknown settings: PULLQUOTE_BNID" in pullquote("list").stderr
    (tmp_path / ".env").write_text("PULLQUOTE_BIND=nowhere\n")
    result = pullquote("list")
    assert result.exit_code == 1
    assert "write ADDRESS:PORT" in result.stderr


def test_the_version(pullquote: Run) -> None:
    """`--version` prints the version and nothing else."""
    assert pullquote("--version").output == version("pullquote") + "\n"


@pytest.mark.parametrize("command", ["--help", "list"])
def test_what_needs_no_model_imports_none(
    environment: Callable[..., dict[str, str]], tmp_path: Path, command: str
) -> None:
    """Help and the list come without the seconds that torch, Chroma, LangChain and the MCP SDK take to import."""
    done = subprocess.run(  # noqa: S603  (our own code)
        [sys.executable, "-c", LIGHT, command],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
        env=environment(tmp_path / "data"),
    )
    assert "pullquote" in done.stdout or "articles" in done.stdout
    assert not HEAVY & set(json.loads(done.stderr))


def test_other_packages_add_commands(pullquote: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A function behind the entry point group `pullquote.commands` is given the app and adds to it."""
    site = tmp_path / "site"
    info = site / "pullquote_greeting-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: pullquote-greeting\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[pullquote.commands]\ngreet = pullquote_greeting:register\n")
    (site / "pullquote_greeting.py").write_text(
        "def greet(name: str) -> None:\n    print(f'Good day, {name}.')\n\n"
        "def register(app):\n    app.command()(greet)\n"
    )
    monkeypatch.syspath_prepend(site)
    assert pullquote("greet", "Ida").stdout == "Good day, Ida.\n"
    assert pullquote("list").exit_code == 0


def test_the_script_runs(pullquote: Run, process: Process, news: Path) -> None:
    """The installed `pullquote` answers in a process of its own, without colours where it is piped."""
    pullquote("add", news)
    answered, error = process("ask", "When was the Gannet Bridge opened?").communicate(timeout=60)
    assert "[1] “The Gannet Bridge opened on Thursday.”" in answered
    assert "\x1b" not in answered + error
