"""The real child with the default model: what the fake only claims."""

import asyncio
import json
import math
import os
import signal
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
import pytest

from service.local.config import LocalConfig, Pace
from service.local.supervisor import LocalServer

pytestmark = pytest.mark.model

SCHEMA = {
    "type": "object",
    "properties": {"fruits": {"type": "array", "items": {"type": "string"}, "maxItems": 3}},
    "required": ["fruits"],
}
TICKS = os.sysconf("SC_CLK_TCK")


def run(server: LocalServer, story: Callable[[], Awaitable[None]]) -> None:
    """Run a story and stop the server."""

    async def told() -> None:
        try:
            await story()
        finally:
            await server.stop()

    asyncio.run(told())


async def complete(server: LocalServer, text: str, **body: object) -> httpx.Response:
    """Ask for a completion and wait for all of it."""
    endpoint = await server.endpoint()
    asked = {"messages": [{"role": "user", "content": text}], "temperature": 0, **body}
    headers = {"Authorization": f"Bearer {endpoint.api_key}"}
    async with httpx.AsyncClient(trust_env=False, timeout=60) as client:
        return await client.post(f"{endpoint.base_url}/chat/completions", json=asked, headers=headers)


async def leave(server: LocalServer, text: str, *, stream: bool) -> None:
    """Ask for a long answer and go away after a second."""
    endless = complete(server, text, max_tokens=2000, ignore_eos=True, stream=stream)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(endless, timeout=1)


def cpu_s(server: LocalServer) -> float:
    """Return the processor seconds that the child has used."""
    fields = Path(f"/proc/{server.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


async def seconds_until_idle(server: LocalServer) -> float:
    """Wait until the child uses no processor any more."""
    began, used = time.monotonic(), -1.0
    while (now := cpu_s(server)) > used:
        used = now
        await asyncio.sleep(0.2)
    return time.monotonic() - began


def test_schema_and_probabilities(chat_weights: Path) -> None:
    """The model answers in the shape asked for, with the probability of each token, and only with the key."""
    server = LocalServer(LocalConfig(chat_weights))

    async def story() -> None:
        wanted = {"type": "json_schema", "json_schema": {"name": "fruits", "schema": SCHEMA, "strict": True}}
        reply = await complete(
            server, "Name three fruits.", response_format=wanted, logprobs=True, top_logprobs=5, max_tokens=60
        )
        choice = reply.json()["choices"][0]
        assert len(json.loads(choice["message"]["content"])["fruits"]) == 3
        tokens = choice["logprobs"]["content"]
        assert all(0 <= math.exp(token["logprob"]) <= 1 for token in tokens)
        assert len(tokens[0]["top_logprobs"]) == 5
        assert str(chat_weights.parent) not in reply.text
        async with httpx.AsyncClient(trust_env=False) as client:
            base = (await server.endpoint()).base_url
            assert (await client.post(f"{base}/chat/completions", json={})).status_code == 401

    run(server, story)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads processor time in /proc")
def test_a_client_that_leaves_stops_the_generation(chat_weights: Path) -> None:
    """A closed connection ends the work for it within about a second, in the answer and in the prompt."""
    server = LocalServer(LocalConfig(chat_weights))

    async def story() -> None:
        await server.start()
        await leave(server, "Write a long story about the sea.", stream=True)
        assert await seconds_until_idle(server) < 2
        await leave(server, "Write a long story about a hill.", stream=False)
        assert await seconds_until_idle(server) < 4
        await leave(server, " ".join(str(number) for number in range(900)), stream=True)
        assert await seconds_until_idle(server) < 4

    run(server, story)


def test_a_busy_child_is_healthy(chat_weights: Path) -> None:
    """The health check is answered while more requests wait than the child has slots, so none is killed."""
    server = LocalServer(LocalConfig(chat_weights), pace=Pace(health_interval_s=0.1))

    async def story() -> None:
        await server.start()
        texts = [f"Write a long story about {number} ships." for number in range(12)]
        requests = [asyncio.create_task(leave(server, text, stream=True)) for text in texts]
        await asyncio.sleep(0.5)
        assert await server.healthy()
        await asyncio.gather(*requests)
        assert server.restarts == 0

    run(server, story)


def test_a_child_killed_by_hand(chat_weights: Path) -> None:
    """The request in flight fails, the next one is answered by a new child."""
    server = LocalServer(LocalConfig(chat_weights))

    async def story() -> None:
        await server.start()
        in_flight = asyncio.create_task(complete(server, "Write a story.", max_tokens=500, ignore_eos=True))
        await asyncio.sleep(0.5)
        old = server.pid
        assert old is not None
        os.kill(old, signal.SIGKILL)
        with pytest.raises(httpx.TransportError):
            await in_flight
        async with asyncio.timeout(60):
            while server.pid in (None, old):  # noqa: ASYNC110 - the server has no event for it
                await asyncio.sleep(0.05)
        assert (await complete(server, "Say yes.", max_tokens=3)).status_code == 200

    run(server, story)
