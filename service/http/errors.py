"""Errors as bodies: `{"error": code, "detail": text}`, whatever went wrong."""

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import BaseRoute, Match

from index.errors import IndexingError, JobsFullError
from service.contract import ErrorBody
from service.errors import RateLimitedError, ServiceError, status_of
from service.http.disconnect import GoneError

__all__ = ["install_handlers", "refusal", "responses"]

_CODES = {404: "no_such_route", 405: "method_not_allowed", 413: "body_too_large"}
_CLIENT_GONE = 499
_UNREADABLE = 400
_NO_SUCH_METHOD = 405
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
_RETRY_AFTER_S = "2"
_JOBS_RETRY_AFTER_S = "30"
_SHOWN_PROBLEMS = 5
_EXAMPLES = {
    401: ("unauthorized", "a valid token is needed; send it as `Authorization: Bearer TOKEN`"),
    403: ("forbidden", "the token 'reader' may ask but not change articles; use one of scope admin"),
    404: ("article_not_found", "there is no article 'x'; `pullquote list` shows the ids"),
    409: ("id_taken", "its id '1f2e' already belongs to /news/report.txt; give it an `id` or a `url` of its own"),
    410: ("version_gone", "version '9c1d' of article 'x' is gone; the live version is 41aa"),
    413: ("body_too_large", "the body is larger than 10000000 bytes; send less, or raise PULLQUOTE_MAX_BODY_BYTES"),
    422: ("invalid_request", "body.question: Field required"),
    421: ("host_not_allowed", "this host name is not served here; add it to PULLQUOTE_ALLOWED_HOSTS"),
    429: ("rate_limited", "the token 'reader' may send 120/minute; send the next request in 12 seconds"),
    503: ("overloaded", "8 questions are in work, which is the limit; ask again in a moment"),
    507: ("storage_full", "the disk of data is full; free some space and run the same again"),
}


def responses(*statuses: int) -> dict[int | str, dict[str, object]]:
    """Declare error statuses of a route, each with its body and an example; 401, 403, 413, 421 and 429 on every one."""
    return {status: refusal(*_EXAMPLES[status]) for status in sorted({401, 403, 413, 421, 429, *statuses})}


def refusal(code: str, detail: str) -> dict[str, object]:
    """Declare an error by an example of its body."""
    example = {"error": code, "detail": detail}
    return {"model": ErrorBody, "description": detail, "content": {"application/json": {"example": example}}}


def install_handlers(app: FastAPI) -> None:
    """Give `app` one handler for every kind of error."""
    app.add_exception_handler(IndexingError, _domain)
    app.add_exception_handler(ServiceError, _domain)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(GoneError, _gone)


async def _domain(_: Request, exc: Exception) -> Response:
    status, code = status_of(exc)
    headers = {401: {"WWW-Authenticate": "Bearer"}, 503: {"Retry-After": _RETRY_AFTER_S}}.get(status)
    if isinstance(exc, JobsFullError):
        headers = {"Retry-After": _JOBS_RETRY_AFTER_S}
    if isinstance(exc, RateLimitedError):
        headers = {"Retry-After": str(exc.retry_after_s)}
    return _body(status, code, str(exc), headers)


async def _invalid(_: Request, exc: Exception) -> Response:
    problems = exc.errors() if isinstance(exc, RequestValidationError) else []
    shown = [f"{'.'.join(str(part) for part in p['loc'])[:200]}: {p['msg']}" for p in problems[:_SHOWN_PROBLEMS]]
    more = f" (and {len(problems) - _SHOWN_PROBLEMS} more)" if len(problems) > _SHOWN_PROBLEMS else ""
    return _body(422, "invalid_request", "; ".join(shown) + more)


async def _http(request: Request, exc: Exception) -> Response:
    status = exc.status_code if isinstance(exc, HTTPException) else 500
    if status == _UNREADABLE:
        return _body(422, "invalid_request", "the body cannot be read as JSON; send UTF-8, nested less deeply")
    detail = str(exc.detail) if isinstance(exc, HTTPException) else ""
    headers = dict(exc.headers or {}) if isinstance(exc, HTTPException) else {}
    if status == _NO_SUCH_METHOD:
        headers["Allow"] = ", ".join(_methods(request)) or headers.get("Allow", "")
    return _body(status, _CODES.get(status, "refused"), detail, headers)


def _methods(request: Request) -> list[str]:
    """Return the methods that the path has; the framework names those of its first route alone."""
    routes: list[BaseRoute] = request.app.router.routes
    return [
        method
        for method in _METHODS
        if any(route.matches({**request.scope, "method": method})[0] is Match.FULL for route in routes)
    ]


async def _gone(_: Request, exc: Exception) -> Response:  # noqa: ARG001
    return Response(status_code=_CLIENT_GONE)


def _body(status: int, code: str, detail: str, headers: dict[str, str] | None = None) -> JSONResponse:
    # half a character cannot be sent as UTF-8
    detail = detail.encode("utf-8", "replace").decode()
    return JSONResponse({"error": code, "detail": detail}, status_code=status, headers=headers)
