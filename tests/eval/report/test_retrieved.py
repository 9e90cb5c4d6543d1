from collections.abc import Callable

from eval.cases.model import Case, Span
from eval.report.retrieved import evidence_rows, proofs
from eval.runs.model import CaseRecord
from service.contract import Answer

FOUND = {"article_id": "a", "start": 0, "end": 9, "score": 1.0}
TOLD = {"title": None, "outlet": None, "published_at": None}


def search(evidence: list[str], passages: list[str]) -> dict[str, object]:
    """Return a search that found these texts."""
    return {
        "evidence": [FOUND | TOLD | {"start": n, "text": text, "n": n} for n, text in enumerate(evidence)],
        "passages": [FOUND | {"text": text} for text in passages],
        "searched": [],
        "articles_searched": 1,
        "articles_undated": 0,
    }


def cites(text: str, start: int = 0) -> dict[str, object]:
    """Return a citation."""
    about = dict.fromkeys(("url", "author", "version"), "") | TOLD
    return {"id": "c1", "marker": 1, "article_id": "a", "quote": text, "start": start, "end": start + 1} | about


def test_how_far_a_proof_came(record: Callable[..., CaseRecord], answer: Callable[..., Answer]) -> None:
    """Cited before evidence before passage; white space does not matter, and a part is enough."""
    spans = [Span(article="x", quote=text) for text in ("a cited\nproof", "in evidence", "in a passage", "nowhere")]
    found = search(["It stands in evidence."], ["Long: in a passage. And more."])
    given = record(answer=answer(citations=[cites("This is a cited proof.")]), search=found)
    assert [proof.reached for proof in proofs(given, spans)] == [
        "cited",
        "in the evidence",
        "in a passage only",
        "not retrieved",
    ]


def test_without_a_search_nothing_is_told(record: Callable[..., CaseRecord], answer: Callable[..., Answer]) -> None:
    """What was retrieved is not known; what was cited is. An empty quote proves nothing."""
    spans = [Span(article="x", quote="cited"), Span(article="x", quote="other")]
    given = record(answer=answer(citations=[cites("cited"), cites("")]))
    assert [proof.reached for proof in proofs(given, spans)] == ["cited", None]
    assert [proof.reached for proof in proofs(record(answer=None), spans)] == [None, None]


def test_the_evidence_tells_what_became_of_it(
    case: Callable[..., Case], record: Callable[..., CaseRecord], answer: Callable[..., Answer]
) -> None:
    """Sentences that are cited, that prove, and that must not be cited are told apart."""
    asked = case(required=[[{"article": "x", "quote": "It rose"}]], forbidden=[{"article": "x", "quote": "It fell"}])
    given = record(
        asked, answer=answer(citations=[cites("Other", 2)]), search=search(["It rose.", "It fell.", "Other"], [])
    )
    rows = evidence_rows(given)
    assert [(row.cited, row.proof, row.forbidden) for row in rows] == [
        (False, True, False),
        (False, False, True),
        (True, False, False),
    ]
