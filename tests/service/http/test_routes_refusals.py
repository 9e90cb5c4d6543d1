"""What is refused, with which status and code; nothing of it is ever an internal error."""

import json
from collections.abc import Callable
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

Body = dict[str, object]
WRITES = [("POST", "/api/ask"), ("POST", "/api/search"), ("PUT", "/api/articles/a")]
GOOD: dict[str, Body] = {
    "/api/ask": {"question": "Who led?"},
    "/api/search": {"question": "Who led?"},
    "/api/articles/a": {"text": "Some text."},
}
DEEP = "[" * 100_000 + "]" * 100_000


def refused(client: TestClient, method: str, path: str, body: object, status: int = 422) -> Body:
    """Send JSON, see that it is refused with two strings, and return them."""
    raw = body if isinstance(body, str | bytes) else json.dumps(body)
    reply = client.request(method, path, content=raw, headers={"Content-Type": "application/json"})
    assert reply.status_code == status, (reply.status_code, reply.text[:300])
    said: Body = reply.json()
    assert set(said) == {"error", "detail"}
    assert all(isinstance(value, str) and value for value in said.values())
    return said


@pytest.mark.parametrize(("method", "path"), WRITES)
@pytest.mark.parametrize(
    "raw",
    [
        "",
        "{",
        "null",
        "[]",
        '"x"',
        "5",
        "NaN",
        "{'question': 'x'}",
        '{"question": "x", "text": "x",}',
        DEEP,
        '{"question": ' + DEEP + "}",
        b'{"question": "\xff", "text": "\xff"}',
        b"\x00",
        '{"question": "x", "text": "x", "limit": ' + "9" * 5_000 + "}",
    ],
    ids=lambda raw: str(raw)[:24],
)
def test_a_body_that_is_no_json_object_is_refused(shared: TestClient, method: str, path: str, raw: str | bytes) -> None:
    """Broken, deep, misencoded or other JSON is an invalid request, as the description of the API says."""
    assert refused(shared, method, path, raw)["error"] == "invalid_request"


@pytest.mark.parametrize(("method", "path"), WRITES)
@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "x", ""])
def test_another_content_type_is_refused(shared: TestClient, method: str, path: str, kind: str) -> None:
    """Only JSON that says so is read, since a web page may send the other kinds to anyone."""
    reply = shared.request(method, path, content=json.dumps(GOOD[path]), headers={"Content-Type": kind})
    assert (reply.status_code, reply.json()["error"]) == (422, "invalid_request")


@pytest.mark.parametrize(("method", "path"), WRITES)
def test_json_by_another_name_is_read(shared: TestClient, method: str, path: str) -> None:
    """A parameter or a suffix changes nothing."""
    for kind in ("application/json; charset=utf-8", "application/problem+json"):
        reply = shared.request(method, path, content=json.dumps(GOOD[path]), headers={"Content-Type": kind})
        assert reply.status_code in (200, 201)


@pytest.mark.parametrize(("method", "path"), WRITES)
def test_unknown_and_missing_fields_are_refused_by_name(shared: TestClient, method: str, path: str) -> None:
    """The detail names the field; many problems are counted."""
    assert "body.filter: Extra inputs" in str(refused(shared, method, path, {**GOOD[path], "filter": {}})["detail"])
    (required,) = GOOD[path]
    assert f"body.{required}: Field required" in str(refused(shared, method, path, {})["detail"])
    many = str(refused(shared, method, path, {**GOOD[path], **{f"x{i}": 1 for i in range(9)}})["detail"])
    assert "(and 4 more)" in many
    long = str(refused(shared, method, path, {**GOOD[path], "x" * 100_000: 1})["detail"])
    assert len(long) < 400


@pytest.mark.parametrize(
    ("path", "field", "value"),
    [
        ("/api/ask", "question", 5),
        ("/api/ask", "question", None),
        ("/api/ask", "question", ["who"]),
        ("/api/ask", "history", "hello"),
        ("/api/ask", "history", [{"role": "system", "content": "x"}]),
        ("/api/ask", "history", [{"role": "user", "content": "x", "name": "y"}]),
        ("/api/ask", "filters", {"outlet": ["x"]}),
        ("/api/ask", "filters", {"outlets": [5]}),
        ("/api/ask", "filters", {"published_from": "yesterday"}),
        ("/api/ask", "filters", {"published_to": "2022-02-30"}),
        ("/api/ask", "filters", {"published_to": 2022}),
        ("/api/ask", "asked_at", "now"),
        ("/api/ask", "search_as", []),
        ("/api/ask", "search_as", [5]),
        ("/api/ask", "limit", 0),
        ("/api/ask", "limit", 51),
        ("/api/ask", "limit", "many"),
        ("/api/search", "limit", 101),
        ("/api/search", "budget_tokens", 0),
        ("/api/articles/a", "text", 5),
        ("/api/articles/a", "title", ["x"]),
        ("/api/articles/a", "source", "x" * 4_097),
        ("/api/articles/a", "origins", {"id": 5}),
    ],
)
def test_wrong_types_and_sizes_are_refused(shared: TestClient, path: str, field: str, value: object) -> None:
    """The detail names the field that is wrong."""
    method = "PUT" if "articles" in path else "POST"
    said = refused(shared, method, path, {**GOOD[path], field: value})
    assert said["error"] == "invalid_request"
    assert f"body.{field}" in str(said["detail"])


