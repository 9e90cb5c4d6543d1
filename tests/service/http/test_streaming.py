import contextlib
import json
import time
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from service.chat.langchain_chat import LangChainChat
from service.errors import ChatTimeoutError
from service.http.streaming import NAMES

OpenClient = Callable[..., TestClient]
QUESTION = {"question": "Who led the Chinese side?"}
TWO = {"question": "Who led the Chinese side, and when did the army chief fly home?"}


def events_of(text: str) -> list[tuple[str, dict[str, object]]]:
    """Return the events of a stream, each with its name and body; comments are left out."""
    blocks = [block.splitlines() for block in text.split("\n\n") if block.strip()]
    found = []
    for lines in blocks:
        fields = dict(line.split(": ", 1) for line in lines if not line.startswith(":"))
        if fields:
            found.append((fields["event"], json.loads(fields["data"])))
    return found


def asked(client: TestClient, body: dict[str, object]) -> list[tuple[str, dict[str, object]]]:
    """Ask, and return the events."""
    reply = client.post("/api/ask/stream", json=body)
    assert reply.status_code == 200
    assert reply.headers["content-type"].startswith("text/event-stream")
    assert reply.headers["x-accel-buffering"] == "no"
    return events_of(reply.text)


def bodies(events: list[tuple[str, dict[str, object]]], name: str) -> list[dict[str, object]]:
    """Return the bodies of the events of a name."""
    return [body for event, body in events if event == name]


def lasting(answer: dict[str, object]) -> dict[str, object]:
    """Return what two answers to the same question have in common."""
    return {name: value for name, value in answer.items() if name not in ("id", "timings_ms", "usage")}


@pytest.mark.usefixtures("stored")
def test_the_last_event_is_the_plain_answer(client: TestClient) -> None:
    """Sources come before any statement, and `final`, which is what the plain call gives, comes last."""
    events = asked(client, QUESTION)
    names = [name for name, _ in events]
    assert set(names) <= set(NAMES.values())
    assert names.index("searched") < names.index("sources") < names.index("statement") < names.index("final")
    assert names[-1] == "final"
    assert names.count("final") == names.count("sources") == 1
    assert lasting(events[-1][1]) == lasting(client.post("/api/ask", json=QUESTION).json())


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize("body", [QUESTION, TWO])
def test_what_was_told_stays(client: TestClient, body: dict[str, object]) -> None:
    """Each statement is one of the final answer's, in their order, and the text so far is how that answer begins."""
    events = asked(client, body)
    told, final = bodies(events, "statement"), events[-1][1]
    assert [item["statement"] for item in told] == final["statements"]
    for item in told:
        assert str(final["answer"]).startswith(str(item["answer"]))
        assert all(citation in final["citations"] for citation in item["citations"])  # type: ignore[operator, attr-defined]
    assert told[-1]["answer"] == final["answer"]
    assert [item["dropped"] for item in bodies(events, "dropped")] == final["dropped"]


@pytest.mark.usefixtures("stored")
def test_a_part_that_was_told_is_kept_where_a_later_one_fails(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A model that goes down between two parts leaves the first one said; the second is not decided, nor missing."""
    answer, calls = LangChainChat.answer, []

    async def once(self: LangChainChat, messages: object) -> object:
        calls.append(messages)
        if len(calls) > 1:
            raise ChatTimeoutError("the model took too long")
        return await answer(self, messages)  # type: ignore[arg-type]

    monkeypatch.setattr(LangChainChat, "answer", once)
    events = asked(client, TWO)
    final = events[-1][1]
    assert len(bodies(events, "statement")) == 1
    assert (final["outcome"], final["missing"]) == ("partial", [])
    assert any("took too long" in item["reason"] for item in final["degraded"])  # type: ignore[attr-defined, index]


def test_nothing_unverified_is_told(open_client: OpenClient, article: dict[str, object]) -> None:
    """What a model makes up is told as left out, never as a statement."""
    client = open_client(chat_model="fake:invent")
    client.put("/api/articles/visit", json=article)
    events = asked(client, QUESTION)
    assert bodies(events, "statement") == []
    assert events[-1][1]["outcome"] == "not_found"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [({"question": " "}, 422, "invalid_question"), ({"question": "Who?", "no": 1}, 422, "invalid_request")],
)
def test_what_cannot_be_asked_has_its_status(
    client: TestClient, body: dict[str, object], status: int, code: str
) -> None:
    """Errors before the first byte are no events."""
    reply = client.post("/api/ask/stream", json=body)
    assert (reply.status_code, reply.json()["error"]) == (status, code)


def test_what_fails_in_searching_has_its_status(open_client: OpenClient) -> None:
    """An index that cannot be searched is told by the status, as by the plain call."""
    reply = open_client(encoder="nowhere").post("/api/ask/stream", json=QUESTION)
    assert (reply.status_code, reply.json()["error"]) == (503, "encoder_unavailable")


@pytest.mark.usefixtures("stored")
def test_what_fails_afterwards_is_the_last_event(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error after the first byte ends the stream with its code, or without words where it is no error of ours."""

    async def fail(*_: object) -> None:
        raise ZeroDivisionError("what an article says")

    monkeypatch.setattr(LangChainChat, "answer", fail)
    events = asked(client, QUESTION)
    assert events[-1][0] == "error"
    assert events[-1][1]["error"] == "internal"
    assert "what an article says" not in json.dumps(events)


def test_a_model_that_fails_decides_nothing(open_client: OpenClient, article: dict[str, object]) -> None:
    """A model that is down ends in `final` with the outcome `failed`, as by the plain call."""
    client = open_client(chat_model="fake:down")
    client.put("/api/articles/visit", json=article)
    assert asked(client, QUESTION)[-1][1]["outcome"] == "failed"


BODY = json.dumps(QUESTION).encode()
ASK = (
    b"POST /api/ask/stream HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    b"Content-Length: %d\r\n\r\n" % len(BODY) + BODY
)
PUT = b'{"text": "General Zhang led the Chinese side.", "language": "en"}'
PUT_HEAD = b"PUT /api/articles/a HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nConnection: close\r\n"


def begun(live: object, until: bytes) -> object:
    """Ask, and return the connection once these bytes have come."""
    connection = live.connect()  # type: ignore[attr-defined]
    connection.sendall(ASK)
    came, end = b"", time.monotonic() + 10
    while until not in came and time.monotonic() < end:
        came += connection.recv(65_536)
    assert until in came
    return connection


def test_sources_come_before_the_model_is_done_and_a_client_that_leaves_frees_its_place(
    serve: Callable[..., object],
) -> None:
    """With a model that never answers the sources arrive all the same; those behind are told how many are ahead."""
    live = serve(chat_model="fake:hang", max_asks=2, chat_timeout_s=60.0)
    assert live.send(PUT_HEAD + b"Content-Length: %d\r\n\r\n" % len(PUT) + PUT)[0] == 201  # type: ignore[attr-defined]
    first = begun(live, b"event: sources")
    second = begun(live, b'"waiting","ahead":1')
    with contextlib.closing(live.connect()) as third:  # type: ignore[attr-defined]
        third.sendall(ASK)
        assert third.recv(100).startswith(b"HTTP/1.1 503")
    first.close()  # type: ignore[attr-defined]
    came, end = b"", time.monotonic() + 10
    while b'"waiting","ahead":0' not in came and time.monotonic() < end:
        came += second.recv(65_536)  # type: ignore[attr-defined]
    assert b'"waiting","ahead":0' in came
    second.close()  # type: ignore[attr-defined]
