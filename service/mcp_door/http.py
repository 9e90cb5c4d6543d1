"""The protocol over HTTP, at exactly `/mcp`.

Every request stands alone: no session is kept. So a restart of the service is not noticed by clients, any number of
them costs nothing while they are silent, and nobody's session can be taken over; and a client that closes its request
stops the model, which in a session of the older protocol versions it does not. What that leaves out is a stream for
messages that the server begins, of which there are none (GET is refused, as the protocol allows), and
`notifications/cancelled` from clients of those versions: ids are chosen by clients, so that without a session one
could end another's question. Closing the request is heard from all of them.
"""

import contextlib
from collections.abc import AsyncIterator

from fastapi.security import HTTPBearer
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from service.http.guard import allowed_hosts
from service.mcp_door.server import make_server
from service.mcp_door.source import Source
from service.settings import Settings

__all__ = ["McpEndpoint"]

_bearer = HTTPBearer(auto_error=False)


class McpEndpoint:
    """An ASGI application that answers while it is `open`, to holders of tokens where there are any."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._manager: StreamableHTTPSessionManager | None = None

    @contextlib.asynccontextmanager
    async def open(self, source: Source) -> AsyncIterator[None]:
        """Answer from `source` while the block lasts; what is in work at its end is stopped."""
        manager = StreamableHTTPSessionManager(
            make_server(source, self._settings.own_url),
            stateless=True,
            security_settings=_security(self._settings),
            max_request_body_size=self._settings.max_body_bytes,
        )
        async with manager.run():
            self._manager = manager
            try:
                yield
            finally:
                self._manager = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request. Raises UnauthorizedError where a token is needed."""
        request = Request(scope)
        credentials = await _bearer(request)
        request.state.door.check(credentials.credentials if credentials else None, "ask")
        if self._manager is None or request.method != "POST":
            refused = {"error": "method_not_allowed", "detail": "no stream and no session is kept here; send POST"}
            await JSONResponse(refused, 405, {"Allow": "POST"})(scope, receive, send)
            return
        await self._manager.handle_request(scope, receive, send)


def _security(settings: Settings) -> TransportSecuritySettings:
    """Return the hosts and origins of our guard as the SDK checks them again, with any port."""
    names = [f"[{host}]" if ":" in host else host for host in sorted(allowed_hosts(settings))]
    hosts = [name + port for name in names for port in ("", ":*")]
    own = [f"{scheme}://{host}" for scheme in ("http", "https") for host in hosts]
    return TransportSecuritySettings(allowed_hosts=hosts, allowed_origins=[*settings.allowed_origins, *own])
