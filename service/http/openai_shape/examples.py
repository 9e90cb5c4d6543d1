"""Examples of replies below /v1, and their description."""

from typing import Any

from service.http.examples import ANSWER
from service.http.openai_shape.shaping import PREFIX

__all__ = ["COMPLETION", "MODEL_BODY", "MODEL_LIST", "complete_description"]

_ANSWER: dict[str, Any] = ANSWER["content"]["application/json"]["example"]
_MODEL = {"id": "pullquote", "object": "model", "created": 0, "owned_by": "pullquote"}
_COMPLETION = {
    "id": "chatcmpl-ans_0f6b1c9ad1c04c7e9b1f2a33",
    "object": "chat.completion",
    "created": 1_714_727_564,
    "model": "pullquote",
    "choices": [
        {
            "index": 0,
            "message": {
                "role": "assistant",
                "content": "The ferry had been laid up since March.[1]",
                "refusal": None,
                "annotations": [
                    {
                        "type": "url_citation",
                        "url_citation": {
                            "start_index": 39,
                            "end_index": 42,
                            "title": "Ferry sails again",
                            "url": "https://harbour-courier.example/2024/05/ferry",
                        },
                    }
                ],
            },
            "finish_reason": "stop",
            "logprobs": None,
        }
    ],
    "usage": {"prompt_tokens": 1012, "completion_tokens": 27, "total_tokens": 1039},
    "pullquote": _ANSWER,
}
_CHUNK = (
    '{"id":"chatcmpl-9b1f","object":"chat.completion.chunk","created":1714727564,"model":"pullquote","choices":[%s]}'
)
_DELTA = '{"index":0,"delta":%s,"logprobs":null,"finish_reason":%s}'
_STREAM = "".join(
    f"data: {data}\n\n"
    for data in (
        _CHUNK % _DELTA % ('{"role":"assistant","content":""}', "null"),
        _CHUNK % _DELTA % ('{"content":"The ferry had been laid up since March.[1]"}', "null"),
        _CHUNK % _DELTA % ('{"content":"","annotations":[]}', '"stop"'),
        "[DONE]",
    )
)

COMPLETION: dict[str, Any] = {
    "description": "an answer, or why there is none; with `stream`, its chunks",
    "content": {"application/json": {"example": _COMPLETION}, "text/event-stream": {"example": _STREAM}},
}
MODEL_BODY: dict[str, Any] = {"description": "the model", "content": {"application/json": {"example": _MODEL}}}
MODEL_LIST: dict[str, Any] = {
    "description": "the models",
    "content": {"application/json": {"example": {"object": "list", "data": [_MODEL]}}},
}


def complete_description(schema: dict[str, Any]) -> None:
    """Put the example of a completion into an OpenAPI `schema` with its nulls, and take out what never happens.

    FastAPI adds status 422 to whatever has parameters; below /v1 that is 400.
    """
    for path, operations in schema["paths"].items():
        if path.startswith(f"{PREFIX}/"):
            for operation in operations.values():
                operation["responses"].pop("422", None)
    reply = schema["paths"][f"{PREFIX}/chat/completions"]["post"]["responses"]["200"]
    reply["content"]["application/json"]["example"] = _COMPLETION
    if "HTTPValidationError" not in str(schema["paths"]):
        for name in ("HTTPValidationError", "ValidationError"):
            schema["components"]["schemas"].pop(name, None)
