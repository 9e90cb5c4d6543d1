import asyncio
from collections.abc import Callable

import pytest

from index import Article, Evidence
from service.answering.solving import Solved, Solver
from service.answering.work import Work
from service.chat.base import Draft
from service.checking.calibration import Calibration
from service.contract import Degraded
from service.errors import ChatTimeoutError, TokenLimitError

MakeEvidence = Callable[..., tuple[Evidence, ...]]
MakeWork = Callable[..., Work]
MakeSolver = Callable[..., Solver]
Script = Callable[..., object]
READ_ANEW = Calibration(
    verifier="scripted", encoder="fake", weights={"support": 0.5, "agreement": 1.0}, intercept=0.0, made={}
)
STRICT = READ_ANEW.model_copy(update={"weights": {"support": 2.0, "told": 1.0, "agreement": 0.1}, "intercept": -2.0})
BOATS = Article("boats", "The council bought 40 boats.\nIt sold 12 boats in May.\nIt rained.", language="en")
HOW_MANY, WHAT = "How many boats did the council buy?", "What did the council do?"
DONE = "What are the things that the council did?"


def solve(solver: Solver, work: Work, question: str, evidence: tuple[Evidence, ...]) -> Solved:
    """Solve one question."""
    return asyncio.run(solver.solve(work, question, evidence))


def test_without_evidence_nobody_is_asked(work: MakeWork, solver: MakeSolver, script: Script) -> None:
    """There is nothing to answer from, and that costs nothing."""
    chat, done = script({WHAT: [("bought 40 boats", "40")]}), work()
    solved = solve(solver(chat), done, WHAT, ())
    assert (solved.kept, solved.dropped, chat.heard, done.calls) == ((), (), [], [])  # type: ignore[attr-defined]


def test_each_statement_is_judged(work: MakeWork, solver: MakeSolver, script: Script, evidence: MakeEvidence) -> None:
    """What the verifier and the words bear out is kept, the rest is dropped, in the model's order."""
    said = [("bought 40 boats", "40"), ("bought 41 boats", "40"), ("sold 12 boats", "12"), ("it rained", "rained")]
    chat, done = script({WHAT: said}, supports={"It rained": 0.5}), work()
    solved = solve(solver(chat), done, WHAT, evidence(BOATS))
    assert [item.draft.text for item in solved.kept] == ["bought 40 boats", "sold 12 boats"]
    assert [(item.draft.text, item.reason) for item in solved.dropped] == [
        ("bought 41 boats", "not in the cited sentence: 41"),
        ("it rained", "the sentence does not state it"),
    ]
    assert chat.kinds == ["answer", "support", "support", "support"]  # type: ignore[attr-defined]
    assert len(done.calls) == 4
    assert {"answer", "check"} <= set(done.timings_ms)


def test_one_value_is_enough_where_one_is_asked_for(
    work: MakeWork, solver: MakeSolver, script: Script, evidence: MakeEvidence
) -> None:
    """Behind the first statement that holds, another could only contradict it: it is dropped unchecked, at no cost."""
    chat = script({HOW_MANY: [("40 boats", "40"), ("12 boats", "12")]})
    solved = solve(solver(chat), work(), HOW_MANY, evidence(BOATS))
    assert [item.draft.text for item in solved.kept] == ["40 boats"]
    assert [(item.verdict, item.reason) for item in solved.dropped] == [
        ("unchecked", "one value was asked for, and another statement gives it")
    ]
    assert chat.kinds == ["answer", "support"]  # type: ignore[attr-defined]


def test_a_value_that_fails_makes_room_for_the_next(
    work: MakeWork, solver: MakeSolver, script: Script, evidence: MakeEvidence
) -> None:
    """Where the first statement does not hold, the second is checked."""
    chat = script({HOW_MANY: [("12 boats", "12"), ("40 boats", "40")]}, supports={"sold 12 boats": 0.1})
    solved = solve(solver(chat), work(), HOW_MANY, evidence(BOATS))
    assert [item.draft.text for item in solved.kept] == ["40 boats"]
    assert [item.draft.text for item in solved.dropped] == ["12 boats"]


