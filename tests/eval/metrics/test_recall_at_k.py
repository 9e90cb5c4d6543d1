import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.metrics.recall_at_k import all_evidence_recall_at_k, recall_at_k

FOUND = st.lists(st.frozensets(st.integers(0, 3)), max_size=10)


@pytest.mark.parametrize(("k", "recall"), [(1, 0.0), (2, 1 / 3), (3, 1 / 3), (4, 2 / 3), (10, 2 / 3)])
def test_recall_by_hand(k: int, recall: float) -> None:
    """Of three facts the second find brings one, the third the same again, the fourth another."""
    found = [frozenset[int](), frozenset({0}), frozenset({0}), frozenset({0, 2})]
    assert recall_at_k(found, 3, k) == pytest.approx(recall)
    assert all_evidence_recall_at_k(found, 3, k) is False


def test_all_evidence() -> None:
    """All facts are found once the last one is."""
    found = [frozenset({1}), frozenset({0})]
    assert [all_evidence_recall_at_k(found, 2, k) for k in (1, 2, 3)] == [False, True, True]


def test_nothing_to_be_found_is_no_score() -> None:
    """Without a known proof there is no recall; with one and no find it is 0."""
    assert recall_at_k([frozenset()], 0, 5) is all_evidence_recall_at_k([], 0, 5) is None
    assert recall_at_k([], 1, 5) == 0
    assert all_evidence_recall_at_k([], 1, 5) is False


@given(FOUND, st.integers(1, 12))
def test_recall_by_its_definition(found: list[frozenset[int]], k: int) -> None:
    """Recall is the number of relevant that are retrieved over the number that are relevant."""
    relevant = {0, 1, 2, 3}
    retrieved = {group for group in relevant if any(group in covers for covers in found[:k])}
    assert recall_at_k(found, 4, k) == len(retrieved) / len(relevant)
    assert all_evidence_recall_at_k(found, 4, k) is (retrieved == relevant)
