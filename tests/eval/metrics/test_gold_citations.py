import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.metrics.gold_citations import citation_precision, citation_recall, cites_forbidden, forbidden_citation_rate
from eval.metrics.places import Place

FIRST, OTHER, SECOND = Place("a", 0, 40), Place("b", 0, 40), Place("c", 0, 40)
GROUPS = [[FIRST, OTHER], [SECOND]]
ELSEWHERE = Place("d", 0, 40)
SENTENCES = [Place(article, start, start + 10) for article in "ab" for start in (0, 10, 20)]


@pytest.mark.parametrize(
    ("cited", "recall", "precision"),
    [
        ([[FIRST], [SECOND]], 1.0, 1.0),
        ([[FIRST]], 0.5, 1.0),
        ([[FIRST], [OTHER]], 0.5, 1.0),  # the same fact twice
        ([[FIRST], [ELSEWHERE], [ELSEWHERE], [ELSEWHERE]], 0.5, 0.25),
        ([[ELSEWHERE]], 0.0, 0.0),
        ([[ELSEWHERE, SECOND]], 0.5, 1.0),  # a copy of it is the proof
        ([], 0.0, None),
    ],
)
def test_citations_by_hand(cited: list[list[Place]], recall: float, precision: float | None) -> None:
    """Recall counts the facts whose proof is cited, precision the citations that are a proof."""
    assert citation_recall(cited, GROUPS) == recall
    assert citation_precision(cited, GROUPS) == precision


def test_without_a_known_proof_there_is_no_score() -> None:
    """A case that names no proof is eligible for neither."""
    assert citation_recall([[FIRST]], []) is citation_precision([[FIRST]], []) is None


@pytest.mark.parametrize(
    ("cited", "rate", "any_"),
    [
        ([[FIRST], [SECOND]], 0.5, True),
        ([[SECOND]], 0.0, False),
        ([[SECOND, FIRST]], 0.0, False),  # only a copy of it is forbidden
        ([], None, False),
    ],
)
def test_forbidden_citations(cited: list[list[Place]], rate: float | None, any_: bool) -> None:
    """The place that is cited counts, not where else its words stand; citing nothing is safe."""
    assert forbidden_citation_rate(cited, [FIRST]) == rate
    assert cites_forbidden(cited, [FIRST]) is any_


def test_nothing_forbidden_is_no_score() -> None:
    """A case that forbids nothing is eligible for neither."""
    assert forbidden_citation_rate([[FIRST]], []) is cites_forbidden([[FIRST]], []) is None


@given(st.lists(st.sampled_from(SENTENCES), max_size=5), st.lists(st.sets(st.sampled_from(SENTENCES), min_size=1)))
def test_by_sets_of_sentences(cited: list[Place], groups: list[set[Place]]) -> None:
    """Where citations and proofs are whole sentences, overlap is identity, and both are counts over sets."""
    recall = citation_recall([[place] for place in cited], [list(group) for group in groups])
    precision = citation_precision([[place] for place in cited], [list(group) for group in groups])
    proofs = set().union(*groups)
    assert recall == (len([g for g in groups if g & set(cited)]) / len(groups) if groups else None)
    assert precision == (len([c for c in cited if c in proofs]) / len(cited) if groups and cited else None)
