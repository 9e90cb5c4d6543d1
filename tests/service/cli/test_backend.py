"""The same commands with and without a server; one server serves them all."""

import json
import re
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient
from typer.testing import Result

from index.articles import make_article
from index.encoders import FakeEncoder
from index.errors import IndexingError
from index.library import Library
from index.owner import Ownership, find_owner
from service.cli.backend import open_catalogue
from service.http.app import create_app
from service.settings import Settings

pytestmark = pytest.mark.slow

Run = Callable[..., Result]
Serve = Callable[..., subprocess.Popen[bytes]]
QUESTION = "When was the Gannet Bridge opened?"


@pytest.fixture(scope="module")
def served(serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a library that a process of its own serves."""
    folder = tmp_path_factory.mktemp("served") / "data"
    serve(folder)
    return folder


@pytest.fixture
def remote(pullquote: Run, served: Path) -> Iterator[Run]:
    """Return what runs commands beside the server, over a library that is empty at first."""

    def run(*arguments: str | Path, **variables: str) -> Result:
        return pullquote(*arguments, data_dir=str(served), **variables)

    yield run
    for article in json.loads(run("list", "--json").stdout)["articles"]:
        run("remove", article["id"])


def story(run: Run, news: Path, tmp_path: Path) -> list[tuple[int, str, str]]:
    """Add, change, list, ask, search, show and remove; return exit codes and what was printed."""
    (news / "bad.txt").write_bytes(b"\xff")
    said = [run("add", news)]
    (news / "2024" / "ferry.txt").write_text("The ferry to Port Ellis was sold.")
    said += [run("add", "--json", news, tmp_path / "missing.md")]
    said += [run("list", *options) for options in ((), ("--json",), ("--offset", "2", "--limit", "1"))]
    said += [run("ask", QUESTION), run("ask", "Who is the president of France?"), run("ask", "")]
    said += [run("ask", QUESTION, "--to", "2020"), run("ask", "--json", QUESTION, "--from", "2024")]
    said += [run("search", "ferry", *options) for options in ((), ("--json", "--limit", "1"))]
    said += [run("show", "dam"), run("show", "dam", "--json"), run("show", "nosuch")]
    said += [run("remove", "dam"), run("remove", "dam"), run("list")]
    return [(result.exit_code, timeless(result.stdout), result.stderr) for result in said]


def timeless(text: str) -> str:
    """Return `text` without what differs from answer to answer: a server counts the tokens of its day."""
    return re.sub(r'"timings_ms": {[^}]*}|"ans_[0-9a-f]+"|"today": \d+', "", text)


def test_a_server_changes_no_output(pullquote: Run, remote: Run, news: Path, tmp_path: Path) -> None:
    """Every command prints the same, and ends alike, whether a server does its work or not."""
    alone = story(pullquote, news, tmp_path)
    (news / "2024" / "ferry.txt").write_text("The ferry to Port Ellis sails again. It had been laid up since March.\n")
    assert story(remote, news, tmp_path) == alone


def test_json_is_the_body_of_the_route(pullquote: Run, news: Path, library: Settings) -> None:
    """`list`, `show`, `search` and `ask` with `--json` print what the HTTP routes return."""
    pullquote("add", news)
    said = [
        pullquote(*command, "--json").stdout
        for command in (
            ("list", "--limit", "3"),
            ("show", "dam"),
            ("search", "ferry", "--limit", "2"),
            ("ask", QUESTION),
        )
    ]
    with TestClient(create_app(library), base_url="http://127.0.0.1:8000") as client:
        replies = [
            client.get("/api/articles?limit=3"),
            client.get("/api/articles/dam"),
            client.post("/api/search", json={"question": "ferry", "limit": 2}),
            client.post("/api/ask", json={"question": QUESTION}),
        ]
    printed, bodies = [json.loads(text) for text in said], [reply.json() for reply in replies]
    for answer in (printed[-1], bodies[-1]):
        assert answer.pop("id").startswith("ans_")
        assert "total" in answer.pop("timings_ms")
    assert printed == bodies


def test_the_owner_needs_no_token(remote: Run, served: Path, news: Path) -> None:
    """Where tokens exist, commands of the user who serves still add, ask and remove; others are refused."""
    token = remote("tokens", "add", "reader").stdout.strip()
    owner = find_owner(served)
    assert owner is not None
    try:
        assert remote("add", news).stdout == "4 added, 0 updated, 0 unchanged, 0 failed\n"
        assert remote("ask", QUESTION).stdout.startswith("The Gannet Bridge opened on Thursday.[1]")
        assert remote("remove", "dam").exit_code == 0
        with httpx.Client(base_url=owner.url, trust_env=False) as client:
            bearer = {"Authorization": f"Bearer {token}"}
            assert client.get("/api/articles").status_code == 401
            assert client.get("/api/articles", headers=bearer).json()["total"] == 3
            assert client.delete("/api/articles/museum", headers=bearer).status_code == 403
    finally:
        remote("tokens", "remove", "reader")


def test_the_key_is_for_this_user_alone(served: Path) -> None:
    """The file with the server's address and key can be read by its owner only."""
    assert (served / "owner.json").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("article_id", ["...", "a#b:~c._-"])
def test_every_allowed_id_passes_the_server(remote: Run, tmp_path: Path, article_id: str) -> None:
    """An article of any allowed id is added, shown and removed through the server."""
    (tmp_path / "x.jsonl").write_text(json.dumps({"id": article_id, "text": "The bridge opened."}))
    assert remote("add", tmp_path / "x.jsonl").output == "1 added, 0 updated, 0 unchanged, 0 failed\n"
    assert "The bridge opened." in remote("show", article_id).stdout
    assert remote("remove", article_id).stdout == f"removed {article_id}\n"


@pytest.mark.parametrize("command", ["remove", "show"])
@pytest.mark.parametrize("article_id", ["a/b", "", "..", "caf\udce9", "a?b=c", "a%2Fb"])
def test_no_id_leaves_its_route(pullquote: Run, remote: Run, command: str, article_id: str) -> None:
    """Whatever is given as an id, the server says of it what the library alone would say."""
    alone, beside = pullquote(command, article_id), remote(command, article_id)
    assert (beside.exit_code, beside.output) == (alone.exit_code, alone.output)
    assert beside.stderr.startswith("Error: there is no article")


def test_a_broken_question_is_refused_alike(pullquote: Run, remote: Run) -> None:
    """A question that is no text gets the same error through the server."""
    assert remote("ask", "caf\udce9").output == pullquote("ask", "caf\udce9").output


def test_reindexing_is_refused_beside_a_server(remote: Run, served: Path) -> None:
    """`reindex` says at once who serves the folder and that it must be stopped first."""
    result = remote("reindex")
    assert result.exit_code == 1
    assert re.fullmatch(
        rf"Error: {served} is served at http://127.0.0.1:\d+ by process \d+; stop that first\n", result.stderr
    )


def test_a_folder_in_use_by_a_command(pullquote: Run, tmp_path: Path, news: Path) -> None:
    """A command waits for another one that owns the folder, and goes on when that ends."""
    owned = threading.Event()

    def use() -> None:
        ownership = Ownership(tmp_path / "data")
        owned.set()
        time.sleep(0.3)
        ownership.release()

    other = threading.Thread(target=use)
    other.start()
    owned.wait()
    result = pullquote("add", news)
    other.join()
    assert result.output == "4 added, 0 updated, 0 unchanged, 0 failed\n"


def test_a_folder_kept_by_a_command(pullquote: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that stays in use is told after some seconds, with what to do; listing needs no ownership."""
    monkeypatch.setattr("service.cli.backend._BUSY_WAIT_S", 0.1)
    ownership = Ownership(tmp_path / "data")
    try:
        result = pullquote("ask", QUESTION)
        assert pullquote("list").exit_code == 0
    finally:
        ownership.release()
    assert result.exit_code == 1
    assert "is in use by another pullquote command; wait for it to end" in result.stderr


def test_the_first_commands_at_once(library: Settings) -> None:
    """Two commands may be the first in a folder at the same moment."""
    errors: list[IndexingError] = []
    together = threading.Barrier(2)

    def use() -> None:
        together.wait()
        try:
            with open_catalogue(library) as catalogue:
                catalogue.articles(0, 1)
        except IndexingError as exc:
            errors.append(exc)

    commands = [threading.Thread(target=use) for _ in range(2)]
    for command in commands:
        command.start()
    for command in commands:
        command.join()
    assert not errors


def test_listing_beside_a_command_that_adds(library: Settings) -> None:
    """The list can be read at any moment while another command adds articles, and takes nothing from it."""
    errors: list[IndexingError] = []
    with open_catalogue(library) as catalogue:
        catalogue.articles(0, 1)

    def add() -> None:
        opened = Library(library.data_dir, FakeEncoder)
        for number in range(15):
            fields = {"id": f"a{number}", "text": "The bridge opened. It is long.", "language": "en"}
            try:
                opened.add(make_article(fields, place="test"))
            except IndexingError as exc:
                errors.append(exc)
        opened.close()

    adding = threading.Thread(target=add)
    adding.start()
    while adding.is_alive():
        try:
            with open_catalogue(library) as catalogue:
                catalogue.articles(0, 1)
        except IndexingError as exc:
            errors.append(exc)
    adding.join()
    assert not errors, f"{len(errors)} errors, such as {errors[0]}"


def test_a_server_that_is_gone(pullquote: Run, tmp_path: Path, news: Path) -> None:
    """Where a server was killed, its address is left behind, and commands work by themselves again."""
    ownership = Ownership(tmp_path / "data")
    ownership.announce("http://127.0.0.1:1")
    left = (tmp_path / "data" / "owner.json").read_text()
    ownership.release()
    (tmp_path / "data" / "owner.json").write_text(left)
    assert pullquote("add", news).exit_code == 0


def test_a_server_that_does_not_answer(pullquote: Run, tmp_path: Path, news: Path) -> None:
    """A server that owns the folder and cannot be reached ends it at the first article, with an error that names it."""
    ownership = Ownership(tmp_path / "data")
    ownership.announce("http://127.0.0.1:1")
    try:
        result = pullquote("add", news)
    finally:
        ownership.release()
    assert result.exit_code == 1
    assert result.stdout == "0 added, 0 updated, 0 unchanged, 0 failed\n"
    assert result.stderr.startswith("Error: the server at http://127.0.0.1:1 cannot be reached")
