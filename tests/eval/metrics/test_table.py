from eval.metrics.table import ERROR, METRICS

COSTS = {"false_refusal", "error", "cites_forbidden", "says_forbidden", "seconds", "prompt_tokens", "completion_tokens"}


def test_which_way_is_better() -> None:
    """Costs and errors are better lower, all else is better higher."""
    assert {name for name, metric in METRICS.items() if not metric.higher_is_better} == COSTS


def test_the_table_is_by_name() -> None:
    """Each metric stands under its own name and says what it means; rates have no unit."""
    for name, metric in METRICS.items():
        assert metric.name == name
        assert metric.meaning
        assert not (metric.is_rate and metric.unit)
    assert ERROR in METRICS
