"""What every request passes before any route: host, origin, size, and one log line with its id.

It judges what the ASGI server received, before routing, so that no path or method slips past it.
"""

import secrets
import time
from collections.abc import Collection
from urllib.parse import urlsplit

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.settings import Settings
from service.web_names import host_of_header

__all__ = ["Guard", "allowed_hosts"]

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_READS = ("GET", "HEAD", "OPTIONS")


def allowed_hosts(settings: Settings) -> frozenset[str]:
    """Return the host names to answer to: loopback, the bind address, and those that the settings add."""
    hosts = {*_LOOPBACK, *(host.lower() for host in settings.allowed_hosts)}
    return frozenset(hosts if settings.everywhere else {*hosts, settings.host.lower()})


class Guard:
    """Refuse requests for other hosts, writes from other origins, and bodies over the limit; log the rest."""

    def __init__(self, app: ASGIApp, hosts: Collection[str], origins: Collection[str], max_body_bytes: int) -> None:
        self._app = app
        self._hosts = hosts
        self._origins = origins
        self._max_body_bytes = max_body_bytes
        self._log = structlog.get_logger("pullquote.http")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = secrets.token_hex(8)
        status, started = 500, False
        began = time.perf_counter()

        async def send_with_id(message: Message) -> None:
            nonlocal status, started
            if message["type"] == "http.response.start":
                status, started = int(message["status"]), True
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = request_id
                headers["X-Content-Type-Options"] = "nosniff"
            await send(message)

        refusal = self._refusal(scope)
        try:
            if refusal:
                await refusal(scope, receive, send_with_id)
            else:
                await self._app(scope, self._counted(receive), send_with_id)
        except Exception as exc:  # noqa: BLE001  (its words and traceback may hold what an article says)
            self._log.error("unexpected error", id=request_id, kind=type(exc).__name__)
            if not started:
                detail = "an unexpected error; the server's log names its kind"
                await _error(500, "internal", detail)(scope, receive, send_with_id)
        finally:
            took_ms = round((time.perf_counter() - began) * 1000)
            path = scope["path"][:200]
            self._log.info("request", id=request_id, method=scope["method"], path=path, status=status, ms=took_ms)

    def _refusal(self, scope: Scope) -> JSONResponse | None:
        headers = Headers(scope=scope)
        host_headers = headers.getlist("host")
        if len(host_headers) != 1 or host_of_header(host_headers[0]) not in self._hosts:
            return _error(
                421, "host_not_allowed", "this host name is not served here; add it to PULLQUOTE_ALLOWED_HOSTS"
            )
        origin = headers.get("origin")
        if origin and scope["method"] not in _READS and not self._same_site(origin, host_headers[0]):
            return _error(
                403, "foreign_origin", "requests from other web sites are refused; see PULLQUOTE_ALLOWED_ORIGINS"
            )
        length = headers.get("content-length", "")
        if length.isdecimal() and int(length[:20]) > self._max_body_bytes:
            return _error(413, "body_too_large", _too_large(self._max_body_bytes))
        return None

    def _same_site(self, origin: str, host: str) -> bool:
        try:
            parts = urlsplit(origin)
        except ValueError:
            return False
        return origin in self._origins or (parts.scheme in ("http", "https") and parts.netloc.lower() == host.lower())

    def _counted(self, receive: Receive) -> Receive:
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self._max_body_bytes:
                raise HTTPException(413, _too_large(self._max_body_bytes))
            return message

        return counted


def _error(status: int, code: str, detail: str) -> JSONResponse:
    return JSONResponse({"error": code, "detail": detail}, status_code=status)


def _too_large(limit: int) -> str:
    return f"the body is larger than {limit} bytes; send less, or raise PULLQUOTE_MAX_BODY_BYTES"
