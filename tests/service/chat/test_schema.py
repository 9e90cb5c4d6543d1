import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from index.evidence import MAX_EVIDENCE
from prompts import Example, Messages, load_prompt
from service.chat.base import Draft
from service.chat.schema import ANSWER_SCHEMA, parse_drafts, parse_plain, plain
from service.errors import ChatInvalidError
from service.prompt_names import ANSWER_PROMPT

ZHANG = Draft(("1", "2"), "General Zhang.")


def answers(*items: tuple[object, object]) -> dict[str, object]:
    """Return the JSON of these statements: ids, then words."""
    return {"answers": [{"evidence": evidence, "answer": text} for evidence, text in items]}


VALID = answers((["1", "2"], "General Zhang."))
WRONG: list[object] = [
    None,
    5,
    "General Zhang.",
    [],
    {},
    {"evidence": ["1"], "answer": "General Zhang."},
    {"answers": None},
    {"answers": {"evidence": ["1"], "answer": "General Zhang."}},
    {"answers": ["General Zhang."]},
    {"answers": [{"evidence": ["1"]}]},
    {"answers": [{"answer": "General Zhang."}]},
    answers(("1", "General Zhang.")),
    answers(([1], "General Zhang.")),
    answers((["1"], None)),
    answers((["1"], ["General Zhang."])),
    answers((["1"] * (MAX_EVIDENCE + 1), "General Zhang.")),
    answers((["1"], "x" * 4_001)),
    answers(*[(["1"], "General Zhang.")] * (MAX_EVIDENCE + 1)),
    answers((["1"], "General Zhang."), (["1"], 5)),
]


def test_the_schema_has_an_id_for_every_sentence_that_may_be_shown() -> None:
    """Ids are strings from 1 to the most evidence there is; evidence stands before the answer."""
    Draft202012Validator.check_schema(ANSWER_SCHEMA)  # type: ignore[arg-type]
    item = ANSWER_SCHEMA["properties"]["answers"]["items"]  # type: ignore[index]
    assert item["properties"]["evidence"]["items"]["enum"] == [str(n) for n in range(1, MAX_EVIDENCE + 1)]
    assert list(item["properties"]) == item["required"] == ["evidence", "answer"]
    assert ANSWER_SCHEMA["required"] == ["answers"]


@pytest.mark.parametrize(
    ("output", "fits"),
    [
        (VALID, True),
        (answers((["40"], "not found")), True),
        (answers(*[(["1"], f"{n}.") for n in range(5)]), True),
        (answers(*[(["1"], f"{n}.") for n in range(6)]), False),
        (answers((["41"], "")), False),
        (answers(([], "")), False),
        (answers((["1", "2", "3", "4"], "x")), False),
        (answers((["1"], "x" * 401)), False),
        (answers(), False),
        ({**VALID, "more": 1}, False),
    ],
)
def test_what_fits_the_schema_can_be_read(output: dict[str, object], *, fits: bool) -> None:
    """The schema admits what is meant, and all that it admits is read."""
    assert Draft202012Validator(ANSWER_SCHEMA).is_valid(output) is fits  # type: ignore[arg-type]
    parse_drafts(output)


def test_several_statements_are_read_in_their_order() -> None:
    """Each keeps its own ids, as the model gave them, and its words on one line; more fields are let be."""
    assert parse_drafts(VALID) == (ZHANG,)
    several = answers((["7"], " it\n rained "), (["41", "x"], "210 workers"), ([], "on Monday"))
    assert parse_drafts({**several, "why": "so"}) == (
        Draft(("7",), "it rained"),
        Draft(("41", "x"), "210 workers"),
        Draft((), "on Monday"),
    )


def test_a_statement_that_comes_twice_is_one() -> None:
    """Small models repeat themselves; the first one's ids count."""
    assert parse_drafts(answers((["1"], "rain"), (["2"], " rain "), (["2"], "Rain"))) == (
        Draft(("1",), "rain"),
        Draft(("2",), "Rain"),
    )


@pytest.mark.parametrize("text", ["in Peru [3]", "in Peru[3]", "in Peru [1] [2]", "in Peru\n[12][3] "])
def test_numbers_that_were_copied_with_a_sentence_are_cut(text: str) -> None:
    """Markers at the end of the words are no part of them, and cite nothing that was not named."""
    assert parse_drafts(answers((["1"], text))) == (Draft(("1",), "in Peru"),)


@pytest.mark.parametrize("text", ["in 2022 [update 3]", "the [sic] rule", "row [2022]", "all [1"])
def test_other_brackets_are_kept(text: str) -> None:
    """Only numbers of one or two digits in brackets are markers."""
    assert parse_drafts(answers((["1"], text))) == (Draft(("1",), text),)


@pytest.mark.parametrize(
    "output",
    [
        answers(),
        answers((["1"], "")),
        answers(([], " \n")),
        answers((["1"], "not found")),
        answers(([], " Not\nfound. ")),
        answers((["3"], "not found [3]")),
        answers((["1"], "[1]")),
        answers((["1"], "not found"), (["2"], "Not found.")),
    ],
    ids=str,
)
def test_a_refusal_is_read(output: dict[str, object]) -> None:
    """No text, or the words that the prompt asks for, is no statement."""
    assert "not found" in load_prompt(ANSWER_PROMPT).system
    assert parse_drafts(output) == ()


