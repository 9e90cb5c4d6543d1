"""What a client of OpenAI's sends: parameters that matter, that are ignored, and that are refused unless harmless."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StrictFloat, StrictInt

from service.contract import AskIn, FiltersIn
from service.contract.requests import Date, Worded

__all__ = ["IGNORED", "REMEDIES", "ChatIn", "ChatMessage", "OptionsIn", "StreamOptions", "TextFormat", "TextPart"]

REMEDIES: Mapping[str, str] = {
    "n": "there is one answer to a question; send 1, or leave `n` out",
    "tools": "no tools are called here; leave `tools` out",
    "functions": "no functions are called here; leave `functions` out",
    "tool_choice": 'no tools are called here; send "none" or "auto", or leave `tool_choice` out',
    "response_format": 'answers are text; send {"type": "text"}, or leave `response_format` out',
    "logprobs": "statements have a `score` each, under `pullquote`; send false, or leave `logprobs` out",
    "audio": "answers are text; leave `audio` out",
    "modalities": 'answers are text; send ["text"], or leave `modalities` out',
}
"""What to do about a parameter that is refused for its value."""

IGNORED = (
    "frequency_penalty",
    "max_completion_tokens",
    "max_tokens",
    "metadata",
    "parallel_tool_calls",
    "presence_penalty",
    "seed",
    "stop",
    "store",
    "temperature",
    "top_p",
    "user",
)
"""Parameters that are taken and change nothing."""

_Ignored = Field(None, description="ignored")


class TextPart(BaseModel):
    """A piece of a message; the only type that is read."""

    type: Literal["text"]
    text: str


def _joined(content: object) -> object:
    """Return the text of a message whose content is in parts."""
    if content is None:
        return ""
    return "\n".join(_text(part) for part in content) if isinstance(content, list) else content


def _text(part: object) -> str:
    kind, text = (part.get("type"), part.get("text")) if isinstance(part, dict) else (None, None)
    if kind != "text" or not isinstance(text, str):
        raise ValueError(f"a part of type {str(kind)[:80]!r} cannot be read; send text, or parts of type 'text'")
    return text


Content = Annotated[str, BeforeValidator(_joined, json_schema_input_type=str | list[TextPart] | None)]


class ChatMessage(BaseModel):
    """A message; what else it has beside role and content is ignored, so that an answer can be sent back as it came."""

    model_config = ConfigDict(frozen=True)

    role: Literal["system", "developer", "user", "assistant"] = Field(
        description="messages of `system` and `developer` are ignored: articles are quoted, and no instruction changes "
        "that"
    )
    content: Content = ""


def _boolean(value: object) -> object:
    """Return a value unless it is a number, of which 0 would pass for false."""
    if not isinstance(value, bool):
        raise ValueError("Input should be a valid boolean")  # noqa: TRY004  (what pydantic wants)
    return value


class StreamOptions(BaseModel):
    """How to stream."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    include_usage: StrictBool | None = Field(None, description="end with a chunk that has the usage and no choice")
    include_obfuscation: StrictBool | None = _Ignored


class TextFormat(BaseModel):
    """The format of an answer."""

    type: Literal["text"]


class OptionsIn(BaseModel):
    """What only this service has, as in `POST /api/ask`; the `openai` package sends it by `extra_body`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    filters: FiltersIn = FiltersIn()
    asked_at: Date | None = Field(None, description="the moment of asking; default: now")
    search_as: Annotated[list[Worded], Field(min_length=1, max_length=8)] | None = Field(
        None, description="what to search for instead of the question"
    )
    limit: StrictInt = Field(AskIn.model_fields["limit"].default, ge=1, le=50, description="passages considered")


class ChatIn(BaseModel):
    """A conversation, whose last message is the question."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={
            "examples": [
                {
                    "model": "pullquote",
                    "messages": [{"role": "user", "content": "Since when had the ferry been laid up?"}],
                }
            ]
        },
    )

    model: str = Field(description="`pullquote`")
    messages: Annotated[list[ChatMessage], Field(min_length=1)] = Field(
        description="the last one, of a user, is the question; up to 100 turns before it are its history"
    )
    pullquote: OptionsIn = OptionsIn()
    stream: StrictBool | None = None
    stream_options: StreamOptions | None = None
    n: Annotated[StrictInt, Field(ge=1, le=1)] | None = None
    tools: Annotated[list[object], Field(max_length=0)] | None = None
    functions: Annotated[list[object], Field(max_length=0)] | None = None
    tool_choice: Literal["none", "auto"] | None = None
    response_format: TextFormat | None = None
    logprobs: Annotated[Literal[False], BeforeValidator(_boolean)] | None = None
    audio: None = None
    modalities: Annotated[list[Literal["text"]], Field(min_length=1, max_length=1)] | None = None
    frequency_penalty: StrictFloat | None = _Ignored
    max_completion_tokens: StrictInt | None = _Ignored
    max_tokens: StrictInt | None = _Ignored
    metadata: dict[str, str] | None = _Ignored
    parallel_tool_calls: StrictBool | None = _Ignored
    presence_penalty: StrictFloat | None = _Ignored
    seed: StrictInt | None = _Ignored
    stop: object = _Ignored
    store: StrictBool | None = _Ignored
    temperature: StrictFloat | None = _Ignored
    top_p: StrictFloat | None = _Ignored
    user: str | None = _Ignored
