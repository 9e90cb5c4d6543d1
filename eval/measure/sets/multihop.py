"""HotpotQA (Yang et al. 2018): questions that take a sentence of each of two articles."""

from collections.abc import Mapping
from pathlib import Path

from eval.bench.data import Document, read_documents
from eval.measure.cases import Case, MeasureSet
from eval.measure.draws import SEED, Part, Sizes, split
from eval.measure.rows import Row, read_rows
from eval.measure.spans import spans_of

__all__ = ["load_multihop"]

_SIZES = Sizes(report=60, tune=40)


class _Fact(Row):
    article_id: str
    text: str


class _Question(Row):
    id: str
    question: str
    answer: str
    type: str
    gold: tuple[str, ...]
    facts: tuple[_Fact, ...]


def load_multihop(data: Path, part: Part, *, sizes: Sizes = _SIZES, seed: int = SEED) -> MeasureSet:
    """Return all articles, and `sizes` questions; the kind of each, `bridge` or `comparison`, is in `extra`."""
    documents = {document.id: document for document in read_documents(data / "multihop")}
    rows = split(read_rows(data / "multihop" / "questions.jsonl", _Question), sizes, part, seed)
    return MeasureSet("multihop", tuple(documents.values()), tuple(_case(row, documents) for row in rows))


def _case(row: _Question, documents: Mapping[str, Document]) -> Case:
    return Case(
        id=row.id,
        set="multihop",
        question=row.question,
        answerable=True,
        golds=(row.answer,),
        spans=tuple(span for fact in row.facts for span in spans_of(documents[fact.article_id], [fact.text])),
        evidence=tuple(fact.text for fact in row.facts),
        gold_articles=row.gold,
        extra={"type": row.type},
    )
