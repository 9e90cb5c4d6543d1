import asyncio
from collections.abc import Callable, Sequence

import pytest

from index import Article, Evidence
from service.answering.hops import Steps, split, take_steps
from service.answering.solving import Solver
from service.answering.work import Work
from service.chat.base import Call
from service.contract import Degraded
from service.errors import ChatInvalidError, ChatTimeoutError, TokenLimitError

MakeEvidence = Callable[..., tuple[Evidence, ...]]
MakeWork = Callable[..., Work]
MakeSolver = Callable[..., Solver]
Script = Callable[..., object]
BRIDGE = "In which city was the director of the film Low Tide born?"
COMPARISON = "Are the Orsk mill and the Tarn mill owned by the same company?"
FILM = Article("film", "Low Tide was directed by Ida Holm.\nIt rained in June.", language="en")
PEOPLE = Article("people", "Ida Holm was born in Brenholt.\nShe left early.", language="en")
MILLS = Article("mills", "Tallis owns the Orsk mill.\nTallis owns the Tarn mill.", language="en")


def parts_of(work: Work, chat: object, question: str = BRIDGE) -> list[str]:
    """Split a question."""
    return asyncio.run(split(work, chat, question))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("written", "lines"),
    [
        (
            "Who directed Low Tide?\nIn which city was #1 born?",
            ["Who directed Low Tide?", "In which city was #1 born?"],
        ),
        (" - Who owns A?\n\n• Who owns B?\n\tWho owns C?", ["Who owns A?", "Who owns B?", "Who owns C?"]),
        (
            "Who directed it?\nWhere was #1 born?\nWho rules #2?",
            ["Who directed it?", "Where was #1 born?", "Who rules #2?"],
        ),
    ],
)
def test_a_question_is_split_into_lines(work: MakeWork, script: Script, written: str, lines: list[str]) -> None:
    """Two or three questions, a line each, without bullets; the call is counted."""
    done = work(BRIDGE)
    assert parts_of(done, script(writes={BRIDGE: written})) == lines
    assert (len(done.calls), done.degraded) == (1, [])


@pytest.mark.parametrize(
    "written",
    [
        "",
        BRIDGE,
        "Who directed it?\nWho wrote it?\nWho paid?\nWho sang?",
        "Ida Holm directed it.\nWhere was #1 born?",
        "Who directed #2?\nWhere was #1 born?",
        "Who directed #1?\nWhere was #1 born?",
        f"Who directed it?\nWhere was {'x' * 300} born?",
    ],
)
def test_lines_of_no_use_are_no_parts(work: MakeWork, script: Script, written: str) -> None:
    """One line, too many, no question, one that leans on a later answer, or an endless one: none is taken."""
    done = work(BRIDGE)
    assert parts_of(done, script(writes={BRIDGE: written})) == []
    assert done.degraded == []


@pytest.mark.parametrize("error", [ChatTimeoutError("too slow"), ChatInvalidError("no words")])
def test_a_model_that_cannot_split_costs_the_parts_alone(work: MakeWork, script: Script, error: Exception) -> None:
    """The question is asked as it stands, with the reason."""
    done = work(BRIDGE)
    assert parts_of(done, script(writes={BRIDGE: error})) == []
    assert done.degraded == [Degraded(part="subquestions", reason=f"the question was asked as it stands: {error}")]


def test_a_spent_limit_stops_the_splitting(work: MakeWork, script: Script) -> None:
    """No prompt is sent once the tokens of the day are used up."""
    done, chat = work(BRIDGE, day=1), script()
    done.spending.count(Call(1, 0))
    with pytest.raises(TokenLimitError):
        parts_of(done, chat)
    assert chat.heard == []  # type: ignore[attr-defined]


class Finder:
    """Find the same evidence for every question, and remember them."""

    def __init__(self, *evidence: Evidence) -> None:
        self.evidence = evidence
        self.asked: list[str] = []

    async def __call__(self, question: str) -> Sequence[Evidence]:
        """Return the evidence."""
        self.asked.append(question)
        return self.evidence


def taken(work: Work, solver: Solver, question: str, lines: list[str], find: Finder) -> Steps | None:
    """Take the steps of a question."""
    return asyncio.run(take_steps(work, solver, question, lines, find))


BRIDGE_LINES = ["Who directed the film Low Tide?", "In which city was #1 born?"]
BRIDGE_SAID = {
    "Who directed the film Low Tide?": [("Ida Holm", "directed by")],
    "In which city was Ida Holm born?": [("Brenholt", "born in")],
}


