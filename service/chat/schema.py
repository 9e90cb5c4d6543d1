"""The one schema of an answer, and the strict reading of what came back.

Ids are strings, and the schema never changes: some providers refuse integer enums and charge for each new schema.
Evidence stands before the text, so that a model which writes in order decides on its sentences first.
"""

import json
import re
from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from index.evidence import MAX_EVIDENCE
from service.chat.base import Draft
from service.errors import ChatInvalidError

__all__ = ["ANSWER_SCHEMA", "PLAIN_FORMAT", "parse_draft", "parse_plain"]

_REFUSAL = "not found"  # what the prompt asks for; as an id of its own it tempts small models to refuse what is there
_MAX_TEXT_CHARS = 600

ANSWER_SCHEMA: Mapping[str, object] = {
    "title": "answer",
    "description": "the sentences that state the answer, then the answer",
    "type": "object",
    "properties": {
        "evidence": {
            "type": "array",
            "items": {"type": "string", "enum": [str(n) for n in range(1, MAX_EVIDENCE + 1)]},
            "minItems": 1,
            "maxItems": 2,
        },
        "answer": {"type": "string", "maxLength": _MAX_TEXT_CHARS},
    },
    "required": ["evidence", "answer"],
    "additionalProperties": False,
}
"""JSON schema of a model's answer."""

PLAIN_FORMAT = '\n\nReply with JSON alone, in this form: {"evidence": ["NUMBER"], "answer": "..."}'
"""What a model without structured output is told besides."""

_MARKER = re.compile(r"( ?\[\d{1,2}\])+$")
_FENCE = re.compile(r"```(?:json)?\s*(.*?)\s*```", re.DOTALL)


class _Output(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)

    evidence: list[str] = Field(max_length=MAX_EVIDENCE)
    answer: str = Field(max_length=4_000)


def parse_draft(output: object) -> Draft | None:
    """Return the draft in a parsed output, or None where it says that there is no answer.

    Raises ChatInvalidError for anything of another form.
    """
    try:
        read = _Output.model_validate(output)
    except ValidationError as exc:
        raise ChatInvalidError("the chat model gave something that is no answer; see what model is set") from exc
    # the number of a sentence that was copied with its words is no citation
    text = _MARKER.sub("", " ".join(read.answer.split()))
    if not text or text.lower().rstrip(".") == _REFUSAL:
        return None
    return Draft(tuple(read.evidence), text)


def parse_plain(text: str) -> Draft | None:
    """Return the draft in the JSON that a model wrote as text; a code fence around it is allowed, nothing else is.

    Raises ChatInvalidError where it is not such JSON; nothing is repaired into what the model did not say.
    """
    stripped = text.strip()
    fenced = _FENCE.fullmatch(stripped)
    try:
        return parse_draft(json.loads(fenced[1] if fenced else stripped))
    except (ValueError, RecursionError) as exc:
        raise ChatInvalidError("the chat model gave text that is not the JSON asked for") from exc
