"""The page: its views, and the assets that they load; nothing else of the package's folder is served.

The page itself needs no token, since it holds nothing of the library: it asks for one when the interface does.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

__all__ = ["ASSETS", "FIRST", "make_pages"]

FIRST = ("api", "chat", "dom", "filters", "frame", "later", "main", "permalink", "state", "text", "token")
"""The scripts that every view loads; they load the others once the page stands, or sooner where those are needed."""

_LATER = (
    "add", "answer", "articles", "ask", "extras", "feedback", "job", "markdown", "outlets", "pieces", "reader",
    "searched", "sse", "turn",
)  # fmt: skip
_STYLES = ("base.css", "parts.css")

ASSETS = ("favicon.svg", *_STYLES, *(f"js/{name}.js" for name in sorted((*FIRST, *_LATER))))
"""The files below /assets/, by name; what is not among them is not served."""

_FOLDER = Path(__file__).parent / "web"
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_RULES = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",  # the browser itself refuses markup made of text
    "trusted-types 'none'",
)
_HEADERS = {
    "Content-Security-Policy": "; ".join(_RULES),
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",  # kept, and asked about by its ETag: no page runs with scripts of another version
}
_READS = ["GET", "HEAD"]


@dataclass(frozen=True)
class _File:
    """A file as it is sent."""

    body: bytes
    media_type: str
    etag: str

    @classmethod
    def read(cls, name: str) -> "_File":
        body = (_FOLDER / name).read_bytes()
        if name == "index.html":
            body = body.replace(b"<!-- preloads -->", _preloads())
        return cls(body, _TYPES[Path(name).suffix], f'"{hashlib.sha256(body).hexdigest()[:32]}"')

    def reply(self, request: Request) -> Response:
        """Return the file, or 304 where the browser has it already."""
        headers = {**_HEADERS, "ETag": self.etag}
        known = [tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")]
        if self.etag in known:
            return Response(status_code=304, headers=headers)
        return Response(self.body, headers=headers, media_type=self.media_type)


def _preloads() -> bytes:
    """Return links that make the browser load every script at once, instead of import after import."""
    return "\n".join(f'<link rel="modulepreload" href="/assets/js/{name}.js">' for name in FIRST).encode()


def make_pages() -> APIRouter:
    """Return the routes of the page; they are no part of the described interface."""
    page = _File.read("index.html")
    assets = {name: _File.read(name) for name in ASSETS}
    router = APIRouter(include_in_schema=False)

    @router.api_route("/", methods=_READS)
    @router.api_route("/articles", methods=_READS)
    @router.api_route("/articles/{article_id}", methods=_READS)
    async def show_page(request: Request) -> Response:
        """Return the page, whichever of its views the address names; its script reads the address."""
        return page.reply(request)

    @router.api_route("/assets/{name:path}", methods=_READS)
    async def show_asset(request: Request, name: str) -> Response:
        """Return a file that the page loads."""
        if name not in assets:
            raise HTTPException(404, "the page has no such file")
        return assets[name].reply(request)

    return router
