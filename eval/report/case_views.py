"""Cases as the page shows them: grouped, put in order, and each beside the baseline."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from eval.cases.model import SLICES, Case
from eval.compare.model import Comparison, Flip
from eval.report.changes import Beside, beside
from eval.report.judged import Result, result_of
from eval.report.links import anchor
from eval.report.pieces import Piece, marked_pieces
from eval.report.quoting import InPlace, in_place
from eval.report.retrieved import EvidenceRow, Proof, evidence_rows, proofs
from eval.runs.model import CaseRecord
from service.contract import Citation

__all__ = ["CaseView", "Cited", "Try", "case_views"]

_NUMBER = re.compile(r"(\d{1,18})")


@dataclass(frozen=True)
class Cited:
    """A citation where it stands in its article."""

    citation: Citation
    place: InPlace


@dataclass(frozen=True)
class Try:
    """One record of a case; `id` ends the ids of what is in it."""

    id: str
    record: CaseRecord
    answer: list[Piece]
    cited: list[Cited]
    required: list[list[Proof]]
    forbidden: list[Proof]
    evidence: list[EvidenceRow]
    beside: Beside | None


@dataclass(frozen=True)
class CaseView:
    """A case with all its repeats; `changes` are the words that the filter of flips knows it by."""

    id: str
    case: Case
    result: Result
    tries: Sequence[Try]
    changes: Sequence[str] = ()
    flips: Sequence[Flip] = field(default=())


def case_views(
    records: Iterable[CaseRecord],
    base: Iterable[CaseRecord],
    articles: Mapping[str, str],
    comparison: Comparison | None,
) -> list[CaseView]:
    """Return the cases by slice and then by id, numbers in ids counted as such."""
    others = {record.key: record for record in base}
    repeats: dict[str, list[CaseRecord]] = defaultdict(list)
    for record in records:
        repeats[record.case.id].append(record)
    flips: dict[str, list[Flip]] = defaultdict(list)
    for flip in comparison.flips if comparison else ():
        flips[flip.case_id].append(flip)
    views = [_view(group, others, articles, flips[case_id]) for case_id, group in repeats.items()]
    return sorted(views, key=_order)


def _view(
    records: Sequence[CaseRecord],
    others: Mapping[tuple[str, int], CaseRecord],
    articles: Mapping[str, str],
    flips: Sequence[Flip],
) -> CaseView:
    case = records[0].case
    tries = [_try(i, record, others.get(record.key), articles) for i, record in enumerate(records)]
    result = result_of(records)
    failed = result == "error" or any(one.beside and result_of([one.beside.base]) == "error" for one in tries)
    changes: list[str] = sorted({flip.to for flip in flips}) or ([] if failed else ["unchanged"])
    return CaseView(anchor(case.id), case, result, tries, [*changes, *(["error"] if failed else [])], flips)


def _try(i: int, record: CaseRecord, other: CaseRecord | None, articles: Mapping[str, str]) -> Try:
    answer = record.answer
    citations = answer.citations if answer else []
    return Try(
        id=f"{i}-{record.case.id}",
        record=record,
        answer=marked_pieces(answer.answer if answer else "", {citation.marker for citation in citations}),
        cited=[Cited(citation, in_place(citation, articles)) for citation in citations],
        required=[proofs(record, group) for group in record.case.required],
        forbidden=proofs(record, record.case.forbidden),
        evidence=evidence_rows(record),
        beside=beside(record, other) if other else None,
    )


def _order(view: CaseView) -> tuple[int, list[tuple[int, str]]]:
    parts = (part for part in _NUMBER.split(view.case.id) if part)
    return SLICES.index(view.case.slice), [(int(part), "") if part.isdecimal() else (-1, part) for part in parts]
