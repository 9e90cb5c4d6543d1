import pytest

from eval.bench.metrics import (
    Figure,
    first_rank,
    lies_within,
    mostly_within,
    mrr,
    percentile,
    rate,
    ratio,
    recall_at_1,
    repeated,
    wilson,
)


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [(0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (5, 10, 0.2366, 0.7634), (81, 263, 0.2553, 0.3662), (0, 0, 0.0, 1.0)],
)
def test_the_interval_of_wilson(hits: int, n: int, low: float, high: float) -> None:
    """The interval is that of the literature (81 of 263: Newcombe 1998), and for no trial everything."""
    assert wilson(hits, n) == pytest.approx((low, high), abs=1e-4)


def test_a_rate_knows_its_interval() -> None:
    """A rate is the share of true flags, with how many there were and the interval."""
    figure = rate([True, False, True, True])
    assert (figure.value, figure.n, figure.unit) == (0.75, 4, "rate")
    assert figure.interval == wilson(3, 4)


def test_a_rate_of_nothing() -> None:
    """No flags are a rate of 0 over 0, which may be anything."""
    assert rate([]) == Figure(0.0, 0, "rate", (0.0, 1.0))


def test_recall_and_reciprocal_rank_by_hand() -> None:
    """Of ranks 1, 2, none and 11, one of four is first, and the reciprocals 1 and 1/2 count at ten."""
    ranks = [1, 2, None, 11]
    assert recall_at_1(ranks).value == 0.25
    assert mrr(ranks).value == pytest.approx(1.5 / 4)
    assert mrr(ranks, k=11).value == pytest.approx((1.5 + 1 / 11) / 4)
    assert mrr([]).value == 0


def test_the_first_rank() -> None:
    """Ranks count from 1, and there may be none."""
    assert first_rank([False, True, True]) == 2
    assert first_rank([False]) is None


@pytest.mark.parametrize(
    ("found", "mostly"),
    [((0, 10), False), ((5, 15), False), ((6, 16), True), ((12, 14), True), ((19, 40), False), ((30, 40), False)],
)
def test_a_passage_counts_where_most_of_it_lies(found: tuple[int, int], mostly: bool) -> None:
    """A span counts for [10, 20) if more than half of it lies there; exactly half is not more."""
    assert mostly_within(found, (10, 20)) is mostly


@pytest.mark.parametrize(
    ("inner", "within"), [((10, 20), True), ((12, 15), True), ((9, 12), False), ((15, 21), False), ((0, 30), False)]
)
def test_an_answer_lies_whole_in_a_sentence(inner: tuple[int, int], within: bool) -> None:
    """An answer that a sentence holds only a part of does not count."""
    assert lies_within(inner, (10, 20)) is within


def test_times() -> None:
    """Percentiles are in milliseconds; rounds give their median and keep their values; a ratio has the smaller n."""
    assert percentile([1.0, 2.0, 3.0], 50) == Figure(2.0, 3, "ms")
    several = repeated([3.0, 1.0, 2.0], 36, "chars/s")
    assert (several.value, several.n, several.singles) == (2.0, 36, (3.0, 1.0, 2.0))
    assert ratio(several, Figure(4.0, 20, "chars/s")) == Figure(0.5, 20, "times")
