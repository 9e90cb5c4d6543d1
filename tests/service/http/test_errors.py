import json

import pytest
from fastapi import FastAPI, HTTPException
from fastapi.testclient import TestClient

from index.errors import IndexingError, JobsFullError, JobTooLargeError, StorageFullError, VersionGoneError
from index.extracting.errors import BrokenDocumentError, ReaderError
from index.fetching.errors import AddressRefusedError, RobotsRefusedError, StatusError, UrlRefusedError
from service.errors import ForbiddenError, OverloadedError, QuestionError, ServiceError, UnauthorizedError
from service.http.disconnect import GoneError
from service.http.errors import install_handlers, responses


def reply_to(error: Exception) -> object:
    """Return the reply of an application whose only route raises `error`."""
    app = FastAPI()
    install_handlers(app)

    def fail() -> None:
        raise error

    app.add_api_route("/", fail)
    return TestClient(app, raise_server_exceptions=False).get("/")


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (QuestionError("why"), 422, "invalid_question"),
        (OverloadedError("why"), 503, "overloaded"),
        (UnauthorizedError("why"), 401, "unauthorized"),
        (ForbiddenError("why"), 403, "forbidden"),
        (VersionGoneError("why"), 410, "version_gone"),
        (StorageFullError("why"), 507, "storage_full"),
        (JobsFullError("why"), 429, "jobs_full"),
        (JobTooLargeError("why"), 413, "job_too_large"),
        (StatusError("why"), 502, "not_fetched"),
        (UrlRefusedError("why"), 422, "url_refused"),
        (AddressRefusedError("why"), 422, "address_refused"),
        (RobotsRefusedError("why"), 403, "robots"),
        (BrokenDocumentError("why"), 422, "unreadable_document"),
        (ReaderError("why"), 503, "document_reader"),
        (ServiceError("why"), 500, "internal"),
        (IndexingError("why"), 500, "internal"),
        (HTTPException(404, "why"), 404, "no_such_route"),
        (HTTPException(405, "why"), 405, "method_not_allowed"),
        (HTTPException(413, "why"), 413, "body_too_large"),
        (HTTPException(418, "why"), 418, "refused"),
    ],
)
def test_an_error_becomes_a_code_and_its_words(error: Exception, status: int, code: str) -> None:
    """Domain errors and those of the framework have the same body."""
    reply = reply_to(error)
    assert reply.status_code == status  # type: ignore[attr-defined]
    assert reply.json() == {"error": code, "detail": "why"}  # type: ignore[attr-defined]


def test_headers_that_help_are_sent() -> None:
    """401 names the scheme, 503 a time, and the framework's own headers are kept."""
    assert reply_to(UnauthorizedError("x")).headers["WWW-Authenticate"] == "Bearer"  # type: ignore[attr-defined]
    assert int(reply_to(OverloadedError("x")).headers["Retry-After"]) > 0  # type: ignore[attr-defined]
    assert int(reply_to(JobsFullError("x")).headers["Retry-After"]) > 0  # type: ignore[attr-defined]
    assert reply_to(HTTPException(405, "x", {"Allow": "GET"})).headers["Allow"] == "GET"  # type: ignore[attr-defined]
    assert "Retry-After" not in reply_to(QuestionError("x")).headers  # type: ignore[attr-defined]


def test_a_detail_with_half_a_character_can_be_sent() -> None:
    """A lone surrogate in a message does not break the reply that tells of it."""
    reply = reply_to(QuestionError("a \ud800 b"))
    assert (reply.status_code, reply.json()["detail"]) == (422, "a ? b")  # type: ignore[attr-defined]


def test_a_client_that_has_gone_gets_nothing() -> None:
    """Its status is for the log alone."""
    reply = reply_to(GoneError())
    assert (reply.status_code, reply.content) == (499, b"")  # type: ignore[attr-defined]


def test_declared_errors_show_examples() -> None:
    """Every status that a route declares has words and an example of its body; some may meet any request."""
    declared = responses(404, 507)
    assert list(declared) == [401, 403, 404, 413, 421, 429, 507]
    assert list(responses()) == [401, 403, 413, 421, 429]
    for reply in declared.values():
        example = reply["content"]["application/json"]["example"]  # type: ignore[index]
        assert set(example) == {"error", "detail"}
        assert reply["description"] == example["detail"]
        assert json.dumps(example)


def test_a_status_without_an_example_cannot_be_declared() -> None:
    """A route cannot declare an error that nobody described."""
    with pytest.raises(KeyError):
        responses(418)
