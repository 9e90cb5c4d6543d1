"""The README's examples, run as they are written, but for the port."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from eval.serving import serving

pytestmark = pytest.mark.slow

README = (Path(__file__).parent.parent / "README.md").read_text()
ADDRESS = "http://127.0.0.1:8000"
LED = "Gen. Zhang Youxia led the Chinese side."


def blocks(language: str) -> list[str]:
    """Return the code blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


PROGRAMS = [block for block in blocks("python") if ADDRESS in block]
ASKING = [block for block in blocks("") if block.startswith("curl") and "/api/ask" in block]
ADDING = [block for block in blocks("") if ADDRESS in block and re.search("/api/(articles|jobs)", block)]


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return where a service with one article runs, whose models are fake."""
    folder = tmp_path_factory.mktemp("readme")
    with serving(folder, {"encoder": "fake", "chat_model": "fake:extract"}) as address:
        article = {"text": LED, "title": "Visit ends", "language": "en"}
        httpx.put(f"{address}/api/articles/visit", json=article, trust_env=False, timeout=60).raise_for_status()
        yield address


def test_there_is_an_example_of_each_door() -> None:
    """Plain, as events, with OpenAI's package, and by the Model Context Protocol; three of adding articles."""
    assert len(ASKING) == 2
    assert len(ADDING) == 3
    assert len(PROGRAMS) == 2


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_program_prints_the_answer(program: str, url: str) -> None:
    """Each program prints the answer with its marker, and where it stands."""
    run = subprocess.run(  # noqa: S603  (what the README says)
        [sys.executable, "-c", program.replace(ADDRESS, url)], capture_output=True, text=True, check=False, timeout=120
    )
    assert run.returncode == 0, run.stderr
    assert f"{LED}[1]" in run.stdout
    assert "/articles/visit" in run.stdout


@pytest.mark.parametrize("command", ASKING)
def test_a_command_prints_the_answer(command: str, url: str) -> None:
    """Each command prints the answer as JSON, or as events of which the last one is the answer."""
    run = subprocess.run(  # noqa: S602  (what the README says)
        command.replace(ADDRESS, url), shell=True, capture_output=True, text=True, check=False, timeout=120
    )
    assert run.returncode == 0, run.stderr
    last = run.stdout.strip().rpartition("data: ")[2]
    assert json.loads(last)["answer"] == f"{LED}[1]"


def test_articles_are_added_and_watched(url: str, tmp_path: Path) -> None:
    """The commands begin a job of a page and an article, and one of a file, list them, and watch the last one."""
    said = []
    for command in ADDING:
        run = subprocess.run(  # noqa: S602  (what the README says)
            command.replace(ADDRESS, url),
            shell=True,
            capture_output=True,
            text=True,
            timeout=120,
            cwd=tmp_path,
            check=False,
        )
        assert run.returncode == 0, run.stderr
        said.append(run.stdout)
    pages, files = (json.loads(reply) for reply in said[:2])
    assert [item["name"] for item in pages["items"]] == ["https://news.example/ferry", "dam"]
    assert pages["id"] in said[2]
    final = json.loads(said[2].strip().rpartition("data: ")[2])
    assert (final["id"], final["state"], final["results"]["added"]) == (files["id"], "done", 1)
