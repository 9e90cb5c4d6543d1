"""The composition root of the HTTP door."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from importlib.metadata import version

import structlog
from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.routing import Route

from index import Ownership
from service.chat.factory import make_chat
from service.desk import Desk
from service.errors import SettingsError
from service.http.cors import Cors
from service.http.deps import Door, State
from service.http.errors import install_handlers
from service.http.examples import restore_examples
from service.http.feedback import feedback
from service.http.guard import Guard, allowed_hosts
from service.http.jobs import jobs
from service.http.openai_shape.examples import complete_description
from service.http.openai_shape.routes import openai_router
from service.http.openai_shape.shaping import OpenAIErrors
from service.http.pages import make_pages
from service.http.rate import Rate
from service.http.readiness import PublicReadiness
from service.http.routes import health, router
from service.http.sources import sources
from service.http.uploads import describe_body
from service.intake.serving import KeepingUp
from service.mcp_door.http import McpEndpoint
from service.settings import Settings
from service.tokens import TokenStore

__all__ = ["create_app"]

_DESCRIPTION = """Ask your articles a question. Every statement of the answer comes with the exact sentence that proves
it, by character offset into the stored article; and where the articles do not say, it says so."""


def create_app(settings: Settings, ownership: Ownership | None = None) -> FastAPI:
    """Make the application. It owns the data folder while it runs, through `ownership` where that is given.

    Raises SettingsError for an address that others can reach while there is no token, and for a chat model that
    cannot be.
    """
    tokens = TokenStore(settings.tokens_path)
    if not settings.loopback and not tokens.all():
        raise SettingsError(
            f"PULLQUOTE_BIND is {settings.bind}, which others can reach, and there is no access token; "
            "make one first with `pullquote tokens add NAME --scope ask`, or bind 127.0.0.1"
        )

    rate = Rate(settings.rate_limit)
    mcp = McpEndpoint(settings)
    make_chat(settings)  # a model that cannot be is told before anything is served

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[State]:
        owned = ownership or Ownership(settings.data_dir)
        try:
            address = owned.announce(settings.local_url)
            async with _desk(settings) as desk, mcp.open(desk):
                yield _state(desk, Door(tokens, address.key, settings.loopback, rate))
        finally:
            owned.release()

    app = _App(
        title="Pullquote",
        version=version("pullquote"),
        description=_DESCRIPTION,
        lifespan=lifespan,
        middleware=[
            Middleware(OpenAIErrors),
            Middleware(
                Guard,
                hosts=allowed_hosts(settings),
                origins=settings.allowed_origins,
                max_body_bytes=settings.max_body_bytes,
            ),
            *([Middleware(Cors, origins=settings.allowed_origins)] if settings.allowed_origins else []),
        ],
        docs_url=None,  # its page loads scripts from elsewhere; the description itself is at /openapi.json
        redoc_url=None,
    )
    app.router.routes.append(Route("/mcp", mcp, include_in_schema=False))
    for each in (router, sources, jobs, feedback, health, openai_router(settings.own_url), make_pages()):
        app.include_router(each)
    install_handlers(app)
    return app


class _App(FastAPI):
    """The application, whose description keeps the nulls of the examples, which FastAPI leaves out."""

    def openapi(self) -> dict[str, object]:
        schema: dict[str, object] = super().openapi()
        restore_examples(schema)
        describe_body(schema)
        complete_description(schema)
        return schema


def _state(desk: Desk, door: Door) -> State:
    return {"desk": desk, "door": door, "public_readiness": PublicReadiness(desk.ready)}


@contextlib.asynccontextmanager
async def _desk(settings: Settings) -> AsyncIterator[Desk]:
    """Open the desk, and begin to load its models, so that the first question need not wait, and to keep up."""
    desk = Desk.open(settings)
    await desk.jobs.start()
    warming = asyncio.create_task(_warm(desk))
    keeping_up = KeepingUp(settings, desk)
    keeping_up.start()
    try:
        yield desk
    finally:
        await keeping_up.stop()
        warming.cancel()
        await asyncio.gather(warming, return_exceptions=True)
        await desk.close()


async def _warm(desk: Desk) -> None:
    ready = await desk.ready()
    log = structlog.get_logger("pullquote")
    for name, part in ready.parts.items():
        (log.info if part.ok else log.error)(name, ok=part.ok, detail=part.detail)
    if ready.ready:
        await desk.warm()
