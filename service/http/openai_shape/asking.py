"""A conversation of OpenAI's, as a question of ours."""

from dataclasses import dataclass

from pydantic import ValidationError

from service.contract import AskIn, Turn
from service.http.openai_shape.bodies import MODEL
from service.http.openai_shape.errors import OpenAIError, unknown_model
from service.http.openai_shape.requests import ChatIn, ChatMessage

__all__ = ["TURNS", "Asked", "asked"]

TURNS = 100  # the most that the contract takes


@dataclass(frozen=True)
class Asked:
    """A question, and how it is to be answered."""

    question: AskIn
    streamed: bool
    include_usage: bool


async def asked(body: ChatIn) -> Asked:
    """Return what is asked. Raises OpenAIError for another model, and for a conversation that ends with no user."""
    if body.model != MODEL:
        raise unknown_model(body.model)
    options = body.stream_options
    return Asked(_question(body), bool(body.stream), bool(options and options.include_usage))


def _question(body: ChatIn) -> AskIn:
    said = [(i, message) for i, message in enumerate(body.messages) if message.role in ("user", "assistant")]
    if not said or said[-1][1].role != "user":
        raise OpenAIError(
            400,
            "invalid_request",
            "messages: the last one has to be of role `user`; it is the question",
            param="messages",
        )
    *earlier, (_, question) = said
    turns = [(i, message) for i, message in earlier if message.content]
    options = body.pullquote
    return AskIn(
        question=question.content,
        history=[_turn(i, message) for i, message in turns[-TURNS:]],
        filters=options.filters,
        asked_at=options.asked_at,
        search_as=options.search_as,
        limit=options.limit,
    )


def _turn(i: int, message: ChatMessage) -> Turn:
    role = "user" if message.role == "user" else "assistant"
    try:
        return Turn(role=role, content=message.content)
    except ValidationError as exc:
        param = f"messages[{i}].content"
        problem = exc.errors(include_url=False, include_input=False)[0]["msg"]
        raise OpenAIError(400, "invalid_request", f"{param}: {problem}", param=param) from exc
