from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.measure.draws import Sizes, distinct, shuffled, split, split_by
from eval.measure.errors import SetSizeError

ROWS = range(20)


def test_a_draw_is_alike_every_time() -> None:
    """The same seed gives the same rows, another others; these are the ones of Python's own generator."""
    assert shuffled(ROWS, 1) == shuffled(ROWS, 1) != shuffled(ROWS, 2)
    assert sorted(shuffled(ROWS, 1)) == list(ROWS)
    assert split(ROWS, Sizes(4, 3), "report", 1) == shuffled(ROWS, 1)[:4]
    assert split(ROWS, Sizes(4, 3), "tune", 1) == shuffled(ROWS, 1)[-3:]


def test_nothing_may_be_drawn() -> None:
    """A part of no cases is empty, not all."""
    assert split(ROWS, Sizes(4, 0), "tune", 1) == []
    assert split(ROWS, Sizes(0, 4), "report", 1) == []
    assert split_by([], Sizes(0, 0), "report", 1, kind=str) == []


def test_too_much_is_refused() -> None:
    """Where the parts would overlap, the error says how many there are."""
    assert len(split(ROWS, Sizes(15, 5), "report", 1)) == 15
    with pytest.raises(SetSizeError, match="15 cases to report on and 6 to tune on are asked of 20"):
        split(ROWS, Sizes(15, 6), "report", 1)
    with pytest.raises(SetSizeError, match="asked of 20"):
        split_by(ROWS, Sizes(15, 6), "tune", 1, kind=lambda row: row % 2)


@pytest.mark.parametrize("n", range(12))
@pytest.mark.parametrize("m", range(9))
def test_parts_never_share_a_row(n: int, m: int) -> None:
    """Whatever the sizes, report and tuning are apart, drawn plainly or by kind."""
    sizes = Sizes(n, m)
    for draw in (split, lambda *some: split_by(*some, kind=lambda row: row % 3)):
        report, tune = draw(ROWS, sizes, "report", 5), draw(ROWS, sizes, "tune", 5)
        assert (len(set(report)), len(set(tune))) == (n, m)
        assert not set(report) & set(tune)


def test_kinds_are_drawn_in_proportion() -> None:
    """Of 60, 30 and 10 rows, ten are six, three and one; a remainder goes to the largest."""
    rows = [(kind, i) for kind, n in (("a", 60), ("b", 30), ("c", 10)) for i in range(n)]
    for n, expected in ((10, (6, 3, 1)), (12, (7, 4, 1)), (100, (60, 30, 10))):
        counts = Counter(kind for kind, _ in split_by(rows, Sizes(n, 0), "report", 1, kind=lambda row: row[0]))
        assert (counts["a"], counts["b"], counts["c"]) == expected


@given(st.lists(st.integers(0, 4), max_size=40), st.integers(0, 40), st.integers(0, 40))
def test_any_kinds_can_be_drawn_whole(kinds: list[int], n: int, m: int) -> None:
    """As long as there are enough rows, the sizes are kept to, however few a kind has."""
    rows = list(enumerate(kinds))
    n = min(n, len(rows))
    sizes = Sizes(n, min(m, len(rows) - n))
    report = split_by(rows, sizes, "report", 3, kind=lambda row: row[1])
    tune = split_by(rows, sizes, "tune", 3, kind=lambda row: row[1])
    assert (len(report), len(tune)) == (sizes.report, sizes.tune)
    assert not set(report) & set(tune)


def test_the_first_of_each_key_stays() -> None:
    """Rows with the key of an earlier one are left out."""
    assert distinct(["Who?", "when?", "who?"], str.casefold) == ["Who?", "when?"]


def test_the_size_of_a_part() -> None:
    """Sizes are asked for by the name of the part."""
    assert (Sizes(4, 3).of("report"), Sizes(4, 3).of("tune")) == (4, 3)
