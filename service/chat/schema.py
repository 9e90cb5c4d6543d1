"""The one schema of an answer, and the strict reading of what came back.

Ids are strings, and the schema never changes: some providers refuse integer enums and charge for each new schema.
Evidence stands before the text, so that a model which writes in order decides on its sentences first. The names are
short and say what is asked for: of 30 questions of SQuAD the default model answered 19 rightly when a list of `answers`
was asked for, and 14 when it was a list of `statements`, of which it then gave too many.
"""

import json
import re
from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from index.evidence import MAX_EVIDENCE
from prompts import Example, Messages
from service.characters import visible
from service.chat.base import Draft
from service.errors import ChatInvalidError

__all__ = ["ANSWER_SCHEMA", "parse_drafts", "parse_plain", "plain"]

_REFUSAL = "not found"  # what the prompt asks for; as an id of its own it tempts small models to refuse what is there
_MAX_TEXT_CHARS = 400
_MAX_STATEMENTS = 5
_MAX_LINES = 40
_MAX_LINE_CHARS = 4_000

ANSWER_SCHEMA: Mapping[str, object] = {
    "title": "answer",
    "description": "each answer with the sentences that state it",
    "type": "object",
    "properties": {
        "answers": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "evidence": {
                        "type": "array",
                        "items": {"type": "string", "enum": [str(n) for n in range(1, MAX_EVIDENCE + 1)]},
                        "minItems": 1,
                        "maxItems": 3,
                    },
                    "answer": {"type": "string", "maxLength": _MAX_TEXT_CHARS},
                },
                "required": ["evidence", "answer"],
                "additionalProperties": False,
            },
            "minItems": 1,
            "maxItems": _MAX_STATEMENTS,
        },
    },
    "required": ["answers"],
    "additionalProperties": False,
}
"""JSON schema of a model's answer."""

_PLAIN_FORMAT = "\n\nWrite each answer on a line of its own, and after it the numbers of its sentences: ANSWER [NUMBER]"
_MARKER = re.compile(r"\[\d{1,2}(?: ?, ?\d{1,2})*\]")
_NUMBER = re.compile(r"\d+")
_FENCE = re.compile(r"```(?:json)?\s*(.*?)\s*```", re.DOTALL)


class _Item(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)

    evidence: list[str] = Field(max_length=MAX_EVIDENCE)
    answer: str = Field(max_length=_MAX_LINE_CHARS)


class _Output(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)

    answers: list[_Item] = Field(max_length=MAX_EVIDENCE)


def plain(messages: Messages) -> Messages:
    """Return the messages for a model without structured output: lines with markers, in the examples too."""
    examples = tuple(Example(example.user, _as_lines(example.reply)) for example in messages.examples)
    return Messages(messages.system + _PLAIN_FORMAT, messages.user, examples)


def parse_drafts(output: object) -> tuple[Draft, ...]:
    """Return the statements in a parsed output; none where it says that there is no answer.

    Raises ChatInvalidError for anything of another form.
    """
    try:
        read = _Output.model_validate(output)
    except ValidationError as exc:
        raise ChatInvalidError("the chat model gave something that is no answer; see what model is set") from exc
    return _drafts([(tuple(item.evidence), item.answer) for item in read.answers])


def parse_plain(text: str) -> tuple[Draft, ...]:
    """Return the statements that a model wrote as lines with markers, or as the JSON of the schema.

    A line without a marker names no sentence. Nothing is repaired into what the model did not say. Raises
    ChatInvalidError for JSON of another form, and for what is no short answer.
    """
    stripped = text.strip()
    fenced = _FENCE.fullmatch(stripped)
    if fenced or stripped.startswith("{"):
        try:
            return parse_drafts(json.loads(fenced[1] if fenced else stripped))
        except (ValueError, RecursionError) as exc:
            raise ChatInvalidError("the chat model gave text that is neither an answer nor its JSON") from exc
    lines = [line.strip() for line in stripped.splitlines() if line.strip()]
    if len(lines) > _MAX_LINES:
        raise ChatInvalidError(f"the chat model gave {len(lines)} lines where a short answer was asked for")
    if any(len(line) > _MAX_LINE_CHARS for line in lines):
        raise ChatInvalidError(f"the chat model gave a line of over {_MAX_LINE_CHARS:,} characters")
    return _drafts([_read_line(line) for line in lines])


def _read_line(line: str) -> tuple[tuple[str, ...], str]:
    text, markers = _parted(line)
    return tuple(_NUMBER.findall(markers)), text


def _drafts(items: list[tuple[tuple[str, ...], str]]) -> tuple[Draft, ...]:
    drafts: dict[str, Draft] = {}
    for evidence, answer in items:
        # the number of a sentence that was copied with its words is no citation
        text, _ = _parted(answer)
        if text and text.lower().rstrip(".") != _REFUSAL:
            drafts.setdefault(text, Draft(evidence, text))  # small models repeat themselves
    return tuple(drafts.values())


def _parted(line: str) -> tuple[str, str]:
    """Return a line as text and the markers at its end, which may stand before its full stop."""
    text, end, markers = " ".join(visible(line).split()), "", ""
    if text[-2:-1] == "]" and text[-1] in ".!?":
        text, end = text[:-1], text[-1]
    while text.endswith("]") and _MARKER.fullmatch(text, text.rfind("[")):
        markers = text[text.rfind("[") :] + markers
        text = text[: text.rfind("[")].rstrip(" ,")
    return (text + end if text and not text.endswith(end or " ") else text), markers


def _as_lines(reply: str) -> str:
    """Return the JSON of an example as the lines that a model without structured output would write."""
    items = _Output.model_validate_json(reply).answers
    return "\n".join(
        item.answer + ("" if item.answer == _REFUSAL else "".join(f" [{number}]" for number in item.evidence))
        for item in items
    )
