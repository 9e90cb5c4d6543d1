"""What a client of OpenAI's gets."""

from typing import Literal, NotRequired, TypedDict

from pydantic import Field

from service.contract import Answer
from service.contract.base import Out

__all__ = [
    "MODEL",
    "Annotation",
    "Choice",
    "Chunk",
    "ChunkChoice",
    "Completion",
    "CompletionMessage",
    "CompletionUsage",
    "Delta",
    "ModelBody",
    "ModelList",
    "OpenAIErrorBody",
    "OpenAIErrorOut",
    "UrlCitation",
]

MODEL: Literal["pullquote"] = "pullquote"
_Json = dict[str, object]


class UrlCitation(Out):
    """Where a marker leads; `content[start_index:end_index]` is the marker, counted in code points."""

    start_index: int
    end_index: int = Field(description="exclusive")
    title: str
    url: str = Field(description="the original article, or the stored one where that has no address")


class Annotation(Out):
    """A marker in the content."""

    type: Literal["url_citation"] = "url_citation"
    url_citation: UrlCitation


class CompletionMessage(Out):
    """The answer, with markers, and where each marker leads."""

    role: Literal["assistant"] = "assistant"
    content: str
    refusal: None = None
    annotations: list[Annotation]


class Choice(Out):
    """The only choice."""

    index: Literal[0] = 0
    message: CompletionMessage
    finish_reason: Literal["stop"] = "stop"
    logprobs: None = None


class CompletionUsage(Out):
    """Tokens of all calls of the chat model."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class Completion(Out):
    """An answer; `pullquote` is the body of `POST /api/ask`, with statements, citations and verdicts."""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: Literal["pullquote"] = MODEL
    choices: list[Choice]
    usage: CompletionUsage
    pullquote: Answer


class Delta(TypedDict, total=False):
    """What a chunk adds to the message."""

    role: Literal["assistant"]
    content: str
    annotations: list[_Json]


class ChunkChoice(TypedDict):
    """The only choice of a chunk."""

    index: int
    delta: Delta
    logprobs: None
    finish_reason: Literal["stop"] | None


class Chunk(TypedDict):
    """A piece of a streamed answer; a dictionary, since its keys are absent where they have nothing to say."""

    id: str
    object: Literal["chat.completion.chunk"]
    created: int
    model: Literal["pullquote"]
    choices: list[ChunkChoice]
    usage: NotRequired[_Json | None]
    pullquote: NotRequired[_Json]


class ModelBody(Out):
    """A model that can be named in a request."""

    id: Literal["pullquote"] = MODEL
    object: Literal["model"] = "model"
    created: int = Field(0, description="always 0: what answers depends on the settings and the articles")
    owned_by: Literal["pullquote"] = MODEL


class ModelList(Out):
    """The models, of which there is one."""

    object: Literal["list"] = "list"
    data: list[ModelBody]


class OpenAIErrorOut(Out):
    """What went wrong: words for people, a code for programs, and the parameter where it is one."""

    message: str
    type: str
    param: str | None = None
    code: str


class OpenAIErrorBody(Out):
    """An error, as clients of OpenAI's know it."""

    error: OpenAIErrorOut
