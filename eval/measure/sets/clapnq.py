"""CLAPNQ (Rosenthal et al. 2025): questions of one passage, with long answers; for half of them it holds none.

The gold answer is a sentence or more, so that F1 says more than whether it stands in the answer word for word.
"""

from pathlib import Path

from eval.bench.data import Document, read_clapnq
from eval.measure.cases import Case, MeasureSet
from eval.measure.draws import SEED, Part, Sizes, shuffled, split
from eval.measure.rows import Row, read_rows
from eval.measure.spans import spans_of

__all__ = ["load_clapnq"]

_EACH = Sizes(report=60, tune=60)


class _Question(Row):
    id: str
    question: str
    answerable: bool
    title: str
    text: str
    answer: str
    evidence_sentences: tuple[str, ...]


def load_clapnq(data: Path, part: Part, *, sizes: Sizes = _EACH, seed: int = SEED) -> MeasureSet:
    """Return all distinct passages, and as many answerable questions as unanswerable ones, `sizes` of each."""
    rows = read_rows(data / "clapnq" / "questions.jsonl", _Question)
    documents, _ = read_clapnq(data, limit=1)
    passages = {(document.title, document.text): document for document in documents}
    drawn = [
        row
        for answerable in (True, False)
        for row in split([row for row in rows if row.answerable is answerable], sizes, part, seed)
    ]
    cases = [_case(row, passages[row.title, row.text]) for row in shuffled(drawn, seed)]
    return MeasureSet("clapnq", tuple(documents), tuple(cases))


def _case(row: _Question, passage: Document) -> Case:
    return Case(
        id=row.id,
        set="clapnq",
        question=row.question,
        answerable=row.answerable,
        golds=(row.answer,) if row.answerable else (),
        spans=spans_of(passage, row.evidence_sentences),
        evidence=row.evidence_sentences,
        gold_articles=(passage.id,) if row.answerable else (),
        extra={"asked_of": passage.id},
    )
