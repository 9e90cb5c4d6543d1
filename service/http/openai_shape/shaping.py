"""Whatever is refused below /v1, wherever that happens, gets the shape that clients of OpenAI's read.

A route turns what is wrong with its own request into status 400 with the parameter. What is refused by the guard, by
routing or by a dependency keeps its status and headers, and has its body put into the other shape on the way out.
"""

import json
from collections.abc import Callable, Coroutine

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.errors import QuestionError
from service.http.openai_shape.errors import OpenAIError, error_body, invalid, unreadable

__all__ = ["PREFIX", "OpenAIErrors", "OpenAIRoute"]

PREFIX = "/v1"
_REFUSED = 400


class OpenAIRoute(APIRoute):
    """A route that answers a wrong request by 400 with the parameter."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[None, None, Response]]:
        """Return the handler of a request."""
        handle = super().get_route_handler()

        async def handler(request: Request) -> Response:
            try:
                return await handle(request)
            except OpenAIError as exc:
                return _response(exc)
            except RequestValidationError as exc:
                return _response(invalid(exc))
            except QuestionError as exc:
                return _response(OpenAIError(_REFUSED, "invalid_question", str(exc)))
            except HTTPException as exc:
                if exc.status_code != _REFUSED:  # which is FastAPI's for a body that it cannot parse
                    raise
                return _response(unreadable())

        return handler


class OpenAIErrors:
    """Put `{"error": code, "detail": text}` into OpenAI's shape, for paths below /v1."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, and what comes back."""
        if scope["type"] != "http" or not f"{scope['path']}/".startswith(f"{PREFIX}/"):
            await self._app(scope, receive, send)
            return
        held: Message | None = None  # the start of an error waits for its body, since that changes its length

        async def shaped(message: Message) -> None:
            nonlocal held
            if message["type"] == "http.response.start" and message["status"] >= _REFUSED:
                held = message
                return
            if held is not None:
                start, message = _reshaped(held, message)
                held = None
                await send(start)
            await send(message)

        await self._app(scope, receive, shaped)


def _reshaped(start: Message, body: Message) -> tuple[Message, Message]:
    """Return both messages of an error in the other shape, or as they are where they are no such error."""
    try:
        said = json.loads(body.get("body", b""))
        code, detail = said["error"], said["detail"]
    except (ValueError, KeyError, TypeError):
        return start, body
    content = error_body(start["status"], code, detail).model_dump_json().encode()
    headers = MutableHeaders(raw=list(start["headers"]))
    headers["Content-Length"] = str(len(content))
    return {**start, "headers": headers.raw}, {**body, "body": content}


def _response(error: OpenAIError) -> JSONResponse:
    return JSONResponse(error.body.model_dump(), status_code=error.status, headers=error.headers)
