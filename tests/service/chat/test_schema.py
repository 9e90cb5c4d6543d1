import json

import pytest
from jsonschema import Draft202012Validator

from index.evidence import MAX_EVIDENCE
from prompts import load_prompt
from service.answering import ANSWER_PROMPT
from service.chat.base import Draft
from service.chat.schema import ANSWER_SCHEMA, PLAIN_FORMAT, parse_draft, parse_plain
from service.errors import ChatInvalidError

VALID = {"evidence": ["1", "2"], "answer": "General Zhang."}
WRONG: list[object] = [
    None,
    5,
    "General Zhang.",
    [],
    {},
    {"evidence": ["1"]},
    {"answer": "General Zhang."},
    {"evidence": "1", "answer": "General Zhang."},
    {"evidence": [1], "answer": "General Zhang."},
    {"evidence": ["1"], "answer": None},
    {"evidence": ["1"], "answer": ["General Zhang."]},
    {"evidence": ["1"] * (MAX_EVIDENCE + 1), "answer": "General Zhang."},
    {"evidence": ["1"], "answer": "x" * 4_001},
]


def test_the_schema_has_an_id_for_every_sentence_that_may_be_shown() -> None:
    """Ids are strings from 1 to the most evidence there is; evidence stands before the answer."""
    Draft202012Validator.check_schema(ANSWER_SCHEMA)  # type: ignore[arg-type]
    evidence = ANSWER_SCHEMA["properties"]["evidence"]  # type: ignore[index]
    assert evidence["items"]["enum"] == [str(n) for n in range(1, MAX_EVIDENCE + 1)]
    assert list(ANSWER_SCHEMA["properties"]) == ["evidence", "answer"] == ANSWER_SCHEMA["required"]  # type: ignore[call-overload]


@pytest.mark.parametrize(
    ("output", "fits"),
    [
        (VALID, True),
        ({"evidence": ["40"], "answer": "not found"}, True),
        ({"evidence": ["41"], "answer": ""}, False),
        ({"evidence": [], "answer": ""}, False),
        ({**VALID, "more": 1}, False),
    ],
)
def test_what_fits_the_schema_can_be_read(output: dict[str, object], *, fits: bool) -> None:
    """The schema admits what is meant, and all that it admits is read."""
    assert Draft202012Validator(ANSWER_SCHEMA).is_valid(output) is fits  # type: ignore[arg-type]
    parse_draft(output)


def test_a_draft_is_read() -> None:
    """Ids and text come as the model gave them, in one line; more fields are let be."""
    assert parse_draft(VALID) == Draft(("1", "2"), "General Zhang.")
    assert parse_draft({"evidence": ["7"], "answer": " a\n b ", "why": "so"}) == Draft(("7",), "a b")
    assert parse_draft({"evidence": ["41", "x"], "answer": "a"}) == Draft(("41", "x"), "a")


@pytest.mark.parametrize(
    "output",
    [
        {"evidence": ["1"], "answer": ""},
        {"evidence": [], "answer": " \n"},
        {"evidence": ["1"], "answer": "not found"},
        {"evidence": [], "answer": " Not\nfound. "},
    ],
)
def test_a_refusal_is_read(output: dict[str, object]) -> None:
    """No text, or the words that the prompt asks for, is no draft."""
    assert "not found" in load_prompt(ANSWER_PROMPT).system
    assert parse_draft(output) is None


@pytest.mark.parametrize("output", WRONG, ids=lambda output: str(output)[:40])
def test_another_form_is_invalid(output: object) -> None:
    """Nothing is repaired, and the message repeats nothing of what came."""
    with pytest.raises(ChatInvalidError, match="something that is no answer") as caught:
        parse_draft(output)
    assert "Zhang" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(VALID),
        f"\n {json.dumps(VALID, indent=2)}\n",
        f"```json\n{json.dumps(VALID)}\n```",
        f"```\n{json.dumps(VALID)}```\n",
    ],
)
def test_plain_json_is_read_with_or_without_a_fence(text: str) -> None:
    """The text is the JSON asked for, in a code fence or not."""
    assert parse_plain(text) == Draft(("1", "2"), "General Zhang.")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "General Zhang.",
        f"Sure! {json.dumps(VALID)}",
        f"{json.dumps(VALID)} Anything else?",
        f"```json\n{json.dumps(VALID)}\n``` Anything else?",
        json.dumps(VALID)[:-1],
        "[" * 100_000,
        "9" * 5_000,
        *(json.dumps(output) for output in WRONG),
    ],
    ids=lambda text: text[:40],
)
def test_other_text_is_invalid(text: str) -> None:
    """Words around the JSON, half of it, or JSON of another form decide nothing."""
    with pytest.raises(ChatInvalidError):
        parse_plain(text)


def test_the_plain_format_is_an_example_that_can_be_read() -> None:
    """What a model without structured output is told is itself of that form."""
    assert parse_plain(PLAIN_FORMAT.partition("form: ")[2]) == Draft(("NUMBER",), "...")
