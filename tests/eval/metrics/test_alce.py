import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.metrics.alce import alce_citation_precision, alce_citation_recall
from service.contract import Statement
from service.contract.answers import Verdict

VERDICTS: tuple[Verdict, ...] = ("supported", "weak", "unsupported")


def statement(verdict: Verdict, n_citations: int) -> Statement:
    """Return a statement with so many citations."""
    ids = [f"c{i}" for i in range(n_citations)]
    return Statement(text="It was so.", start=0, end=10, citation_ids=ids, verdict=verdict, score=None)


def entails(ids: frozenset[str], item: Statement) -> bool:
    """Stand in for the paper's model where a statement has at most one citation: the verdict says it."""
    return bool(ids) and item.verdict == "supported"


def literal(items: list[Statement]) -> tuple[float, float | None]:
    """Return recall and precision as the paper defines them, citation by citation."""
    recalls, precisions = [], []
    for item in items:
        cited = frozenset(item.citation_ids)
        recall = int(entails(cited, item))
        recalls.append(recall)
        for one in item.citation_ids:
            irrelevant = not entails(frozenset({one}), item) and entails(cited - {one}, item)
            precisions.append(int(bool(recall) and not irrelevant))
    return sum(recalls) / len(recalls), sum(precisions) / len(precisions) if precisions else None


@pytest.mark.parametrize(
    ("items", "recall", "precision"),
    [
        ([statement("supported", 1)], 1.0, 1.0),
        ([statement("supported", 0)], 0.0, None),
        ([statement("weak", 1), statement("supported", 1)], 0.5, 0.5),
        ([statement("unsupported", 3), statement("supported", 1)], 0.5, 0.25),
        ([statement("supported", 2), statement("supported", 1)], 1.0, 1.0),  # the two cannot be told apart
        ([statement("supported", 2)], 1.0, None),
        ([statement("unchecked", 1)], None, None),
        ([], None, None),
    ],
)
def test_by_hand(items: list[Statement], recall: float | None, precision: float | None) -> None:
    """A supported statement with a citation is recalled; a citation is precise where that shows it."""
    assert alce_citation_recall(items) == recall
    assert alce_citation_precision(items) == precision


@given(st.lists(st.builds(statement, st.sampled_from(VERDICTS), st.integers(0, 1)), min_size=1, max_size=6))
def test_by_the_papers_definition(items: list[Statement]) -> None:
    """Where no statement has more than one citation, both are the paper's, the verdict in place of its model."""
    assert (alce_citation_recall(items), alce_citation_precision(items)) == pytest.approx(literal(items))
