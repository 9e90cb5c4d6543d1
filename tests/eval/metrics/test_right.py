import pytest

from eval.metrics.right import is_right, names_all


@pytest.mark.parametrize(
    ("answer", "right"),
    [
        ("Gen. Zhang Youxia led the Chinese side.[1]", True),
        ("It was Zhang[1] Youxia.[2][3]", True),
        ("ZHANG YOUXIA", True),
        ("It was Zhang.", False),
        ("Youxia Zhang led it.", False),
        ("Zhang Youxian led it.", False),
        ("", False),
    ],
)
def test_gold_stands_in_the_answer_as_whole_tokens(answer: str, right: bool) -> None:
    """The gold string stands in the answer unbroken, whatever the case, the punctuation and the markers."""
    assert is_right(answer, ["Zhang Youxia"]) is right


def test_any_gold_string_will_do() -> None:
    """One of several gold strings is enough; without any, nothing is right."""
    assert is_right("On October 3, 2024.", ["3 October 2024", "October 3, 2024"])
    assert not is_right("On October 3, 2024.", [])


def test_an_answer_without_end_is_not_right() -> None:
    """Thirty tokens are allowed, one more is not; articles and markers are not counted."""
    thirty = "604 " + "bed " * 29
    assert is_right(thirty + "the [1][2]", ["604"])
    assert not is_right(thirty + "more", ["604"])


def test_a_long_gold_string_allows_twice_its_length() -> None:
    """For a gold string of twenty tokens, forty are allowed and no more; the length of another does not count."""
    gold = " ".join(f"w{i}" for i in range(20))
    assert is_right(gold + " x" * 20, [gold])
    assert not is_right(gold + " x" * 21, [gold])
    assert not is_right("w0" + " x" * 39, ["w0", gold])


def test_gold_without_tokens_is_never_right() -> None:
    """A gold string that is only an article or punctuation stands in no answer."""
    assert not is_right("The answer is A.", ["A", "?"])


@pytest.mark.parametrize(
    ("answer", "named"),
    [
        ("One paper says 12 officers, another nine.", True),
        ("Nine, or twelve: sources disagree. " + "More words. " * 40, True),
        ("The delegation had nine officers.", False),
        ("", False),
    ],
)
def test_each_side_is_named(answer: str, named: bool) -> None:
    """Every group needs one of its strings in the answer, at any length."""
    assert names_all(answer, [["12", "twelve"], ["nine", "9"]]) is named


def test_where_nothing_is_required_there_is_no_verdict() -> None:
    """A case without groups is not eligible; a group without strings can never be named."""
    assert names_all("anything", []) is None
    assert names_all("anything", [[]]) is False