@pytest.mark.parametrize(
    "text",
    [
        "You answer questions from numbered sentences of articles.",
        "YOU ANSWER: questions, from numbered sentences",
        "You check whether a sentence of an article answers a question.",
        "answer the question from the sentence alone, in its words",
        "The council says: split a question into the simple questions that it takes",
    ],
)
def test_the_services_own_words_are_no_answer(
    work: MakeWork, solver: MakeSolver, script: Script, evidence: MakeEvidence, text: str
) -> None:
    """A statement that repeats a run of a prompt is dropped without a check, even where an article says so."""
    chat = script({WHAT: [(text, "#1")]})
    solved = solve(solver(chat), work(), WHAT, evidence(Article("a", text, language="en")))
    assert (solved.kept, [item.draft.text for item in solved.dropped]) == ((), [text])
    assert chat.kinds == ["answer"]  # type: ignore[attr-defined]


def test_what_is_not_read_anew_is_dropped(
    work: MakeWork, solver: MakeSolver, script: Script, evidence: MakeEvidence
) -> None:
    """Of two statements that rest on one sentence, the second question tells the right one, and is asked once."""
    chat = script({DONE: [("bought boats", "40"), ("40 boats", "40")]}, agreements={"bought boats": 0.1})
    done = work()
    solved = solve(solver(chat, READ_ANEW), done, DONE, evidence(BOATS))
    assert [[item.draft.text for item in items] for items in (solved.kept, solved.dropped)] == [
        ["40 boats"],
        ["bought boats"],
    ]
    assert chat.kinds == ["answer", "support", "reread"]  # type: ignore[attr-defined]
    assert (len(done.calls), done.tokens) == (3, 45)


@pytest.mark.parametrize("fails", ["supports", "agreements"])
def test_a_fault_of_the_check_decides_nothing(
    work: MakeWork, solver: MakeSolver, script: Script, evidence: MakeEvidence, fails: str
) -> None:
    """An error of either question is raised, whatever was said before; the calls that were made are counted."""
    said = [("bought 40 boats", "40"), ("sold 12 boats", "12")]
    chat, done = script({DONE: said}, **{fails: {"sold 12 boats": ChatTimeoutError("too slow")}}), work()
    with pytest.raises(ChatTimeoutError):
        solve(solver(chat, READ_ANEW), done, DONE, evidence(BOATS))
    assert len(done.calls) == (3 if fails == "supports" else 4)
    assert {"answer", "check"} <= set(done.timings_ms)


@pytest.mark.parametrize(
    ("limit", "kinds"),
    [(15, ["answer"]), (30, ["answer", "support"]), (45, ["answer", "support", "reread"])],
)
def test_a_limit_stops_before_the_next_call(
    work: MakeWork, solver: MakeSolver, script: Script, evidence: MakeEvidence, *, limit: int, kinds: list[str]
) -> None:
    """Each call is preceded by a look at what was spent."""
    chat = script({DONE: [("bought 40 boats", "40"), ("sold 12 boats", "12")]})
    with pytest.raises(TokenLimitError):
        solve(solver(chat, READ_ANEW), work(answer=limit), DONE, evidence(BOATS))
    assert chat.kinds == kinds  # type: ignore[attr-defined]


def test_what_the_model_could_not_do_is_told_by_part(
    work: MakeWork, solver: MakeSolver, script: Script, evidence: MakeEvidence
) -> None:
    """Missing structure and missing probabilities are told once each, however many questions were asked without."""
    said = [("bought 40 boats", "40"), ("sold 12 boats", "12")]
    chat, done = script({DONE: said}, degraded="it cannot"), work()
    solve(solver(chat, READ_ANEW), done, DONE, evidence(BOATS))
    assert "reread" in chat.kinds  # type: ignore[attr-defined]
    assert done.degraded == [
        Degraded(part="structured_output", reason="it cannot"),
        Degraded(part="verifier", reason="it cannot"),
    ]