def test_a_bridge_goes_from_answer_to_answer(
    work: MakeWork, solver: MakeSolver, script: Script, evidence: MakeEvidence
) -> None:
    """The first answer takes its place in the second question; the last one is the answer and no step."""
    chat, find = script(BRIDGE_SAID), Finder(*evidence(FILM, PEOPLE))
    steps = taken(work(), solver(chat), BRIDGE, BRIDGE_LINES, find)
    assert steps
    assert [(step.question, step.judged.draft.text) for step in steps.steps] == [(BRIDGE_LINES[0], "Ida Holm")]
    assert steps.final.draft.text == "Brenholt"
    assert find.asked == ["Who directed the film Low Tide?", "In which city was Ida Holm born?"]
    assert chat.kinds == ["answer", "support"] * 2  # type: ignore[attr-defined]


COMPARISON_LINES = ["Who owns the Orsk mill?", "Who owns the Tarn mill?"]


def test_a_comparison_is_answered_from_what_the_steps_rest_on(
    work: MakeWork, solver: MakeSolver, script: Script, evidence: MakeEvidence
) -> None:
    """The question itself is asked last, over the cited sentences alone, numbered anew."""
    said = {
        COMPARISON_LINES[0]: [("Tallis", "Orsk mill")],
        COMPARISON_LINES[1]: [("Tallis", "Tarn mill")],
        COMPARISON: [("Yes, Tallis", "Orsk mill", "Tarn mill")],
    }
    chat = script(said)
    steps = taken(work(), solver(chat), COMPARISON, COMPARISON_LINES, Finder(*evidence(FILM, PEOPLE, MILLS)))
    assert steps
    assert [step.question for step in steps.steps] == COMPARISON_LINES
    assert steps.final.draft.text == "Yes, Tallis"
    last = chat.users("answer")[-1]  # type: ignore[attr-defined]
    assert "Tallis owns the Orsk mill. [1]\nTallis owns the Tarn mill. [2]" in last
    assert "Ida Holm" not in last


def test_a_sentence_that_two_steps_rest_on_is_shown_once(
    work: MakeWork, solver: MakeSolver, script: Script, evidence: MakeEvidence
) -> None:
    """A fact that both parts need has one number in the last prompt."""
    both = Article("mills", "Tallis owns the Orsk mill and the Tarn mill.", language="en")
    said = {line: [("Tallis", "Tallis owns")] for line in (*COMPARISON_LINES, COMPARISON)}
    chat = script(said)
    assert taken(work(), solver(chat), COMPARISON, COMPARISON_LINES, Finder(*evidence(both)))
    assert chat.users("answer")[-1].count("Tallis owns") == 1  # type: ignore[attr-defined]


@pytest.mark.parametrize("failing", [0, 1])
def test_a_step_without_an_answer_ends_the_steps(
    work: MakeWork, solver: MakeSolver, script: Script, evidence: MakeEvidence, failing: int
) -> None:
    """Where a part is not in the evidence, or its statement does not hold, there are no steps, and no more is asked."""
    question = list(BRIDGE_SAID)[failing]
    supports = {text: 0.1 for text, *_ in BRIDGE_SAID[question]}
    for chat in (script({**BRIDGE_SAID, question: []}), script(BRIDGE_SAID, supports=supports)):
        find = Finder(*evidence(FILM, PEOPLE))
        assert taken(work(), solver(chat), BRIDGE, BRIDGE_LINES, find) is None
        assert len(find.asked) == failing + 1


def test_a_comparison_without_a_conclusion_has_no_steps(
    work: MakeWork, solver: MakeSolver, script: Script, evidence: MakeEvidence
) -> None:
    """Parts alone answer nothing."""
    chat = script({line: [("Tallis", "mill")] for line in COMPARISON_LINES})
    assert taken(work(), solver(chat), COMPARISON, COMPARISON_LINES, Finder(*evidence(MILLS))) is None


def test_a_step_that_decides_nothing_ends_the_answer(
    work: MakeWork, solver: MakeSolver, script: Script, evidence: MakeEvidence
) -> None:
    """A model that fails within a step is an error, not a missing answer."""
    chat = script({**BRIDGE_SAID, "In which city was Ida Holm born?": ChatTimeoutError("too slow")})
    with pytest.raises(ChatTimeoutError):
        taken(work(), solver(chat), BRIDGE, BRIDGE_LINES, Finder(*evidence(FILM, PEOPLE)))