def test_a_refusal_beside_an_answer_is_left_out() -> None:
    """What the model did find stands."""
    assert parse_drafts(answers((["1"], "not found"), (["1", "2"], "General Zhang."))) == (ZHANG,)


@pytest.mark.parametrize("output", WRONG, ids=lambda output: str(output)[:40])
def test_another_form_is_invalid(output: object) -> None:
    """Nothing is repaired, and the message repeats nothing of what came."""
    with pytest.raises(ChatInvalidError, match="something that is no answer") as caught:
        parse_drafts(output)
    assert "Zhang" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "drafts"),
    [
        ("General Zhang.", [Draft((), "General Zhang.")]),
        ("General Zhang. [1] [2]", [ZHANG]),
        ("  General Zhang.[1][2]\n", [ZHANG]),
        ("General\u00a0Zhang. [1][2]", [ZHANG]),
        ("210 workers [2]\n\nit rained [1]\n", [Draft(("2",), "210 workers"), Draft(("1",), "it rained")]),
        ("rain [1]\nrain [2]", [Draft(("1",), "rain")]),
        ("Zhang [41]", [Draft(("41",), "Zhang")]),
        ("the year [2022]", [Draft((), "the year [2022]")]),
        ("not found", []),
        ("Not found. [3]\nZhang [1]", [Draft(("1",), "Zhang")]),
        ("[3]", []),
        (" \n", []),
    ],
)
def test_lines_are_read_with_their_markers(text: str, drafts: list[Draft]) -> None:
    """Each line is a statement, the markers at its end are its ids; a line without any names no sentence."""
    assert parse_plain(text) == tuple(drafts)


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(VALID),
        f"\n {json.dumps(VALID, indent=2)}\n",
        f"```json\n{json.dumps(VALID)}\n```",
        f"```\n{json.dumps(VALID)}```\n",
    ],
)
def test_the_json_of_the_schema_is_read_too(text: str) -> None:
    """A model that gives JSON unasked is understood, in a code fence or not."""
    assert parse_plain(text) == (ZHANG,)


@pytest.mark.parametrize(
    "text",
    [
        f"{json.dumps(VALID)} Anything else?",
        json.dumps(VALID)[:-1],
        '{"a":' * 100_000,
        "```\nGeneral Zhang. [1]\n```",
        "```json\n[]\n```",
        "```\n" + "[" * 100_000 + "\n```",
        "```\n" + "9" * 5_000 + "\n```",
        *(json.dumps(output) for output in WRONG if isinstance(output, dict)),
    ],
    ids=lambda text: text[:40],
)
def test_broken_json_is_invalid(text: str) -> None:
    """What begins as JSON or as a code fence, and is none of the form asked for, decides nothing."""
    with pytest.raises(ChatInvalidError) as caught:
        parse_plain(text)
    assert "Zhang" not in str(caught.value)


def test_a_long_list_is_no_short_answer() -> None:
    """Forty lines are read, one more is refused with their number."""
    lines = [f"line {n}" for n in range(41)]
    assert len(parse_plain("\n".join(lines[:40]))) == 40
    with pytest.raises(ChatInvalidError, match="41 lines where a short answer was asked for"):
        parse_plain("\n".join(lines))


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Whatever a model writes becomes statements of one line each, none of them empty, or the one error."""
    for read in (lambda: parse_plain(text), lambda: parse_drafts(answers((["1"], text)))):
        _is_read_or_refused(read)


def _is_read_or_refused(read: Callable[[], tuple[Draft, ...]]) -> None:
    """Assert what holds of statements, if there are any."""
    try:
        drafts = read()
    except ChatInvalidError:
        return
    assert len({draft.text for draft in drafts}) == len(drafts)
    assert all(draft.text == " ".join(draft.text.split()) != "" for draft in drafts)


def test_the_plain_form_is_asked_for_at_the_end_of_the_system_message() -> None:
    """A model without structured output is told the form; what the user says stays."""
    told = plain(Messages("the system", "the user"))
    assert told.system.startswith("the system\n\nWrite each answer on a line of its own")
    assert (told.user, told.examples) == ("the user", ())


def test_plain_examples_are_lines_that_can_be_read() -> None:
    """Every example of the shipped prompt has the same statements in both forms, and refusals name no sentence."""
    prompt = load_prompt(ANSWER_PROMPT)
    told = plain(Messages(prompt.system, "", prompt.examples))
    assert [example.user for example in told.examples] == [example.user for example in prompt.examples]
    for before, after in zip(prompt.examples, told.examples, strict=True):
        assert parse_plain(after.reply) == parse_drafts(json.loads(before.reply))
        assert "{" not in after.reply
        assert after.reply == "not found" or "[" in after.reply


def test_a_plain_example_of_several_statements() -> None:
    """Each stands on a line of its own with its numbers."""
    reply = json.dumps(answers((["1", "3"], "rain"), (["2"], "not found")))
    told = plain(Messages("s", "u", (Example("asked", reply),)))
    assert told.examples == (Example("asked", "rain [1] [3]\nnot found"),)
