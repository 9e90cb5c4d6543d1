import pytest

from eval.metrics.calibration import Bin, expected_calibration_error, reliability


def test_the_error_by_hand() -> None:
    """Three scores about .9 of which two are right, and one of .3 that is wrong, miss by .2333 and .3."""
    scores, right = [0.85, 0.9, 0.95, 0.3], [True, True, False, False]
    assert reliability(scores[:2], right[:2]) == [Bin(0.8, 0.9, 2, pytest.approx(0.875), 1.0)]
    expected = 2 / 4 * abs(0.875 - 1) + 1 / 4 * abs(0.95 - 0) + 1 / 4 * 0.3
    assert expected_calibration_error(scores, right) == pytest.approx(expected)
    halves = 3 / 4 * abs(0.9 - 2 / 3) + 1 / 4 * 0.3
    assert expected_calibration_error(scores, right, n_bins=2) == pytest.approx(halves)


def test_a_bin_has_its_upper_edge() -> None:
    """An edge belongs to the bin below it, as in Guo et al., and 0 to the first."""
    bins = reliability([0.0, 0.1, 0.3, 0.7, 1.0], [True] * 5)
    assert [(b.low, b.high, b.n) for b in bins] == [(0.0, 0.1, 2), (0.2, 0.3, 1), (0.6, 0.7, 1), (0.9, 1.0, 1)]


def test_calibrated_scores_have_no_error() -> None:
    """Where of ten scores of .7 seven are right, the error is 0; where all are wrong, it is .7."""
    assert expected_calibration_error([0.7] * 10, [True] * 7 + [False] * 3) == pytest.approx(0)
    assert expected_calibration_error([0.7] * 10, [False] * 10) == pytest.approx(0.7)


def test_nothing_has_no_error() -> None:
    """No score gives no bin and no error."""
    assert reliability([], []) == []
    assert expected_calibration_error([], []) is None


@pytest.mark.parametrize("score", [-0.1, 1.5, float("nan")])
def test_a_score_that_is_no_probability_is_refused(score: float) -> None:
    """Only probabilities can be calibrated."""
    with pytest.raises(ValueError, match="is no probability"):
        reliability([score], [True])
