"""`pullquote mcp` as a process of its own."""

import asyncio
import json
import os
import signal
import time
from collections.abc import Callable
from typing import IO, TYPE_CHECKING

import anyio
import pytest
from mcp import Client

from index import Ownership, find_owner
from service.settings import Settings
from service.tokens import TokenStore

if TYPE_CHECKING:
    from tests.service.mcp_door.conftest import Child, Live

pytestmark = pytest.mark.slow

VISIT = {"text": "General Zhang Youxia led the Chinese side.", "title": "Visit ends", "language": "en"}
QUESTION = {"question": "Who led the Chinese side?"}
CLIENT = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}
GREETING = (
    {"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": CLIENT},
    {"jsonrpc": "2.0", "method": "notifications/initialized"},
)


def call(number: int, name: str, **arguments: object) -> dict[str, object]:
    """Return the message of a call."""
    params = {"name": name, "arguments": arguments}
    return {"jsonrpc": "2.0", "id": number, "method": "tools/call", "params": params}


def send(stream: IO[str] | None, *messages: object) -> None:
    """Send messages, a line each."""
    assert stream
    for message in messages:
        stream.write((message if isinstance(message, str) else json.dumps(message)) + "\n")
    stream.flush()


def receive(stream: IO[str] | None, number: int) -> dict[str, object]:
    """Return the reply to a message; every line before it is a message too."""
    assert stream
    for line in stream:
        message: dict[str, object] = json.loads(line)
        assert message["jsonrpc"] == "2.0"
        if message.get("id") == number:
            return message
    pytest.fail("the command ended")


async def used(client: Client) -> None:
    """Use every part once."""
    found = await client.call_tool("search", {"query": "Who led the Chinese side?"})
    assert found.structured_content["results"][0]["title"] == "Visit ends"
    fetched = await client.call_tool("fetch", {"id": found.structured_content["results"][0]["id"]})
    assert fetched.structured_content["text"] == VISIT["text"]
    heard: list[str | None] = []

    async def hear(_: float, __: float | None, message: str | None) -> None:
        heard.append(message)

    asked = await client.call_tool("ask", QUESTION, progress_callback=hear)
    assert asked.structured_content["answer"] == "General Zhang Youxia led the Chinese side.[1]"
    assert "searching the articles" in heard
    (resource,) = (await client.list_resources()).resources
    assert (await client.read_resource(resource.uri)).contents[0].text == VISIT["text"]  # type: ignore[union-attr]
    for name, arguments, said in (
        ("search", {"query": ""}, "the question is empty"),
        ("fetch", {"id": "nosuch"}, "there is no article 'nosuch'"),
        ("fetch", {"id": "a/b"}, "there is no article 'a/b'"),
        ("ask", {"question": "x" * 3_000}, "at most 2000 are read"),
    ):
        refused = await client.call_tool(name, arguments)
        assert refused.is_error
        assert said in refused.content[0].text  # type: ignore[union-attr]


def test_through_a_running_server(
    serve: Callable[..., "Live"], put: Callable[..., object], child: Callable[..., "Child"], settings: Settings
) -> None:
    """Everything works through the service that owns the folder, whose tokens its own user does not need."""
    put("visit", **VISIT)
    TokenStore(settings.tokens_path).create("other", "ask")
    serve()
    child().tell(used)
    assert find_owner(settings.data_dir)


def test_without_a_server(put: Callable[..., object], child: Callable[..., "Child"], settings: Settings) -> None:
    """Everything works in the process of the command, and the folder is free when it ends."""
    put("visit", **VISIT)
    child().tell(used, "legacy")
    Ownership(settings.data_dir).release()


@pytest.mark.parametrize("served", [False, True])
def test_an_empty_library_is_named(
    serve: Callable[..., "Live"], child: Callable[..., "Child"], settings: Settings, *, served: bool
) -> None:
    """An assistant starts it in a folder of its own; the answer says which folder that made the library."""
    if served:
        serve()

    async def story(client: Client) -> str:
        return (await client.call_tool("ask", QUESTION)).content[0].text  # type: ignore[union-attr]

    said = child(data_dir=settings.data_dir.name).tell(story)
    assert said.startswith(f"There are no articles yet in {settings.data_dir}; ")
    assert "PULLQUOTE_DATA_DIR" in said


def test_nothing_else_is_printed(child: Callable[..., "Child"]) -> None:
    """Standard output holds one message a line, whatever comes in, and the end of input ends it."""
    with child(log_level="debug").started() as process:
        lines = ("nonsense", "", "[]", '{"jsonrpc": "2.0"}', "\x1b[2J", call(7, "fetch", id="nosuch"))
        send(process.stdin, *GREETING, *lines)
        assert "there is no article" in json.dumps(receive(process.stdout, 7))
        send(process.stdin, {"jsonrpc": "2.0", "id": 8, "method": "nosuch/method"})
        assert receive(process.stdout, 8)["error"]["code"] == -32601  # type: ignore[index]
        rest, error = process.communicate(timeout=20)
        assert (rest, process.returncode) == ("", 0)
    assert "Traceback" not in error


def test_a_question_is_cancelled(child: Callable[..., "Child"], put: Callable[..., object]) -> None:
    """`notifications/cancelled` stops the model and is not answered; others go on meanwhile."""
    put("visit", **VISIT)
    with child(chat_model="fake:hang", max_asks="1").started() as process:
        send(process.stdin, *GREETING, call(1, "ask", **QUESTION))
        send(process.stdin, call(2, "search", query="Chinese side"))
        receive(process.stdout, 2)
        send(process.stdin, call(3, "ask", **QUESTION))
        assert "1 questions are in work" in json.dumps(receive(process.stdout, 3))
        send(process.stdin, {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 1}})
        send(process.stdin, call(4, "search", query="Chinese side"))
        receive(process.stdout, 4)
        send(process.stdin, call(5, "ask", **QUESTION), call(6, "ask", **QUESTION))
        assert "1 questions are in work" in json.dumps(receive(process.stdout, 6))
        began = time.monotonic()
        rest, _ = process.communicate(timeout=20)  # which closes its input, with a question in work
        assert time.monotonic() - began < 15
        assert [json.loads(line).get("id") for line in rest.splitlines()] in ([], [5])


def test_a_question_is_cancelled_at_the_server(serve: Callable[..., "Live"], child: Callable[..., "Child"]) -> None:
    """Cancelling stops the model of the running service too."""
    served = serve(chat_model="fake:hang", max_asks=1)
    served.put("visit", VISIT)

    async def story(client: Client) -> bool:
        with anyio.move_on_after(1) as scope:
            await client.call_tool("ask", QUESTION)
        assert scope.cancelled_caught
        for _ in range(100):
            with anyio.move_on_after(0.4) as admitted:
                await client.call_tool("ask", QUESTION)
            if admitted.cancelled_caught:
                return True
            await asyncio.sleep(0.05)
        return False

    assert child().tell(story)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signals(child: Callable[..., "Child"], number: signal.Signals) -> None:
    """Both end it at once, though it waits for standard input, and nothing is printed."""
    with child().started() as process:
        send(process.stdin, *GREETING)
        receive(process.stdout, 0)
        os.kill(process.pid, number)
        assert process.wait(timeout=10) == -number
        assert process.stdout
        assert process.stdout.read() == ""


def test_wrong_settings(child: Callable[..., "Child"]) -> None:
    """They are an error of one line on standard error, and standard output stays empty."""
    with child(bind="nowhere").started() as process:
        said, error = process.communicate(timeout=30)
    assert (process.returncode, said, error.count("\n")) == (1, "", 1)
    assert "write ADDRESS:PORT" in error
