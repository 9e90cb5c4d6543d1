from collections.abc import Callable

import pytest

from eval.cases import CaseSet, problems
from index import Article

MakeSet = Callable[..., CaseSet]


def span(quote: str, article: str = "ferry") -> dict[str, str]:
    """Return a span."""
    return {"article": article, "quote": quote}


def test_a_clean_case_has_no_problem(make_set: MakeSet, ferry: Article) -> None:
    """Nothing is said of a case that is as it should be, refused, or answered in part."""
    refused = {"id": "U1", "question": "Who?", "outcome": "not_found", "answers": [], "required": []}
    assert problems(make_set({}, refused, {"id": "U2", "question": "And?", "outcome": "partial"}), [ferry]) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"outcome": "not_found"}, "S1: is to be refused, yet has answers or required spans"),
        ({"outcome": "not_found", "answers": []}, "S1: is to be refused, yet has answers or required spans"),
        ({"answers": [], "required": []}, "S1: is to be answered, yet has neither answers nor required spans"),
        ({"outcome": "partial", "answers": [], "required": []}, "S1: is to be partial, yet has neither"),
        ({"answers": [["$46"], []]}, "S1: has an empty group"),
        ({"required": [[span("costs $46")], []]}, "S1: has an empty group"),
        ({"asked_at": "yesterday"}, "S1: asked_at of the case is 'yesterday', which is no date"),
        ({"required": [[span("costs $46", "tram")]]}, "S1: the article 'tram' is not in the set"),
        ({"forbidden": [span("costs", "tram")]}, "S1: the article 'tram' is not in the set"),
        ({"required": [[span("costs $64")]]}, "S1: 'costs $64' does not stand in ferry"),
        ({"forbidden": [span("costs $64")]}, "S1: 'costs $64' does not stand in ferry"),
        ({"answers": [["$46"], ["$40", "40 dollars"]]}, "S1: none of '$40', '40 dollars' stands in the sentences"),
        ({"forbidden": [span("costs $46")]}, "S1: 'costs $46' is required and forbidden"),
        ({"forbidden": [span("11:30 p.m. and costs")]}, "S1: '11:30 p.m. and costs' is required and forbidden"),
    ],
)
def test_each_rule_finds_its_fault(make_set: MakeSet, ferry: Article, change: dict[str, object], said: str) -> None:
    """A case with one fault gets the line that names it and the remedy; a clean one beside it gets none."""
    found = problems(make_set({"id": "S0", "question": "Fine?"}, change), [ferry])
    assert any(line.startswith(said) and "; " in line for line in found), found
    assert all(line.startswith("S1: ") for line in found)


def test_duplicates_are_found(make_set: MakeSet, ferry: Article) -> None:
    """Ids must be distinct, and so must questions, whatever their case and spaces."""
    found = problems(make_set({}, {"question": "Else?"}, {"id": "S3", "question": "what  does it COST?"}), [ferry])
    assert found == [
        "S1: 2 cases have this id; give each its own",
        "S3: asks what S1 asks; change one of them or leave it out",
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"history": [{"role": "user", "content": "Does the ferry sail?"}]},
        {"asked_at": "2024-06"},
        {"filters": {"outlets": ["The Gazette"]}},
    ],
)
def test_the_same_words_may_ask_something_else(make_set: MakeSet, ferry: Article, change: dict[str, object]) -> None:
    """After another history, at another time and over other articles it is another question."""
    assert problems(make_set({}, {"id": "S2", **change}), [ferry]) == []


def test_an_answer_may_stand_beside_its_quote(make_set: MakeSet, ferry: Article) -> None:
    """The answer is looked for in the whole sentence of a quote, as scoring would find it, and in no other sentence."""
    required = [[span("leaves at 11:30")]]
    assert problems(make_set({"answers": [["costs 46"]], "required": required}), [ferry]) == []
    (line,) = problems(make_set({"answers": [["sails again"]], "required": required}), [ferry])
    assert "none of 'sails again' stands" in line


def test_a_derived_answer_need_not_stand(make_set: MakeSet, ferry: Article) -> None:
    """What follows from several spans stands in none of them; the note says so."""
    derived = {"answers": [["$6"]], "required": [[span("costs $46")], [span("old fare was $40")]]}
    assert len(problems(make_set(derived), [ferry])) == 1
    assert problems(make_set({**derived, "note": "derived: 46 less 40"}), [ferry]) == []


def test_the_moment_of_the_set_is_looked_at(make_set: MakeSet, ferry: Article) -> None:
    """A set whose moment of asking is no date is told so once."""
    assert problems(make_set({}, asked_at="now"), [ferry]) == [
        "asked_at of the set is 'now', which is no date; write 2024-05-02 or 2024-05-02T09:00:00Z"
    ]
