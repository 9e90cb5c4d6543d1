"""The description of the API: every operation explained, with examples that its own schemas allow."""

from collections.abc import Iterator

import pytest
import regex
from fastapi.testclient import TestClient
from jsonschema import Draft202012Validator, ValidationError
from jsonschema.validators import extend

from service.http import examples

Described = dict[str, object]


def fits(_: object, pattern: str, text: object, schema: object) -> Iterator[ValidationError]:  # noqa: ARG001
    r"""Yield an error where a text does not fit; patterns are those of ECMAScript, with \p{L}, which `re` lacks."""
    if isinstance(text, str) and not regex.search(pattern, text):
        yield ValidationError(f"{text!r} does not fit {pattern}")


Validator = extend(Draft202012Validator, {"pattern": fits})
DECLARED = {
    ("POST", "/api/ask"): {200, 422, 503},
    ("POST", "/api/ask/stream"): {200, 422, 503},
    ("POST", "/api/search"): {200, 422, 503},
    ("POST", "/api/feedback"): {200, 404, 409, 422, 503},
    ("GET", "/api/articles"): {200, 422, 503},
    ("POST", "/api/articles"): {202, 422, 503, 507},
    ("GET", "/api/jobs"): {200, 422, 503},
    ("GET", "/api/jobs/{job_id}"): {200, 404, 422, 503},
    ("DELETE", "/api/jobs/{job_id}"): {200, 404, 422, 503, 507},
    ("GET", "/api/jobs/{job_id}/events"): {200, 404, 422, 503},
    ("GET", "/api/articles/{article_id}"): {200, 404, 410, 422, 503},
    ("PUT", "/api/articles/{article_id}"): {200, 201, 409, 422, 503, 507},
    ("DELETE", "/api/articles/{article_id}"): {204, 404, 422, 503, 507},
    ("GET", "/api/sources"): {200, 422, 503},
    ("POST", "/api/sources"): {200, 422, 503, 507},
    ("DELETE", "/api/sources/{source_id}"): {204, 404, 422, 503, 507},
    ("GET", "/api/sources/{source_id}/items"): {200, 404, 422, 503},
    ("POST", "/api/sources/{source_id}/items"): {204, 404, 422, 503, 507},
    ("POST", "/v1/chat/completions"): {200, 400, 404, 502, 503, 504},
    ("GET", "/v1/models"): {200, 503},
    ("GET", "/v1/models/{model}"): {200, 404, 503},
    ("GET", "/healthz"): {200},
    ("GET", "/readyz"): {200, 503},
}
EVERYWHERE = {401, 403, 413, 421, 429}


@pytest.fixture
def described(shared: TestClient) -> Described:
    """Return the description."""
    body: Described = shared.get("/openapi.json").json()
    return body


def operations(described: Described) -> Iterator[tuple[str, str, Described]]:
    """Yield (method, path, operation)."""
    for path, methods in described["paths"].items():  # type: ignore[attr-defined]
        for method, operation in methods.items():
            yield method.upper(), path, operation


def contents(described: Described) -> Iterator[tuple[str, Described]]:
    """Yield every JSON body of requests and replies, with where it stands."""
    for method, path, operation in operations(described):
        if "requestBody" in operation:
            yield f"{method} {path} request", operation["requestBody"]["content"]["application/json"]  # type: ignore[index]
        for status, reply in operation["responses"].items():  # type: ignore[attr-defined]
            if "application/json" in reply.get("content", {}):
                yield f"{method} {path} {status}", reply["content"]["application/json"]


def shown(described: Described, content: Described) -> list[object]:
    """Return the examples of a body, its own or those of its schema."""
    schema = content["schema"]
    if "$ref" in schema:  # type: ignore[operator]
        schema = described["components"]["schemas"][schema["$ref"].rpartition("/")[2]]  # type: ignore[index]
    own = [content["example"]] if "example" in content else []
    return [*own, *schema.get("examples", [])]  # type: ignore[attr-defined]