@pytest.mark.parametrize("date", ["9999-12-31", "9999-12", "9999", "0000", "0001-01-01T00:00:00+05:00"])
def test_dates_at_the_ends_of_time_are_no_internal_error(shared: TestClient, date: str) -> None:
    """The first and the last days are taken or refused, in a filter and in an article."""
    replies = [
        shared.post("/api/ask", json={"question": "Who?", "filters": {"published_to": date}}),
        shared.put("/api/articles/a", json={"text": "Some.", "published_at": date}),
        shared.post("/api/ask", json={"question": "Who?", "filters": {"published_from": "2022"}}),
    ]
    assert all(reply.status_code in (200, 201, 422) for reply in replies)


@pytest.mark.parametrize("question", ["", " ", "\n\t\u00a0", "?", "🎉", "word " * 10_000, "x" * 2_001])
@pytest.mark.parametrize("path", ["/api/ask", "/api/search"])
def test_questions_that_are_none_are_refused(shared: TestClient, path: str, question: str) -> None:
    """An empty question, one without a word, and one of ten thousand words are refused in words of their own."""
    assert refused(shared, "POST", path, {"question": question})["error"] == "invalid_question"


@pytest.mark.parametrize("query", ["offset=-1", "offset=x", "limit=0", "limit=1001", "limit=", f"offset={'9' * 5_000}"])
def test_wrong_pages_are_refused(shared: TestClient, query: str) -> None:
    """The detail names the parameter."""
    reply = shared.get(f"/api/articles?{query}")
    assert (reply.status_code, reply.json()["error"]) == (422, "invalid_request")
    assert reply.json()["detail"].startswith(f"query.{query.partition('=')[0]}: ")


@pytest.mark.parametrize("article_id", ["a b", "ä", "x" * 129, "a\nb", "a?b", "a%b", "a\\b", "a\u202eb"])
def test_bad_ids_are_refused_with_the_rule(shared: TestClient, article: Body, article_id: str) -> None:
    """Such an id is refused when storing, and unknown when reading or removing."""
    path = f"/api/articles/{quote(article_id, safe='')}"
    said = refused(shared, "PUT", path, article)
    assert said["error"] == "invalid_article"
    assert "use 1 to 128 of A-Z a-z 0-9 . _ : # ~ -" in str(said["detail"])
    for reply in (shared.get(path), shared.delete(path)):
        assert (reply.status_code, reply.json()["error"]) == (404, "article_not_found")


def test_an_id_with_a_nul_is_refused(shared: TestClient, article: Body) -> None:
    """A NUL in the path is refused in words."""
    said = refused(shared, "PUT", "/api/articles/a%00b", article)
    assert said["error"] == "invalid_article"
    assert "`id` contains a NUL" in str(said["detail"])


@pytest.mark.parametrize("path", ["/api", "/api/articles/a/b", "/api/articles/../x", "/docs", "/redoc"])
def test_unknown_paths_are_told_as_such(shared: TestClient, path: str) -> None:
    """There is no such route, in the same form as every error."""
    reply = shared.get(path)
    assert reply.status_code == 404
    assert reply.json()["error"] in ("no_such_route", "article_not_found")


@pytest.mark.parametrize(("method", "path"), [("GET", "/api/ask"), ("POST", "/api/articles/a"), ("DELETE", "/healthz")])
def test_other_methods_are_refused(shared: TestClient, method: str, path: str) -> None:
    """The reply names the methods there are."""
    reply = shared.request(method, path)
    assert (reply.status_code, reply.json()["error"]) == (405, "method_not_allowed")
    assert reply.headers["Allow"]


def test_an_article_above_the_limit_is_refused(open_client: Callable[..., TestClient]) -> None:
    """The largest article that is set holds for articles that are put, not only for files that are added."""
    client = open_client(max_article_bytes=1_000)
    reply = client.put("/api/articles/a", json={"text": "Some text. " * 200})
    assert reply.status_code in (413, 422)
    assert set(reply.json()) == {"error", "detail"}
