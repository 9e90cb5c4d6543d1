import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from index import Article, Evidence
from index.search import Copy
from service.answering.composing import Composed, compose
from service.answering.conflicts import Disagreement, correction_notes, find_disagreement, make_conflict, say
from service.answering.solving import Solver
from service.answering.spending import Spending
from service.answering.work import Work
from service.checking.calibration import Calibration
from service.contract import AskIn, Conflict
from service.errors import ChatTimeoutError

MakeEvidence = Callable[..., tuple[Evidence, ...]]
MakeWork = Callable[..., Work]
MakeSolver = Callable[..., Solver]
Script = Callable[..., object]
Find = Callable[..., Disagreement | None]
QUESTION = "How many people did the flood kill?"


def report(article_id: str, sentence: str, **fields: str) -> Article:
    """Make an article of one sentence."""
    return Article(article_id, sentence, language="en", **fields)  # type: ignore[arg-type]


SEVEN = report("seven", "The flood killed 7 people.", outlet="Apex", published_at="2024-05-02")
NINE = report("nine", "The flood killed 9 people.", outlet="Tribune", published_at="2024-05-03T08:00:00Z")
TWELVE = report("twelve", "The flood killed 12 people.", outlet="Ledger", published_at="2024-05-01")
SAID = [(f"{n} people", f"killed {n} people") for n in (7, 9, 12)]


@pytest.fixture
def find(work: MakeWork, solver: MakeSolver, evidence: MakeEvidence) -> Find:
    """Return what solves a question over the first article, and looks for other values in all of them."""

    def run(
        chat: object,
        *articles: Article,
        question: str = QUESTION,
        calibration: Calibration | None = None,
        done: Work | None = None,
    ) -> Disagreement | None:
        async def story() -> Disagreement | None:
            own = solver(chat, calibration)
            solved = await own.solve(work(), question, evidence(articles[0]))
            return await find_disagreement(done or work(), own, question, solved.kept[0], evidence(*articles))

        return asyncio.run(story())

    return run


def compose_disagreement(question: str, found: Disagreement, verifier: str) -> tuple[Composed, Conflict, list[str]]:
    """Return the answer that says it, the conflict in it, and its notes."""
    said = say(found, None)
    composed = compose(said, verifier)
    return composed, make_conflict(question, found, said, composed.statements), correction_notes(found)


def values(found: Disagreement | None) -> list[str]:
    """Return the values that were found."""
    return [value.draft.text for value in found.values] if found else []


def test_two_outlets_that_differ_are_both_given(find: Find, script: Script) -> None:
    """The newest stands first; answer, statements, citations and conflict fit each other."""
    found = find(script({QUESTION: SAID}), SEVEN, NINE)
    assert found
    composed, conflict, notes = compose_disagreement(QUESTION, found, "v")
    assert composed.text == ("The articles disagree: 9 people (Tribune, 2024-05-03)[1] 7 people (Apex, 2024-05-02)[2]")
    assert [composed.text[s.start : s.end] for s in composed.statements] == ["9 people", "7 people"]
    assert [(v.text, v.outlet, v.published_at, v.superseded) for v in conflict.values] == [
        ("9 people", "Tribune", "2024-05-03T08:00:00Z", False),
        ("7 people", "Apex", "2024-05-02", False),
    ]
    quotes = {citation.id: citation.quote for citation in composed.citations}
    assert [quotes[value.citation_id] for value in conflict.values] == [NINE.text, SEVEN.text]
    assert (conflict.question, notes) == (QUESTION, [])


def test_agreement_is_no_conflict_and_costs_nothing(find: Find, script: Script) -> None:
    """An article that gives the same value is not asked."""
    chat = script({QUESTION: SAID})
    also = report("also", "It is known that the flood killed seven people.", outlet="Tribune")
    assert find(chat, SEVEN, also) is None
    assert chat.kinds == ["answer", "support"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("question", "own", "other", "said"),
    [
        (
            "When did the Gannet Bridge open?",
            "The Gannet Bridge opened on 3 October 2024.",
            "The Gannet Bridge opened on 4 October 2024.",
            ["3 October 2024", "4 October 2024"],
        ),
        (
            "Who built the Gannet Bridge?",
            "The Gannet Bridge was built by Stannard Vale.",
            "The Gannet Bridge was built by Kjeldmark Marine.",
            ["Stannard Vale", "Kjeldmark Marine"],
        ),
        (
            "How much did the Gannet Bridge cost?",
            "The Gannet Bridge cost $352 million.",
            "The Gannet Bridge cost $401 million.",
            ["$352 million", "$401 million"],
        ),
    ],
)
def test_dates_names_and_sums_may_differ_too(
    find: Find, script: Script, *, question: str, own: str, other: str, said: list[str]
) -> None:
    """Values of any kind are compared with their like."""
    chat = script({question: [(text, text) for text in said]})
    found = find(chat, report("own", own), report("other", other), question=question)
    assert sorted(values(found)) == sorted(said)


