"""What is sent while an answer is made, and what becomes of it when nobody listens any more."""

import asyncio
import json
import time
from collections.abc import AsyncGenerator, Awaitable, Callable

import httpx
import openai
import pytest
from fastapi.sse import KEEPALIVE_COMMENT

from service.answering.telling import Tell
from service.contract import Answer, Statement
from service.contract.events import DroppedEvent, SourcesEvent, StageEvent, StatementEvent
from service.errors import ServiceError
from service.http.openai_shape.completions import Chunks
from service.http.openai_shape.streaming import _kept_alive, lines
from service.http.streaming import Stream
from service.links import Links

Serve = Callable[..., object]
CHAT = "/v1/chat/completions"
BODY: dict[str, object] = {"model": "pullquote", "messages": [{"role": "user", "content": "Who led the Chinese side?"}]}


def sent(ask: Callable[[Tell], Awaitable[Answer]]) -> list[object]:
    """Return the bodies of the events of an answer; the end is its own word."""

    async def run() -> list[object]:
        chunks = Chunks(Links("http://127.0.0.1:8000"), include_usage=False)
        return [line.decode() async for line in lines(Stream(ask), chunks)]

    raw = asyncio.run(run())
    assert all(str(line).startswith("data: ") and str(line).endswith("\n\n") for line in raw)
    data = [str(line).removeprefix("data: ").strip() for line in raw]
    return [item if item == "[DONE]" else json.loads(item) for item in data]


def test_only_statements_have_chunks(answer: Callable[..., Answer]) -> None:
    """Stages, sources and what was left out are not told; a character beyond the basic plane is, as it is."""
    statement: Statement = answer().statements[0]
    text = f"🎈 {answer().answer}"

    async def ask(tell: Tell) -> Answer:
        tell(StageEvent(stage="searching"))
        tell(SourcesEvent(evidence=[]))
        tell(StatementEvent(statement=statement, citations=[], answer=text))
        tell(DroppedEvent(dropped={"text": "x", "reason": "y", "verdict": "weak", "nearest": None}))  # type: ignore[arg-type]
        moved = statement.model_copy(update={"start": statement.start + 2, "end": statement.end + 2})
        return answer(answer=text, statements=[moved])

    first, said, last, done = sent(ask)
    assert [chunk["choices"][0]["delta"]["content"] for chunk in (first, said, last)] == ["", text, ""]  # type: ignore[index]
    assert done == "[DONE]"


@pytest.mark.parametrize(
    ("error", "code"), [(ServiceError("the disk is gone"), "internal"), (ZeroDivisionError("secret"), "internal")]
)
def test_an_error_ends_the_stream(error: Exception, code: str) -> None:
    """What goes wrong after the first byte is the last event, without words of others, and nothing is done."""

    async def ask(tell: Tell) -> Answer:
        tell(SourcesEvent(evidence=[]))
        raise error

    *_, last = sent(ask)
    assert last["error"]["code"] == code  # type: ignore[index]
    assert last["error"]["type"] == "server_error"  # type: ignore[index]
    assert "secret" not in str(last)


def test_a_failed_answer_ends_the_stream(answer: Callable[..., Answer]) -> None:
    """Nothing decided is an error with its code."""

    async def ask(_: Tell) -> Answer:
        return answer(outcome="failed", reason="token_limit")

    first, last = sent(ask)
    assert first["choices"]  # type: ignore[index]
    assert last["error"]["code"] == "insufficient_quota"  # type: ignore[index]


def test_a_silent_stream_is_kept_alive() -> None:
    """A comment is sent whenever nothing else was for so long; what is sent stays whole and in order."""

    async def slow() -> AsyncGenerator[bytes]:
        yield b"a"
        await asyncio.sleep(0.05)
        yield b"b"

    async def run() -> list[bytes]:
        return [item async for item in _kept_alive(slow(), 0.01)]

    items = asyncio.run(run())
    assert [item for item in items if item != KEEPALIVE_COMMENT] == [b"a", b"b"]
    assert KEEPALIVE_COMMENT in items


def test_a_stream_that_is_given_up_leaves_nothing_behind() -> None:
    """Whoever stops listening ends what was listened to."""
    ended: list[str] = []

    async def endless() -> AsyncGenerator[bytes]:
        try:
            yield b"a"
            await asyncio.Event().wait()
        finally:
            ended.append("closed")

    async def run() -> None:
        listening = _kept_alive(endless(), 0.01)
        assert [await anext(listening), await anext(listening)] == [b"a", KEEPALIVE_COMMENT]
        await listening.aclose()  # type: ignore[attr-defined]
        assert ended == ["closed"]
        assert len(asyncio.all_tasks()) == 1

    asyncio.run(run())


@pytest.mark.parametrize("stream", [False, True])
def test_a_client_that_leaves_stops_the_model(
    serve: Serve, stock: Callable[[object], None], openai_client: Callable[..., openai.OpenAI], stream: bool
) -> None:
    """Where one question may be in work, the next is taken soon after the first one's client went away."""
    live = serve(chat_model="fake:hang", max_asks=1, chat_timeout_s=60.0)
    stock(live)
    client = openai_client(live)
    with pytest.raises(openai.APITimeoutError):
        list(client.with_options(timeout=1).chat.completions.create(**BODY, stream=stream))  # type: ignore[call-overload]
    taken, end = False, time.monotonic() + 10
    while not taken and time.monotonic() < end:
        address = f"http://127.0.0.1:{live.port}"  # type: ignore[attr-defined]
        with (
            httpx.Client(base_url=address) as other,
            other.stream("POST", CHAT, json={**BODY, "stream": True}) as reply,
        ):
            taken = reply.status_code == 200
    assert taken


def test_too_many_questions_are_turned_away_before_a_stream(
    serve: Serve, stock: Callable[[object], None], openai_client: Callable[..., openai.OpenAI]
) -> None:
    """503 with Retry-After, also where a stream was asked for."""
    live = serve(chat_model="fake:hang", max_asks=1, chat_timeout_s=60.0)
    stock(live)
    client = openai_client(live)
    with client.chat.completions.create(**BODY, stream=True) as first:  # type: ignore[call-overload]
        assert next(first).choices[0].delta.role == "assistant"
        for stream in (False, True):
            with pytest.raises(openai.InternalServerError) as refused:
                client.chat.completions.create(**BODY, stream=stream)  # type: ignore[call-overload]
            assert (refused.value.status_code, refused.value.code) == (503, "overloaded")
            assert refused.value.response.headers["Retry-After"]
