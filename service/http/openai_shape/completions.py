"""An answer as a completion, whole or in chunks."""

import secrets
import time

from service.contract import Answer
from service.contract.events import StatementEvent
from service.http.openai_shape.annotations import annotations
from service.http.openai_shape.bodies import (
    MODEL,
    Choice,
    Chunk,
    ChunkChoice,
    Completion,
    CompletionMessage,
    CompletionUsage,
    Delta,
)
from service.links import Links
from service.unanswered import unanswered

__all__ = ["Chunks", "completion", "content"]


def content(answer: Answer) -> str:
    """Return what is said: the answer with its markers, then what is missing or undecided; or that there is none."""
    if answer.outcome == "not_found":
        return unanswered(answer)
    undecided = [item.reason for item in answer.degraded if item.part == "chat" and answer.outcome == "partial"]
    lines = [f"Not in these articles: {part}" for part in answer.missing]
    lines += [f"Not decided: {reason}" for reason in undecided]
    return "\n\n".join(part for part in (answer.answer, "\n".join(lines)) if part)


def completion(answer: Answer, links: Links) -> Completion:
    """Return an answer as the body of a completion."""
    message = CompletionMessage(content=content(answer), annotations=annotations(answer, links))
    return Completion(
        id=f"chatcmpl-{answer.id}",
        created=int(time.time()),
        choices=[Choice(message=message)],
        usage=_usage(answer),
        pullquote=answer,
    )


class Chunks:
    """The chunks of one answer, whose contents joined are that of the completion.

    They share an id of their own: the answer's is not known before its end, and stands in `pullquote`.
    """

    def __init__(self, links: Links, *, include_usage: bool) -> None:
        self._links = links
        self._include_usage = include_usage
        self._id = f"chatcmpl-{secrets.token_hex(12)}"
        self._created = int(time.time())
        self._sent = ""

    def first(self) -> Chunk:
        """Return the chunk that says who speaks."""
        return self._choice({"role": "assistant", "content": ""})

    def said(self, event: StatementEvent) -> Chunk:
        """Return the chunk of a statement."""
        return self._choice({"content": self._new(event.answer)})

    def last(self, answer: Answer) -> list[Chunk]:
        """Return what ends the answer: a chunk with all that comes with it, and one with its usage where asked for."""
        marked = [annotation.model_dump() for annotation in annotations(answer, self._links)]
        delta: Delta = {"content": self._new(content(answer)), "annotations": marked}
        chunk = self._choice(delta)
        chunk["choices"][0]["finish_reason"] = "stop"
        chunk["pullquote"] = answer.model_dump(mode="json")
        if not self._include_usage:
            return [chunk]
        return [chunk, {**self._chunk([]), "usage": _usage(answer).model_dump()}]

    def _new(self, text: str) -> str:
        """Return what is not sent yet of a text that begins with what is."""
        new, self._sent = text[len(self._sent) :], text
        return new

    def _choice(self, delta: Delta) -> Chunk:
        return self._chunk([{"index": 0, "delta": delta, "logprobs": None, "finish_reason": None}])

    def _chunk(self, choices: list[ChunkChoice]) -> Chunk:
        chunk: Chunk = {
            "id": self._id,
            "object": "chat.completion.chunk",
            "created": self._created,
            "model": MODEL,
            "choices": choices,
        }
        return {**chunk, "usage": None} if self._include_usage else chunk


def _usage(answer: Answer) -> CompletionUsage:
    used = answer.usage
    return CompletionUsage(
        prompt_tokens=used.prompt_tokens,
        completion_tokens=used.completion_tokens,
        total_tokens=used.prompt_tokens + used.completion_tokens,
    )