def test_the_more_exact_date_is_no_other(find: Find, script: Script) -> None:
    """A month and a day of it do not disagree."""
    question = "When did the Gannet Bridge open?"
    chat = script({question: [("3 October 2024", "3 October"), ("October 2024", "in October")]})
    own = report("own", "The Gannet Bridge opened on 3 October 2024.")
    assert find(chat, own, report("other", "The Gannet Bridge opened in October 2024."), question=question) is None


@pytest.mark.parametrize("chat", ["refuses", "invents", "unsupported"])
def test_what_does_not_hold_is_no_value(find: Find, script: Script, chat: str) -> None:
    """Another article counts only with a statement that passes both gates."""
    given = {
        "refuses": script({QUESTION: SAID[:1]}),
        "invents": script({QUESTION: [SAID[0], ("90 people", "killed 9 people")]}),
        "unsupported": script({QUESTION: SAID}, supports={"9 people": 0.5}),
    }
    assert find(given[chat], SEVEN, NINE) is None


def test_three_values_are_all_given(find: Find, script: Script) -> None:
    """Each value that differs from all others is given, by age."""
    assert values(find(script({QUESTION: SAID}), SEVEN, NINE, TWELVE)) == ["9 people", "7 people", "12 people"]


def test_four_other_sentences_at_most_are_read(find: Find, script: Script) -> None:
    """However many differ, the likeliest four are enough to say that the articles disagree."""
    numbers = range(20, 28)
    chat = script({QUESTION: [*SAID, *((f"{n} people", f"killed {n} people") for n in numbers)]})
    others = [report(f"other{n}", f"The flood killed {n} people.") for n in numbers]
    found = find(chat, SEVEN, *others)
    assert sorted(values(found)) == sorted(["7 people", *(f"{n} people" for n in numbers[:4])])
    assert chat.kinds == ["answer", "support"] * 5  # type: ignore[attr-defined]


READ = Calibration(
    verifier="scripted",
    encoder="fake",
    weights={"support": 1.0, "told": 1.0, "agreement": 0.1},
    intercept=0.0,
    made={},
)


def test_other_articles_are_read_where_that_is_known_to_do(find: Find, script: Script) -> None:
    """Two short questions a sentence take the place of the long prompt."""
    chat = script({QUESTION: SAID})
    assert values(find(chat, SEVEN, NINE, calibration=READ)) == ["9 people", "7 people"]
    assert chat.kinds == ["support", "reread"] * 2  # type: ignore[attr-defined]


def test_what_another_article_does_not_say_is_no_value(find: Find, script: Script) -> None:
    """A sentence of which nothing is read is passed over, and one whose reading does not hold is told."""
    silent = script({QUESTION: SAID}, agreements={"9 people": 0.1})
    assert find(silent, SEVEN, NINE, calibration=READ) is None
    unsure, done = (
        script({QUESTION: SAID}, agreements={"9 people": 0.6}, supports={"9 people": 0.3}),
        Work(AskIn(question=QUESTION), Spending()),
    )
    assert find(unsure, SEVEN, NINE, calibration=READ, done=done) is None
    assert [item.draft.text for item in done.left_out] == ["9 people"]


def test_an_article_gives_one_value(find: Find, script: Script) -> None:
    """Once it gave one, its other sentences are not read."""
    both = report("both", "The flood killed 9 people. The flood killed 12 people.")
    assert len(values(find(script({QUESTION: SAID}), SEVEN, both))) == 2


def test_an_answer_that_is_no_value_has_no_rival(find: Find, script: Script) -> None:
    """Reasons and descriptions are worded differently everywhere, which is no disagreement."""
    question = "Why does the mill close?"
    chat = script({question: [("because its boiler failed", "boiler"), ("because orders fell", "orders")]})
    own = report("own", "The mill closes because its boiler failed.")
    assert find(chat, own, report("other", "The mill closes because orders fell."), question=question) is None
    assert chat.kinds == ["answer", "support"]  # type: ignore[attr-defined]


def test_another_subject_is_no_rival(find: Find, script: Script) -> None:
    """An article that shares few words with the question is not asked, whatever numbers it holds."""
    chat = script({QUESTION: [*SAID, ("300 crowns", "300 crowns")]})
    assert find(chat, SEVEN, report("prize", "The prize for the best cake is 300 crowns.")) is None
    assert chat.kinds == ["answer", "support"]  # type: ignore[attr-defined]


