import json
import os
import re
import shlex
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from typer.testing import Result

pytestmark = pytest.mark.slow

Run = Callable[..., Result]
Process = Callable[..., subprocess.Popen[str]]
Serve = Callable[..., subprocess.Popen[bytes]]


def refused(process: subprocess.Popen[str]) -> str:
    """Return the one line with which a process ended at once; its exit code is 1."""
    said, error = process.communicate(timeout=30)
    assert (process.returncode, said) == (1, "")
    assert error.startswith("Error: ")
    assert error.count("\n") == 1
    return error


def test_a_service_from_start_to_end(serve: Serve, process: Process, pullquote: Run, tmp_path: Path) -> None:
    """It announces itself to this user alone, refuses a second one, and SIGTERM ends it within seconds.

    The folder is then free, and no address is left behind.
    """
    data = tmp_path / "data"
    service = serve(data)
    owner = json.loads((data / "owner.json").read_text())
    assert owner["pid"] == service.pid
    assert f"{data} is served at {owner['url']} by process {service.pid}; stop that first" in refused(process("serve"))
    began = time.monotonic()
    service.send_signal(signal.SIGTERM)
    service.wait(timeout=10)
    assert time.monotonic() - began < 5
    assert not (data / "owner.json").exists()
    assert pullquote("reindex").exit_code == 0


def test_a_service_ends_while_a_question_is_in_work(serve: Serve, tmp_path: Path, pullquote: Run, news: Path) -> None:
    """SIGINT ends the service after its grace, whatever the model is doing, and leaves the library whole."""
    pullquote("add", news)
    service = serve(tmp_path / "data", chat_model="fake:hang")
    url = json.loads((tmp_path / "data" / "owner.json").read_text())["url"]
    with httpx.Client(base_url=url, trust_env=False) as client:
        with pytest.raises(httpx.ReadTimeout):
            client.post("/api/ask", json={"question": "When was the bridge opened?"}, timeout=0.5)
        service.send_signal(signal.SIGINT)
        service.wait(timeout=15)
    assert not (tmp_path / "data" / "owner.json").exists()
    assert pullquote("add", news).stdout == "0 added, 0 updated, 4 unchanged, 0 failed\n"


def test_a_service_that_is_killed(serve: Serve, tmp_path: Path, pullquote: Run, news: Path) -> None:
    """After kill -9 commands go on by themselves, with everything that was added before."""
    service = serve(tmp_path / "data")
    assert pullquote("add", news).exit_code == 0
    os.kill(service.pid, signal.SIGKILL)
    service.wait(timeout=10)
    assert (tmp_path / "data" / "owner.json").exists()
    assert pullquote("add", news).stdout == "0 added, 0 updated, 4 unchanged, 0 failed\n"
    assert "The Gannet Bridge opened on Thursday.[1]" in pullquote("ask", "When was the Gannet Bridge opened?").stdout


def test_a_port_in_use(process: Process) -> None:
    """A port that something else listens on is an error that names the address and the setting."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        bind = f"127.0.0.1:{other.getsockname()[1]}"
        error = refused(process("serve", bind=bind))
    assert f"{bind} cannot be bound (Address already in use)" in error
    assert "PULLQUOTE_BIND" in error


def test_an_open_address_without_a_token(process: Process, free_port: int) -> None:
    """An address that others can reach is refused while there is no token, with the command that makes one."""
    bind = f"0.0.0.0:{free_port}"
    error = refused(process("serve", bind=bind))
    assert f"{bind}, which others can reach" in error
    assert "pullquote tokens add" in error


def test_the_hint_of_a_service_that_others_reach(process: Process, pullquote: Run, free_port: int) -> None:
    """The printed command names an address that is served, and the token that is needed; links are explained."""
    secret = pullquote("tokens", "add", "me").stdout.strip()
    service = process("serve", bind=f"0.0.0.0:{free_port}")
    assert service.stdout
    served, command, links = (service.stdout.readline().replace("TOKEN", secret) for _ in range(3))
    asked = ["curl", "--fail", *shlex.split(command)[1:]]  # at once: who comes early waits
    told = subprocess.run(asked, capture_output=True, text=True, timeout=100, check=False)  # noqa: S603  (what it says)
    service.terminate()
    service.communicate(timeout=30)
    url = f"http://127.0.0.1:{free_port}"
    assert f"Pullquote serves at {url} " in served
    assert told.returncode == 0, told.stderr
    assert json.loads(told.stdout)["reason"] == "index_empty"
    assert f"links to articles lead to {url}: set PULLQUOTE_PUBLIC_URL" in links


def test_the_hint_of_a_service_of_this_machine_alone(process: Process, free_port: int) -> None:
    """Without tokens the command names none, and there is nothing to say of links."""
    service = process("serve", bind=f"127.0.0.1:{free_port}")
    assert service.stdout
    said = [service.stdout.readline() for _ in range(2)]
    assert f"Pullquote serves at http://127.0.0.1:{free_port} " in said[0]
    assert said[1].startswith(f"  curl -s http://127.0.0.1:{free_port}/api/ask -H 'Content-Type: application/json'")
    assert "Bearer" not in said[1]


@pytest.mark.parametrize(
    ("setting", "value", "problem"),
    [
        ("chat_model", "fake:nosuch", "there is no fake model 'nosuch'"),
        ("chat_options", "{", "PULLQUOTE_CHAT_OPTIONS is not JSON"),
    ],
)
def test_a_model_that_cannot_be(process: Process, free_port: int, setting: str, value: str, problem: str) -> None:
    """A chat model that cannot be made is an error of one line, before the service says that it serves."""
    models = {"chat_model": "openai:gpt-4.1-mini"} if setting == "chat_options" else {}
    assert problem in refused(process("serve", bind=f"127.0.0.1:{free_port}", **models, **{setting: value}))


def test_doctor_sees_what_strangers_do_not(serve: Serve, tmp_path: Path, pullquote: Run) -> None:
    """Commands of the user who serves are told the details of each part, although there are tokens."""
    assert pullquote("tokens", "add", "me").exit_code == 0
    serve(tmp_path / "data")
    said = " ".join(pullquote("doctor").stdout.split())
    assert re.search(r"server at http://127.0.0.1:\d+, ledger: 0 articles", said)


def test_a_command_waits_for_a_service_that_is_starting(
    process: Process, tmp_path: Path, pullquote: Run, news: Path, free_port: int
) -> None:
    """Between taking the folder and answering a service takes seconds; a command goes through it as soon as it can."""
    process("serve", bind=f"127.0.0.1:{free_port}")
    deadline = time.monotonic() + 60
    while not (tmp_path / "data" / "owner.lock").exists():
        assert time.monotonic() < deadline, "the service does not start"
        time.sleep(0.01)
    added = pullquote("add", news)
    assert (added.exit_code, added.stdout) == (0, "4 added, 0 updated, 0 unchanged, 0 failed\n"), added.stderr
    listed = httpx.get(f"http://127.0.0.1:{free_port}/api/articles", trust_env=False).json()
    assert listed["total"] == 4