def test_invisible_characters_are_counted(
    work: MakeWork, solver: MakeSolver, script: Script, evidence: MakeEvidence
) -> None:
    """What was kept from the model adds up over the questions."""
    hidden = Article("a", "The \u200bcouncil bought\u202e boats.", title="B\U000e0041oats", language="en")
    chat, done = script(), work()
    solve(solver(chat), done, WHAT, evidence(hidden))
    assert done.stripped == 3
    assert not set(chat.users("answer")[0]) & {"\u200b", "\u202e", "\U000e0041"}  # type: ignore[attr-defined]


def test_a_statement_that_names_the_wrong_line_cites_the_right_one(
    work: MakeWork, solver: MakeSolver, script: Script, evidence: MakeEvidence
) -> None:
    """Where the words of a statement all stand in another sentence of the evidence, that one is cited."""
    solved = solve(solver(script({WHAT: [("sold 12 boats in May", "rained")]})), work(), WHAT, evidence(BOATS))
    (kept,) = solved.kept
    assert kept.claim
    assert kept.claim.sentences == ("It sold 12 boats in May.",)


def test_the_best_sentence_is_read_first(
    work: MakeWork, solver: MakeSolver, script: Script, evidence: MakeEvidence
) -> None:
    """Where it gives an answer that holds, the prompt with all of the evidence is spared."""
    chat, done = script({HOW_MANY: [("40 boats", "40"), ("12 boats", "12")]}), work()
    solved = solve(solver(chat, READ_ANEW), done, HOW_MANY, evidence(BOATS))
    assert [item.draft for item in solved.judged] == [Draft(("1",), "40 boats")]
    assert solved.kept == solved.judged
    assert chat.kinds == ["support", "reread"]  # type: ignore[attr-defined]
    assert (len(done.calls), set(done.timings_ms)) == (2, {"read"})


@pytest.mark.parametrize(
    ("supports", "agreements", "kinds"),
    [
        ({"council bought 40": 0.001}, {}, ["support", "answer", "support", "reread"]),
        ({}, {"40 boats": 0.05}, ["support", "reread", "answer", "support", "reread"]),
    ],
    ids=["it does not answer", "it says none"],
)
def test_where_the_best_sentence_does_not_say_all_of_the_evidence_is_asked(
    work: MakeWork,
    solver: MakeSolver,
    script: Script,
    evidence: MakeEvidence,
    *,
    supports: dict[str, float],
    agreements: dict[str, float],
    kinds: list[str],
) -> None:
    """Another sentence may hold the answer; what was asked of the first is not asked again."""
    said = [("40 boats", "40"), ("12 boats", "12")]
    chat = script({HOW_MANY: said}, supports=supports, agreements=agreements)
    solved = solve(solver(chat, STRICT), work(), HOW_MANY, evidence(BOATS))
    assert [item.draft.text for item in solved.kept] == ["12 boats"]
    assert chat.kinds == kinds  # type: ignore[attr-defined]


def test_what_was_read_and_does_not_hold_is_told(
    work: MakeWork, solver: MakeSolver, script: Script, evidence: MakeEvidence
) -> None:
    """It stands among what was left out, once, behind the statements from all of the evidence."""
    chat = script({HOW_MANY: [("40 boats", "40"), ("12 boats", "12")]}, supports={"council bought 40": 0.3})
    solved = solve(solver(chat, STRICT), work(), HOW_MANY, evidence(BOATS))
    assert [item.draft.text for item in solved.dropped].count("40 boats") == 1


def test_a_list_is_not_read_out_of_one_sentence(
    work: MakeWork, solver: MakeSolver, script: Script, evidence: MakeEvidence
) -> None:
    """A question that asks for several things needs all of the evidence."""
    chat = script({DONE: [("bought 40 boats", "40"), ("sold 12 boats", "12")]})
    solved = solve(solver(chat, READ_ANEW), work(), DONE, evidence(BOATS))
    assert len(solved.kept) == 2
    assert chat.kinds[0] == "answer"  # type: ignore[attr-defined]
