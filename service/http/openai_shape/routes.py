"""The routes below /v1."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import JSONResponse, Response

from service.http.deps import Asker, CurrentDesk
from service.http.disconnect import while_connected
from service.http.openai_shape.asking import TURNS, Asked, asked
from service.http.openai_shape.bodies import MODEL, Completion, ModelBody, ModelList
from service.http.openai_shape.completions import Chunks, completion
from service.http.openai_shape.errors import failed, refusals, unknown_model
from service.http.openai_shape.examples import COMPLETION, MODEL_BODY, MODEL_LIST
from service.http.openai_shape.requests import IGNORED
from service.http.openai_shape.shaping import PREFIX, OpenAIRoute
from service.http.openai_shape.streaming import respond
from service.http.streaming import Stream
from service.links import Links

__all__ = ["openai_router"]

_DESCRIPTION = f"""Answer the last message of a conversation from the articles, in the shape of OpenAI's completions.

The last message, of role `user`, is the question; those of `user` and `assistant` before it are the history, of which
the last {TURNS} count. Messages of `system` and `developer` are ignored: articles are quoted, and no instruction
changes that. Parts of type `text` are joined by newlines; others are refused.

`content` holds the answer with markers such as `[1]`, or says that the articles do not tell, and then what is missing.
`annotations` has a `url_citation` for every marker: `content[start_index:end_index]` is the marker, counted in code
points, end exclusive, and `url` is the original article's, or a link to the sentence in the stored one. `pullquote` is
the whole body of `POST /api/ask`.

With `stream`, each statement is one chunk, sent once it is verified, and never taken back. The last chunk with a choice
has `annotations` in its `delta`, and `pullquote`; with `stream_options.include_usage` one with the usage follows; then
`[DONE]`. All have one id, which is not the answer's: that stands in `pullquote`. Articles are searched before the first
byte; what goes wrong later is an event `{{"error": {{...}}}}`, which ends the stream.

An answer that the chat model could not decide is an error: 503 where it is down, 504 where it was too slow, 502 where
it gave nonsense, 429 (`insufficient_quota`) where its tokens are spent.

Ignored: {", ".join(f"`{name}`" for name in IGNORED)}. Refused by 400: `n` other than 1, `tools` and `functions`,
`tool_choice` other than `none` and `auto`, `response_format` other than text, `logprobs`, `audio`, `modalities` other
than text, and all that is not listed here."""


@dataclass(frozen=True)
class _Begun:
    asked: Asked
    stream: Stream | None


async def _begun(
    request: Request, question: Annotated[Asked, Depends(asked)], desk: CurrentDesk
) -> AsyncIterator[_Begun]:
    """Begin an answer that is to be streamed, so that what goes wrong in searching has its status."""
    if not question.streamed:
        yield _Begun(question, None)
        return
    stream = Stream(lambda tell: desk.ask(question.question, tell))
    try:
        await while_connected(request, stream.begin())
        yield _Begun(question, stream)
    finally:
        await stream.end()


Begun = Annotated[_Begun, Depends(_begun)]


def openai_router(own_url: str) -> APIRouter:
    """Return the routes; `own_url` is where articles are linked to that have no address elsewhere."""
    links = Links(own_url)
    router = APIRouter(prefix=PREFIX, tags=["openai"], route_class=OpenAIRoute, dependencies=[Asker])

    @router.post(
        "/chat/completions",
        description=_DESCRIPTION,
        response_model=Completion,
        responses={**refusals(400, 404, 502, 503, 504), 200: COMPLETION},
    )
    async def create_chat_completion(request: Request, begun: Begun, desk: CurrentDesk) -> Response:
        """Answer the last message of a conversation from the articles."""
        asked, stream = begun.asked, begun.stream
        if stream:
            return respond(stream, Chunks(links, include_usage=asked.include_usage))
        answer = await while_connected(request, desk.ask(asked.question))
        if answer.outcome == "failed":
            raise failed(answer)
        return JSONResponse(completion(answer, links).model_dump(mode="json"))

    router.add_api_route("/models", list_models, responses={**refusals(503), 200: MODEL_LIST})
    router.add_api_route("/models/{model}", show_model, responses={**refusals(404, 503), 200: MODEL_BODY})
    return router


async def list_models() -> ModelList:
    """Return the models that can be named: one, which answers from the articles, whatever the settings ask."""
    return ModelList(data=[ModelBody()])


async def show_model(model: Annotated[str, Path(description="a model's id", examples=[MODEL])]) -> ModelBody:
    """Return the model of that name, which has to be `pullquote`."""
    if model != MODEL:
        raise unknown_model(model)
    return ModelBody()
