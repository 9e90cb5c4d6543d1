import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.metrics.normalise import holds, normalise, without_markers


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("The Eiffel Tower!", ["eiffel", "tower"]),
        ("  a   man,\tan ox\nand the  sea ", ["man", "ox", "and", "sea"]),
        ("St. Orrin's Hospital", ["st", "orrins", "hospital"]),
        ("another theatre", ["another", "theatre"]),
        ("12-officer", ["12officer"]),
        ("4,600 people", ["4600", "people"]),
        ("$42 million + 3%", ["42", "million", "3"]),
        ("11:40 p.m.", ["1140", "pm"]),
        ("", []),
        ("The", []),
    ],
)
def test_tokens_are_those_of_squad(text: str, tokens: list[str]) -> None:
    """Case, punctuation, articles and white space do not count, in that order, as in the script of SQuAD 2.0."""
    assert normalise(text) == tuple(tokens)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("St. Orrin’s “Hospital”", ["st", "orrins", "hospital"]),
        ("1914–1918", ["19141918"]),
        ("$4.2 million.", ["4.2", "million"]),
        ("gate No.4. 17.", ["gate", "no4", "17"]),
        ("€5 ± 1", ["€5", "±", "1"]),
    ],
)
def test_two_things_differ_from_squad(text: str, tokens: list[str]) -> None:
    """Curly marks and dashes are punctuation too, and only a decimal point is none; other symbols stay."""
    assert normalise(text) == tuple(tokens)


def test_amounts_that_differ_stay_different() -> None:
    """A trap of the samples stays one: 4.2 million is not 42 million."""
    assert normalise("$4.2 million") != normalise("$42 million")


@pytest.mark.parametrize("text", ["It opened.[1][12]", "It[3] opened.", "It opened[1]."])
def test_markers_are_no_tokens(text: str) -> None:
    """Citation markers are taken off wherever they stand, and part the words beside them."""
    assert normalise(text) == ("it", "opened")


def test_only_markers_are_taken_off() -> None:
    """Brackets around anything but a number are text."""
    assert without_markers("one[1] [sic] two[a]") == "one  [sic] two[a]"


@pytest.mark.parametrize(
    ("tokens", "wanted", "held"),
    [("a b c", "b c", True), ("a b c", "a c", False), ("ab", "a", False), ("a", "a b", False), ("a b", "", False)],
)
def test_whole_tokens_are_held_in_a_run(tokens: str, wanted: str, held: bool) -> None:
    """What is wanted stands unbroken, as whole tokens; nothing stands nowhere."""
    assert holds(tokens.split(), wanted.split()) is held


@given(st.text())
def test_a_text_of_tokens_has_these_tokens(text: str) -> None:
    """Whatever the text, normalising it again changes nothing."""
    once = normalise(text)
    assert normalise(" ".join(once)) == once
