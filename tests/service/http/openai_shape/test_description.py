"""The description of /v1: its examples are what the code makes, and no status is told that never comes."""

from collections.abc import Callable

from fastapi.testclient import TestClient

from service.contract import Answer
from service.http.openai_shape.bodies import ModelBody, ModelList
from service.http.openai_shape.completions import completion
from service.http.openai_shape.examples import COMPLETION, MODEL_BODY, MODEL_LIST
from service.links import Links


def example(reply: dict[str, object]) -> dict[str, object]:
    """Return the example of a reply."""
    shown: dict[str, object] = reply["content"]["application/json"]["example"]  # type: ignore[index]
    return shown


def test_the_examples_are_what_is_sent(answer: Callable[..., Answer]) -> None:
    """Each example is the body of a real reply, but for its time."""
    made = completion(answer(), Links("http://127.0.0.1:8000")).model_dump(mode="json")
    assert {**made, "created": 0} == {**example(COMPLETION), "created": 0}
    assert example(MODEL_BODY) == ModelBody().model_dump()
    assert example(MODEL_LIST) == ModelList(data=[ModelBody()]).model_dump()


def test_the_description_is_complete(shared: TestClient) -> None:
    """Nulls are kept in the example; a wrong request is 400 and never 422, and no schema is left without use."""
    described = shared.get("/openapi.json").json()
    ours = {path: body for path, body in described["paths"].items() if path.startswith("/v1/")}
    assert set(ours) == {"/v1/chat/completions", "/v1/models", "/v1/models/{model}"}
    statuses = {
        status for methods in ours.values() for operation in methods.values() for status in operation["responses"]
    }
    assert "400" in statuses
    assert "422" not in statuses
    assert "HTTPValidationError" not in described["components"]["schemas"]
    reply = ours["/v1/chat/completions"]["post"]["responses"]["200"]
    assert example(reply) == example(COMPLETION)
    assert reply["content"]["text/event-stream"]["example"].endswith("data: [DONE]\n\n")
    assert reply["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Completion"}
