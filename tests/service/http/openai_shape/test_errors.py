from collections.abc import Callable

import pytest

from service.contract import Answer, Degraded
from service.http.openai_shape.errors import OpenAIError, error_body, failed, refusals


@pytest.mark.parametrize(
    ("status", "code", "kind", "known"),
    [
        (400, "invalid_request", "invalid_request_error", "invalid_request"),
        (401, "unauthorized", "invalid_request_error", "invalid_api_key"),
        (403, "forbidden", "invalid_request_error", "forbidden"),
        (429, "rate_limited", "rate_limit_error", "rate_limit_exceeded"),
        (429, "insufficient_quota", "insufficient_quota", "insufficient_quota"),
        (503, "overloaded", "server_error", "overloaded"),
    ],
)
def test_an_error_has_the_type_and_code_that_clients_know(status: int, code: str, kind: str, known: str) -> None:
    """Keys, quotas and rates have OpenAI's codes; what it has no code for has ours."""
    assert error_body(status, code, "why").model_dump() == {
        "error": {"message": "why", "type": kind, "param": None, "code": known}
    }


def test_half_a_character_can_be_told() -> None:
    """Words and names of parameters are UTF-8, whatever was sent."""
    error = OpenAIError(400, "invalid_request", "a \ud800", param="\ud800").body.error
    assert (error.message, error.param) == ("a ?", "?")


@pytest.mark.parametrize(
    ("reason", "status", "code", "headers"),
    [
        ("model_unavailable", 503, "model_unavailable", {"Retry-After": "2"}),
        ("model_timeout", 504, "model_timeout", {"x-should-retry": "false"}),
        ("model_invalid", 502, "model_invalid", {"x-should-retry": "false"}),
        ("token_limit", 429, "insufficient_quota", {"x-should-retry": "false"}),
    ],
)
def test_an_answer_that_failed_has_a_status(
    answer: Callable[..., Answer], reason: str, status: int, code: str, headers: dict[str, str]
) -> None:
    """The words are those of what failed; clients are kept from asking again at once where that cannot help."""
    degraded = [Degraded(part="history", reason="no"), Degraded(part="chat", reason="it is down")]
    error = failed(answer(outcome="failed", reason=reason, degraded=degraded))
    assert (error.status, error.body.error.code, str(error), error.headers) == (status, code, "it is down", headers)


def test_declared_errors_have_examples() -> None:
    """Each status has one, and some are declared everywhere."""
    assert list(refusals()) == [401, 403, 413, 421, 429]
    assert list(refusals(400, 504)) == [400, 401, 403, 413, 421, 429, 504]
    with pytest.raises(KeyError):
        refusals(418)
