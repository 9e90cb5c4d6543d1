"""Requests that are refused: 400 with the parameter, and words that say what to do."""

import json

import pytest
from fastapi.testclient import TestClient

from service.http.openai_shape.requests import IGNORED, REMEDIES

CHAT = "/v1/chat/completions"
MESSAGES = [{"role": "user", "content": "Who led?"}]
BODY: dict[str, object] = {"model": "pullquote", "messages": MESSAGES}
TOOL = {"type": "function", "function": {"name": "f"}}
REFUSED = [
    ("n", 2, "n"),
    ("n", 0, "n"),
    ("n", True, "n"),
    ("logprobs", 0, "logprobs"),
    ("tools", [TOOL], "tools"),
    ("functions", [{"name": "f"}], "functions"),
    ("tool_choice", "required", "tool_choice"),
    ("tool_choice", TOOL, "tool_choice"),
    ("response_format", {"type": "json_object"}, "response_format.type"),
    ("response_format", {"type": "json_schema", "json_schema": {"name": "x"}}, "response_format.type"),
    ("logprobs", True, "logprobs"),
    ("audio", {"voice": "alloy", "format": "wav"}, "audio"),
    ("modalities", ["text", "audio"], "modalities"),
    ("modalities", ["audio"], "modalities[0]"),
    ("modalities", [], "modalities"),
]


def sent(client: TestClient, body: object) -> object:
    """Send a body as ASCII, which any JSON can be."""
    return client.post(CHAT, content=json.dumps(body), headers={"Content-Type": "application/json"})


def refused(client: TestClient, body: object) -> dict[str, str]:
    """Send a body, see that it is refused, streamed or not, and return the error."""
    reply = sent(client, body)
    assert reply.status_code == 400, reply.text
    error: dict[str, str] = reply.json()["error"]
    assert (error["type"], error["code"]) == ("invalid_request_error", "invalid_request")
    if isinstance(body, dict):
        assert sent(client, {"stream": True, **body}).json()["error"] == error
    return error


@pytest.mark.parametrize(("name", "value", "param"), REFUSED)
def test_what_is_not_done_here_is_refused_with_a_remedy(
    shared: TestClient, name: str, value: object, param: str
) -> None:
    """A parameter that would change the answer is never dropped in silence."""
    error = refused(shared, {**BODY, name: value})
    assert error["param"] == param
    assert error["message"].startswith(f"{param}: ")
    assert error["message"].endswith(REMEDIES[name])


def test_every_remedy_is_told_of_something() -> None:
    """No row of the table is forgotten here."""
    assert {name for name, *_ in REFUSED} == set(REMEDIES)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("n", 1),
        ("tools", []),
        ("functions", []),
        ("tool_choice", "none"),
        ("tool_choice", "auto"),
        ("response_format", {"type": "text"}),
        ("logprobs", False),
        ("audio", None),
        ("modalities", ["text"]),
        ("frequency_penalty", 1.5),
        ("max_completion_tokens", 10),
        ("max_tokens", 10),
        ("metadata", {"a": "b"}),
        ("parallel_tool_calls", True),
        ("presence_penalty", -1),
        ("seed", 7),
        ("stop", "\n"),
        ("stop", ["a", "b"]),
        ("store", True),
        ("temperature", 0),
        ("top_p", 0.5),
        ("user", "anna"),
    ],
)
def test_what_changes_nothing_is_taken(shared: TestClient, name: str, value: object) -> None:
    """Harmless values, and parameters that mean nothing here, are as if they had not been sent."""
    assert shared.post(CHAT, json={**BODY, name: value}).status_code == 200


def test_the_description_lists_what_is_ignored(shared: TestClient) -> None:
    """Who reads the API's description learns what has no effect."""
    operation = shared.get("/openapi.json").json()["paths"][CHAT]["post"]
    assert all(f"`{name}`" in operation["description"] for name in (*IGNORED, *REMEDIES))
    schema = shared.get("/openapi.json").json()["components"]["schemas"]["ChatIn"]["properties"]
    assert {name for name, field in schema.items() if field.get("description") == "ignored"} == set(IGNORED)


