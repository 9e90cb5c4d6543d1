import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import httpx
import pytest

from service.chat.prefixes import Prefixes
from service.local.config import Endpoint

ENDPOINT = Endpoint("http://127.0.0.1:9/v1", "key")
PROMPT = "reread.v2"


class Server:
    """What llama.cpp does with a slot: it reads prompts, and saves and restores what was read."""

    def __init__(self, folder: Path, *, refuses: str = "") -> None:
        self.folder = folder
        self.refuses = refuses
        self.heard: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer as the child does."""
        assert request.headers["Authorization"] == "Bearer key"
        action = request.url.params.get("action", "read")
        self.heard.append(action)
        if action == self.refuses:
            return httpx.Response(400)
        if action == "save":
            name = json.loads(request.content)["filename"]
            (self.folder / name).write_bytes(b"what was read")
        return httpx.Response(200, json={})

    def bring(self, prefixes: Prefixes, prompt: str = PROMPT) -> list[str]:
        """Return what is asked of the server when a slot is to know a prompt."""
        return self._heard(lambda client: prefixes.bring(client, ENDPOINT, prompt, 2))

    def rewind(self, prefixes: Prefixes) -> list[str]:
        """Return what is asked of the server when a slot is to be set back."""
        return self._heard(lambda client: prefixes.rewind(client, ENDPOINT, PROMPT, 2))

    def _heard(self, act: Callable[[httpx.AsyncClient], Awaitable[None]]) -> list[str]:
        self.heard.clear()

        async def acted() -> None:
            async with httpx.AsyncClient(transport=httpx.MockTransport(self)) as client:
                await act(client)

        asyncio.run(acted())
        return list(self.heard)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """Return a server that saves into `tmp_path`."""
    yield Server(tmp_path)  # noqa: PT022


def test_a_prompt_is_read_once_and_restored_from_then_on(server: Server, tmp_path: Path) -> None:
    """The second start restores; files are for this user alone, and the checksum is of the state."""
    assert server.bring(Prefixes(tmp_path, "model 1")) == ["read", "save"]
    assert server.bring(Prefixes(tmp_path, "model 1")) == ["restore"]
    (state,) = tmp_path.glob("*.slot")
    (check,) = tmp_path.glob("*.sha256")
    assert check.read_text("ascii") == hashlib.sha256(b"what was read").hexdigest()
    assert {file.stat().st_mode & 0o777 for file in (state, check)} == {0o600}


@pytest.mark.parametrize("harm", ["damaged", "without its checksum", "gone"])
def test_a_state_that_is_not_whole_is_read_anew(server: Server, tmp_path: Path, harm: str) -> None:
    """What llama.cpp would believe without a look is not given to it."""
    server.bring(Prefixes(tmp_path, "model 1"))
    (state,) = tmp_path.glob("*.slot")
    if harm == "damaged":
        state.write_bytes(b"what was reaD")
    elif harm == "gone":
        state.unlink()
    else:
        state.with_suffix(".sha256").unlink()
    assert server.bring(Prefixes(tmp_path, "model 1")) == ["read", "save"]
    assert server.bring(Prefixes(tmp_path, "model 1")) == ["restore"]


def test_another_model_has_its_own_state_and_old_ones_go(server: Server, tmp_path: Path) -> None:
    """A state fits one model and engine; what another left of the same prompt is removed, other prompts stay."""
    server.bring(Prefixes(tmp_path, "model 1"), "answer.v2")
    server.bring(Prefixes(tmp_path, "model 1"))
    assert server.bring(Prefixes(tmp_path, "model 2")) == ["read", "save"]
    assert sorted(file.name.partition("-")[0] for file in tmp_path.glob("*.slot")) == ["answer.v2", PROMPT]
    assert server.bring(Prefixes(tmp_path, "model 1"), "answer.v2") == ["restore"]


def test_a_state_that_the_server_refuses_is_read_anew(server: Server, tmp_path: Path) -> None:
    """A restore that fails costs time alone."""
    server.bring(Prefixes(tmp_path, "model 1"))
    server.refuses = "restore"
    assert server.bring(Prefixes(tmp_path, "model 1")) == ["restore", "read", "save"]


def test_without_a_folder_nothing_is_kept(server: Server, tmp_path: Path) -> None:
    """It is read each time."""
    assert server.bring(Prefixes(None, "model 1")) == ["read"]
    assert not list(tmp_path.iterdir())


def test_a_server_that_is_gone_is_no_error(tmp_path: Path) -> None:
    """The first question tells it."""

    def gone(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("gone")

    async def bring() -> None:
        async with httpx.AsyncClient(transport=httpx.MockTransport(gone)) as client:
            await Prefixes(tmp_path, "model 1").bring(client, ENDPOINT, PROMPT, 0)

    asyncio.run(bring())
    assert not list(tmp_path.iterdir())


def test_a_slot_is_set_back_before_each_call(server: Server, tmp_path: Path) -> None:
    """What a question left in a slot does not reach the next one; a state that changed meanwhile is not believed."""
    prefixes = Prefixes(tmp_path, "model 1")
    assert server.rewind(prefixes) == []
    server.bring(prefixes)
    assert [server.rewind(prefixes), server.rewind(prefixes)] == [["restore"], ["restore"]]
    assert server.rewind(Prefixes(None, "model 1")) == []
    again = Prefixes(tmp_path, "model 1")
    server.bring(again)
    assert server.rewind(again) == ["restore"]
    (state,) = tmp_path.glob("*.slot")
    state.write_bytes(b"what was reaD, and more")
    assert server.rewind(again) == []
    state.unlink()
    assert server.rewind(again) == []