def test_a_copy_of_the_story_is_no_rival(
    work: MakeWork, solver: MakeSolver, script: Script, evidence: MakeEvidence
) -> None:
    """An article that prints the cited sentence too is not held against it."""
    chat, done = script({QUESTION: SAID}), work()

    async def story() -> Disagreement | None:
        first, second = evidence(SEVEN, NINE)
        copied = replace(first, copies=(Copy(NINE, 0, 26),))
        solved = await solver(chat).solve(done, QUESTION, (copied,))
        return await find_disagreement(done, solver(chat), QUESTION, solved.kept[0], (copied, second))

    assert asyncio.run(story()) is None


CORRECTED = "Correction: the flood killed 9 people, fewer than first reported."


def test_a_later_correction_by_the_same_outlet_supersedes(find: Find, script: Script) -> None:
    """The corrected value alone is the answer; the old one is cited behind it, marked, and told in a note."""
    late = report("late", CORRECTED, outlet="APEX", published_at="2024-05-09")
    found = find(script({QUESTION: SAID}), replace(SEVEN, text="The flood killed 12 people."), late)
    assert found
    composed, conflict, notes = compose_disagreement(QUESTION, found, "v")
    assert composed.text == "9 people[1] Said before, since corrected: 12 people (Apex, 2024-05-02)[2]"
    assert [composed.text[s.start : s.end] for s in composed.statements] == ["9 people", "12 people"]
    assert [(value.text, value.superseded) for value in conflict.values] == [("9 people", False), ("12 people", True)]
    assert notes == ["Apex, 2024-05-02 said 12 people; the same outlet corrected it later"]


@pytest.mark.parametrize(
    "late",
    [
        report("late", CORRECTED, outlet="Tribune", published_at="2024-05-09"),
        report("late", CORRECTED, published_at="2024-05-09"),
        report("late", CORRECTED, outlet="Apex", published_at="2024-05-01"),
        report("late", CORRECTED, outlet="Apex", published_at="2024-05-02"),
        report("late", CORRECTED, outlet="Apex"),
        report("late", "The flood killed 9 people.", outlet="Apex", published_at="2024-05-09"),
        report("late", "The flood killed 9 people. Troops withdrew.", outlet="Apex", published_at="2024-05-09"),
    ],
    ids=["another outlet", "no outlet", "earlier", "the same day", "no date", "no correction", "another matter"],
)
def test_nothing_else_supersedes(find: Find, script: Script, late: Article) -> None:
    """Of another outlet, without one, not later, undated, or without a word of correction: both values stand."""
    found = find(script({QUESTION: SAID}), SEVEN, late)
    assert found
    assert (len(found.open), found.superseded) == (2, frozenset())
    assert compose_disagreement(QUESTION, found, "v")[0].text.startswith("The articles disagree: ")


def test_an_article_without_outlet_and_date_is_told_by_its_title_or_id(find: Find, script: Script) -> None:
    """Each value has a source, even of articles of which little is known."""
    titled = report("a", SEVEN.text, title="After the fl\u200bood")
    found = find(script({QUESTION: SAID}), titled, report("b", NINE.text))
    assert found
    composed, conflict, _ = compose_disagreement(QUESTION, found, "v")
    assert "7 people (After the flood)[" in composed.text
    assert "9 people (b)[" in composed.text
    assert [value.outlet for value in conflict.values] == [None, None]


@pytest.mark.parametrize(
    "outlet", ["Apex, see https://attacker.example/x", "attacker.example/x", "www.attacker.example", "Apex " * 20]
)
def test_a_name_that_could_pass_for_more_is_not_said(find: Find, script: Script, outlet: str) -> None:
    """Nobody checked an outlet's name: one with a link or of many words gives way to the title, and that to the id."""
    for title, name in (("After the flood", "After the flood"), (outlet, "nine")):
        found = find(script({QUESTION: SAID}), SEVEN, replace(NINE, outlet=outlet, title=title))
        assert found
        assert f"9 people ({name}, 2024-05-03)[1]" in compose_disagreement(QUESTION, found, "v")[0].text


def test_a_name_is_one_line(find: Find, script: Script) -> None:
    """Line breaks in an outlet make no line of the answer."""
    found = find(script({QUESTION: SAID}), SEVEN, replace(NINE, outlet="The\n\nTri\u202ebune"))
    assert found
    assert "9 people (The Tribune, 2024-05-03)[1]" in compose_disagreement(QUESTION, found, "v")[0].text


def test_a_model_that_fails_on_another_article_is_an_error(find: Find, script: Script) -> None:
    """Whether the articles agree is then not known."""
    with pytest.raises(ChatTimeoutError):
        find(script({QUESTION: SAID}, supports={"9 people": ChatTimeoutError("too slow")}), SEVEN, NINE)
