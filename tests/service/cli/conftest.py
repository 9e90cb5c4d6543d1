"""Commands in this process and in one of their own, news to add, and services that are ended whatever a test does."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner, Result

from service.cli.main import make_app
from service.settings import Settings

SCRIPT = Path(sys.executable).parent / "pullquote"
FAKES = {"PULLQUOTE_ENCODER": "fake", "PULLQUOTE_CHAT_MODEL": "fake:extract"}
BRIDGE = """---
title: Gannet Bridge opens
url: https://courier.example/bridge
author: Ida Holm
outlet: The Harbour Courier
published_at: 2024-10-04
---

The Gannet Bridge opened on Thursday. It cost ten million crowns.
"""
FERRY = "The ferry to Port Ellis sails again. It had been laid up since March.\n"
LINES = """{"id": "dam", "text": "The Hessel Dam gate failed at night.", "published_at": "2023-10"}
{"id": "museum", "text": "Thieves took fourteen objects from the museum.", "outlet": "Saltmere Ledger"}
"""


@pytest.fixture
def pullquote(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Result]:
    """Return what runs a command in this process, with fake models and the library in the folder `data`."""
    for name, value in FAKES.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PULLQUOTE_DATA_DIR", str(tmp_path / "data"))

    def run(*arguments: str | Path, **variables: str) -> Result:
        env = {f"PULLQUOTE_{name.upper()}": value for name, value in variables.items()}
        return CliRunner().invoke(make_app(), [str(argument) for argument in arguments], env=env)

    return run


@pytest.fixture(scope="session")
def environment() -> Callable[..., dict[str, str]]:
    """Return what makes the environment of a process: fake models, a library, and further settings by name."""

    def make(data: Path, **variables: str) -> dict[str, str]:
        others = {name: value for name, value in os.environ.items() if not name.startswith("PULLQUOTE_")}
        settings = {f"PULLQUOTE_{name.upper()}": value for name, value in variables.items()}
        return {**others, **FAKES, "PULLQUOTE_DATA_DIR": str(data), **settings}

    return make


@pytest.fixture
def process(
    environment: Callable[..., dict[str, str]], tmp_path: Path
) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Return what starts `pullquote` as a process of its own, its output piped."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str | Path, **variables: str) -> subprocess.Popen[str]:
        command = subprocess.Popen(  # noqa: S603  (our own script)
            [SCRIPT, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=tmp_path,
            env=environment(tmp_path / "data", **variables),
        )
        started.append(command)
        return command

    yield start
    for command in started:
        command.kill()
        command.communicate()


@pytest.fixture(scope="session")
def serve(
    environment: Callable[..., dict[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Return what starts `pullquote serve` over a folder and waits until it answers."""
    started: list[subprocess.Popen[bytes]] = []

    def start(data: Path, **variables: str) -> subprocess.Popen[bytes]:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            bind = f"127.0.0.1:{probe.getsockname()[1]}"
        folder = tmp_path_factory.mktemp("serve")
        with (folder / "log").open("wb") as log:
            service = subprocess.Popen(  # noqa: S603  (our own script)
                [SCRIPT, "serve"], stdout=log, stderr=log, cwd=folder, env=environment(data, bind=bind, **variables)
            )
        started.append(service)
        _wait(service, f"http://{bind}/healthz", folder / "log")
        return service

    yield start
    for service in started:
        service.kill()
        service.wait()


@pytest.fixture
def library(tmp_path: Path) -> Settings:
    """Return the settings of the library that `pullquote` works on."""
    return Settings(data_dir=tmp_path / "data", encoder="fake", chat_model="fake:extract")


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """Return a folder with Markdown, text and JSON lines: four articles."""
    folder = tmp_path / "news"
    (folder / "2024").mkdir(parents=True)
    (folder / "bridge.md").write_text(BRIDGE)
    (folder / "2024" / "ferry.txt").write_text(FERRY)
    (folder / "dump.jsonl").write_text(LINES)
    return folder


def _wait(service: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and service.poll() is None:
        try:
            httpx.get(url, trust_env=False).raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.05)
        else:
            return
    pytest.fail(f"the service did not answer: {log.read_text()}")
