"""How far the expected proofs came: cited, among the evidence, in a passage, or not found at all."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from eval.cases.model import Span
from eval.runs.model import CaseRecord
from service.contract import EvidenceOut

__all__ = ["EvidenceRow", "Proof", "Reached", "evidence_rows", "proofs"]

Reached = Literal["cited", "in the evidence", "in a passage only", "not retrieved"]


@dataclass(frozen=True)
class Proof:
    """A span of a set, and how far it came; None where there was no search."""

    span: Span
    reached: Reached | None


@dataclass(frozen=True)
class EvidenceRow:
    """A sentence of the evidence, and what became of it or what it is."""

    item: EvidenceOut
    cited: bool
    proof: bool
    forbidden: bool


def proofs(record: CaseRecord, spans: Iterable[Span]) -> list[Proof]:
    """Return how far each span came, by its words: sets may name articles in another way than the index does."""
    cited = [citation.quote for citation in record.answer.citations] if record.answer else []
    return [Proof(span, _reached(span, cited, record)) for span in spans]


def evidence_rows(record: CaseRecord) -> list[EvidenceRow]:
    """Return the evidence in its order."""
    cited = {(one.article_id, one.start) for one in record.answer.citations} if record.answer else set()
    needed = [span for group in record.case.required for span in group]
    return [
        EvidenceRow(
            item,
            (item.article_id, item.start) in cited,
            any(_touches(span.quote, [item.text]) for span in needed),
            any(_touches(span.quote, [item.text]) for span in record.case.forbidden),
        )
        for item in (record.search.evidence if record.search else ())
    ]


def _reached(span: Span, cited: Sequence[str], record: CaseRecord) -> Reached | None:
    if _touches(span.quote, cited):
        return "cited"
    if record.search is None:
        return None
    if _touches(span.quote, [item.text for item in record.search.evidence]):
        return "in the evidence"
    in_passage = _touches(span.quote, [item.text for item in record.search.passages])
    return "in a passage only" if in_passage else "not retrieved"


def _touches(quote: str, texts: Iterable[str]) -> bool:
    """Tell whether one of the texts has the quote or is part of it, whatever its white space."""
    wanted = " ".join(quote.split())
    found = (" ".join(text.split()) for text in texts)
    return any(wanted in text or text in wanted for text in found if text)