def test_every_operation_declares_its_errors(described: Described) -> None:
    """The statuses of each operation are these, and those that any request may meet."""
    found = {
        (method, path): {int(status) for status in operation["responses"]}  # type: ignore[attr-defined]
        for method, path, operation in operations(described)
    }
    assert found == {key: statuses | EVERYWHERE for key, statuses in DECLARED.items()}


def test_every_operation_is_explained(described: Described) -> None:
    """Each has a summary, a description, a tag and unique name; each parameter and reply is described."""
    ids = []
    for method, path, operation in operations(described):
        assert operation["summary"], (method, path)
        assert operation["description"], (method, path)
        assert operation["tags"], (method, path)
        ids.append(operation["operationId"])
        assert all(reply["description"] for reply in operation["responses"].values())  # type: ignore[attr-defined]
    assert len(ids) == len(set(ids))


def test_every_body_has_an_example_that_its_schema_allows(described: Described) -> None:
    """Requests, replies and errors all show an example, and every example is valid."""
    checked = 0
    for place, content in contents(described):
        found = shown(described, content)
        assert found, f"{place} has no example"
        schema = {**content["schema"], "components": described["components"]}  # type: ignore[dict-item]
        for example in found:
            Validator(schema).validate(example)
            checked += 1
    assert checked >= 50


def test_examples_hold_no_field_that_the_schema_lacks(described: Described) -> None:
    """An example never shows a field that no reply has."""
    for place, content in contents(described):
        reference = content["schema"].get("$ref", "")  # type: ignore[attr-defined]
        schema = described["components"]["schemas"].get(reference.rpartition("/")[2], {})  # type: ignore[index]
        for example in shown(described, content):
            assert set(example) <= set(schema["properties"]), place  # type: ignore[call-overload]


def test_every_error_has_the_same_form(described: Described) -> None:
    """Each declared error is `error` and `detail` (below /v1 OpenAI's), but for a service that is not ready."""
    for place, content in contents(described):
        status = place.rpartition(" ")[2]
        if status[0] in "45" and place != "GET /readyz 503":
            body = "OpenAIErrorBody" if " /v1/" in place else "ErrorBody"
            assert content["schema"] == {"$ref": f"#/components/schemas/{body}"}, place


def test_the_example_of_an_answer_keeps_its_own_promise() -> None:
    """Its quote is the slice of its article, and its statement the slice of its answer."""
    answer, article = (
        body["content"]["application/json"]["example"]  # type: ignore[index]
        for body in (examples.ANSWER, examples.ARTICLE)
    )
    (citation,), (statement,) = answer["citations"], answer["statements"]
    assert article["text"][citation["start"] : citation["end"]] == citation["quote"]
    assert citation["version"] == article["version"]
    assert answer["answer"][statement["start"] : statement["end"]] == statement["text"]
    assert statement["citation_ids"] == [citation["id"]]


def test_the_examples_of_requests_work(shared: TestClient, described: Described) -> None:
    """What the description shows can be sent as it is, but for the id of an answer, which has to be given first."""
    given = shared.post("/api/ask", json={"question": "Which ferry sails?"}).json()["id"]
    for method, path, operation in operations(described):
        if "requestBody" in operation:
            (example,) = shown(described, operation["requestBody"]["content"]["application/json"])  # type: ignore[index]
            target = path.replace("{article_id}", "ferry-sails-again").replace("{source_id}", "1")
            if "answer_id" in example:  # type: ignore[operator]
                example = {**example, "answer_id": given}  # type: ignore[dict-item]
            assert shared.request(method, target, json=example).status_code in (200, 201, 202, 204)


def test_tokens_are_described_where_they_are_asked_for(described: Described) -> None:
    """Operations under /api and /v1 name the bearer token, those of health do not."""
    for _, path, operation in operations(described):
        assert bool(operation.get("security")) is path.startswith(("/api/", "/v1/"))
