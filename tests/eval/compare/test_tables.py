from collections.abc import Callable

from eval.compare.tables import tabulate
from eval.runs.model import Run


def test_repeats_are_averaged(make_run: Callable[..., Run]) -> None:
    """A case that was right in one repeat of two has a half; an error leaves the other repeat alone."""
    table = tabulate(make_run([{"right": 1.0}, {"right": 1.0}], [{"right": 0.0}, None], slices=["single", "temporal"]))
    assert table.values["right"] == {"c0": 0.5, "c1": 1.0}
    assert table.values["error"] == {"c0": 0.0, "c1": 0.5}
    assert table.of("right", "temporal") == {"c1": 1.0}
    assert table.of("right", "all") == table.values["right"]
    assert table.of("em", "all") == {}


def test_cases_without_any_answer_are_counted(make_run: Callable[..., Run]) -> None:
    """A case has no answer where every repeat failed."""
    assert tabulate(make_run([{"right": 1.0}, None, None], [{"right": 1.0}, None, {"right": 1.0}])).unanswered == 1


def test_the_last_record_counts(make_run: Callable[..., Run]) -> None:
    """A case that was run again in the same repeat has the later scores."""
    run = make_run([{"right": 0.0}])
    again = make_run([{"right": 1.0}])
    both = run.model_copy(update={"records": run.records + again.records})
    assert tabulate(both).values["right"] == {"c0": 1.0}


def test_unknown_scores_are_named(make_run: Callable[..., Run]) -> None:
    """A score that no metric has is not compared, and named."""
    table = tabulate(make_run([{"right": 1.0, "elegance": 0.5}]))
    assert "elegance" not in table.values
    assert table.unknown == {"elegance"}