@pytest.mark.parametrize(
    ("fields", "param", "words"),
    [
        ({"top_k": 5}, "top_k", "is no parameter that is known here; leave it out"),
        ({"top_k": 5, "best_of": 2}, "top_k", "(and 1 more)"),
        ({"x" * 1_000: 5}, "x" * 200, "leave it out"),
        ({"stream": "maybe"}, "stream", "valid boolean"),
        ({"stream_options": {"x": 1}}, "stream_options.x", "leave it out"),
        ({"temperature": "0.5"}, "temperature", "valid number"),
        ({"seed": True}, "seed", "valid integer"),
        ({"store": 1}, "store", "valid boolean"),
        ({"messages": []}, "messages", "at least 1 item"),
        ({"messages": "Who?"}, "messages", "valid list"),
        ({"messages": [5]}, "messages[0]", "valid dictionary"),
        ({"messages": [{"content": "x"}]}, "messages[0].role", "required"),
        ({"messages": [*MESSAGES, {"role": "tool", "content": "x"}]}, "messages[1].role", "'assistant'"),
        ({"messages": [{"role": "user", "content": 5}]}, "messages[0].content", "valid string"),
        (
            {"messages": [{"role": "user", "content": [{"type": "image_url"}]}]},
            "messages[0].content",
            "a part of type 'image_url' cannot be read; send text, or parts of type 'text'",
        ),
        ({"pullquote": {"limit": 51}}, "pullquote.limit", "less than or equal to 50"),
        ({"pullquote": {"question": "Who?"}}, "pullquote.question", "leave it out"),
        ({"pullquote": {"filters": {"outlet": []}}}, "pullquote.filters.outlet", "leave it out"),
        ({"pullquote": {"asked_at": "now"}}, "pullquote.asked_at", "is no date"),
    ],
)
def test_what_does_not_validate_is_named(shared: TestClient, fields: dict[str, object], param: str, words: str) -> None:
    """The parameter is written as OpenAI writes it, and the words say what was wrong."""
    error = refused(shared, {**BODY, **fields})
    assert error["param"] == param
    assert words in error["message"]
    assert "body." not in error["message"]


@pytest.mark.parametrize("missing", ["model", "messages"])
def test_what_is_required_is_named(shared: TestClient, missing: str) -> None:
    """Model and messages have to be there."""
    error = refused(shared, {name: value for name, value in BODY.items() if name != missing})
    assert (error["param"], error["message"]) == (missing, f"{missing}: Field required")


@pytest.mark.parametrize(
    "raw", ["", "{", "null", "[]", "5", "[" * 100_000, b'{"model": "\xff"}', '{"\\ud800": 5}'], ids=lambda r: r[:5]
)
def test_a_body_that_is_no_object_is_refused(shared: TestClient, raw: str | bytes) -> None:
    """Broken, deep and misencoded JSON, and JSON that is no object, cannot be read."""
    reply = shared.post(CHAT, content=raw, headers={"Content-Type": "application/json"})
    assert reply.status_code == 400
    assert reply.json()["error"]["param"] is None
    assert "send a JSON object" in reply.json()["error"]["message"]


def test_another_content_type_is_refused(shared: TestClient) -> None:
    """Only JSON that says so is read, since a web page may send the other kinds to anyone."""
    reply = shared.post(CHAT, content=json.dumps(BODY), headers={"Content-Type": "text/plain"})
    assert reply.status_code == 400


@pytest.mark.parametrize("content", ["", " ", None, [], "x" * 2_001])
def test_a_question_that_is_none_is_refused(shared: TestClient, content: object) -> None:
    """An empty question and one too long are refused in the words of the service, before a stream begins."""
    for stream in (False, True):
        body = {**BODY, "messages": [{"role": "user", "content": content}], "stream": stream}
        reply = shared.post(CHAT, json=body)
        error = reply.json()["error"]
        assert (reply.status_code, error["code"]) == (400, "invalid_question")
