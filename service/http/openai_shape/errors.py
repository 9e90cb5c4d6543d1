"""Errors as clients of OpenAI's expect them: `{"error": {message, type, param, code}}`."""

from collections.abc import Mapping, Sequence

from fastapi.exceptions import RequestValidationError

from service.contract import Answer, Reason
from service.http.openai_shape.bodies import MODEL, OpenAIErrorBody, OpenAIErrorOut
from service.http.openai_shape.requests import REMEDIES

__all__ = ["OpenAIError", "error_body", "failed", "invalid", "refusals", "unknown_model", "unreadable"]

_TOO_MANY = 429
_SERVER = 500
_NAME_CHARS = 200
_CODES = {"unauthorized": "invalid_api_key", "rate_limited": "rate_limit_exceeded"}
_FAILED: Mapping[Reason, tuple[int, str]] = {
    "model_unavailable": (503, "model_unavailable"),
    "model_timeout": (504, "model_timeout"),
    "model_invalid": (502, "model_invalid"),
    "token_limit": (429, "insufficient_quota"),
}
_EXAMPLES: Mapping[int, tuple[str, str, str | None]] = {
    400: ("invalid_request", f"n: Input should be less than or equal to 1; {REMEDIES['n']}", "n"),
    401: ("unauthorized", "a valid token is needed; send it as `Authorization: Bearer TOKEN`", None),
    403: ("foreign_origin", "requests from other web sites are refused; see PULLQUOTE_ALLOWED_ORIGINS", None),
    404: ("model_not_found", f"there is no model 'gpt-x'; send {MODEL!r}", "model"),
    413: (
        "body_too_large",
        "the body is larger than 10000000 bytes; send less, or raise PULLQUOTE_MAX_BODY_BYTES",
        None,
    ),
    421: ("host_not_allowed", "this host name is not served here; add it to PULLQUOTE_ALLOWED_HOSTS", None),
    429: ("rate_limited", "the token 'reader' may send 120/minute; send the next request in 12 seconds", None),
    502: ("model_invalid", "the chat model gave no answer in the agreed form", None),
    503: ("overloaded", "8 questions are in work, which is the limit; ask again in a moment", None),
    504: ("model_timeout", "the chat model took longer than 240 seconds", None),
}


class OpenAIError(Exception):
    """A request that is refused, or that came to nothing, with all that a client is told of it."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        param: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.body = error_body(status, code, message, param)
        self.headers = headers


def error_body(status: int, code: str, message: str, param: str | None = None) -> OpenAIErrorBody:
    """Return an error in OpenAI's shape, with the codes that its clients know."""
    known = _CODES.get(code, code)
    return OpenAIErrorBody(
        error=OpenAIErrorOut(
            message=_sendable(message), type=_type(status, known), param=param and _sendable(param), code=known
        )
    )


def invalid(exc: RequestValidationError) -> OpenAIError:
    """Return what is told of a body that does not validate: its first problem, and how many more there are."""
    problems = exc.errors()
    where = problems[0]["loc"][1:]
    if problems[0]["type"] == "json_invalid" or not where:
        return unreadable()
    param, about = _path(where), str(where[0])
    if problems[0]["type"] == "extra_forbidden":
        message = f"{param}: is no parameter that is known here; leave it out"
    else:
        remedy = REMEDIES.get(about)
        message = f"{param}: {str(problems[0]['msg']).removeprefix('Value error, ')}{f'; {remedy}' if remedy else ''}"
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    return OpenAIError(400, "invalid_request", message + more, param=param)


def unreadable() -> OpenAIError:
    """Return what is told of a body that is no JSON object."""
    return OpenAIError(400, "invalid_request", "the body cannot be read; send a JSON object as `application/json`")


def unknown_model(name: str) -> OpenAIError:
    """Return what is told of a model that there is not."""
    return OpenAIError(
        404, "model_not_found", f"there is no model {name[:_NAME_CHARS]!r}; send {MODEL!r}", param="model"
    )


def failed(answer: Answer) -> OpenAIError:
    """Return what is told of an answer in which nothing was decided. Asking again at once helps only a model down."""
    status, code = _FAILED[answer.reason or "model_invalid"]
    reasons = [item.reason for item in answer.degraded if item.part == "chat"]
    headers = {"Retry-After": "2"} if answer.reason == "model_unavailable" else {"x-should-retry": "false"}
    return OpenAIError(status, code, reasons[-1] if reasons else "the chat model decided nothing", headers=headers)


def refusals(*statuses: int) -> dict[int | str, dict[str, object]]:
    """Declare error statuses of a route, each with an example; some may meet every request."""
    return {status: _refusal(status) for status in sorted({401, 403, 413, 421, 429, *statuses})}


def _refusal(status: int) -> dict[str, object]:
    code, message, param = _EXAMPLES[status]
    example = error_body(status, code, message, param).model_dump()
    return {
        "model": OpenAIErrorBody,
        "description": message,
        "content": {"application/json": {"example": example}},
    }


def _type(status: int, code: str) -> str:
    if code == "insufficient_quota":
        return code
    if status == _TOO_MANY:
        return "rate_limit_error"
    return "server_error" if status >= _SERVER else "invalid_request_error"


def _path(where: Sequence[int | str]) -> str:
    """Return the place of a value as OpenAI writes it: `messages[0].content`."""
    first, *rest = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in where)
    return "".join((first.removeprefix("."), *rest))[:_NAME_CHARS]


def _sendable(text: str) -> str:
    """Return the text without half characters, which are no UTF-8."""
    return text.encode("utf-8", "replace").decode()
