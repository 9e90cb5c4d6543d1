"""Pages of other origins: those that the settings name may use the API, and see its replies."""

from collections.abc import Collection

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["Cors"]


class Cors(CORSMiddleware):
    """Tell browsers that pages of `origins` are welcome, without cookies; for all others this is not there."""

    def __init__(self, app: ASGIApp, origins: Collection[str]) -> None:
        super().__init__(
            app,
            allow_origins=origins,
            allow_methods=("GET", "HEAD", "POST", "PUT", "DELETE"),
            allow_headers=("*",),  # OpenAI's package and MCP clients send some of their own
            allow_private_network=True,  # without which a public site that is named would not reach loopback
            expose_headers=("Location", "Retry-After", "X-Request-ID"),
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, or answer the question of a browser whether it may send one."""
        welcome = scope["type"] == "http" and self.is_allowed_origin(Headers(scope=scope).get("origin", ""))
        await (super().__call__ if welcome else self.app)(scope, receive, send)
