"""RAMDocs (Wang et al. 2025): questions on whose answer documents disagree, some of them by mistake.

Only rows that truly disagree are drawn: at least two different answers stand in documents, word for word, one of them
right, and no answer is a part of another. A third of the set's answers stand in no document; they are left out.
"""

from collections.abc import Sequence
from itertools import permutations
from pathlib import Path

from eval.bench.data import Document
from eval.measure.cases import Case, MeasureSet
from eval.measure.draws import SEED, Part, Sizes, distinct, split
from eval.measure.rows import Row, as_stored, read_rows
from eval.metrics.normalise import holds, normalise

__all__ = ["load_conflict"]

_SIZES = Sizes(report=60, tune=60)


class _Text(Row):
    text: str
    type: str
    answer: str


class _Question(Row):
    question: str
    documents: tuple[_Text, ...]
    gold_answers: tuple[str, ...]
    wrong_answers: tuple[str, ...]

    def stated(self, answers: Sequence[str]) -> tuple[str, ...]:
        """Return those of `answers`, once each, that a document gives word for word."""
        given = {
            normalise(text.answer) for text in self.documents if holds(normalise(text.text), normalise(text.answer))
        }
        return tuple(answer for answer in distinct(answers, normalise) if normalise(answer) in given)


def load_conflict(data: Path, part: Part, *, sizes: Sizes = _SIZES, seed: int = SEED) -> MeasureSet:
    """Return `sizes` questions with documents of their own, which have neither title nor outlet.

    `golds` are right answers, `wrong` those of misinformed documents, `required` both. `kind` in `extra` tells whether
    the question is `ambiguous` only, or there is `misinformation`; then it names those documents, parted by spaces.
    """
    rows = read_rows(data / "conflict" / "ramdocs.jsonl", _Question)
    drawn = split([(i, row) for i, row in enumerate(rows) if _disagrees(row)], sizes, part, seed)
    return MeasureSet("conflict", (), tuple(_case(i, row) for i, row in drawn))


def _disagrees(row: _Question) -> bool:
    golds, sides = row.stated(row.gold_answers), row.stated((*row.gold_answers, *row.wrong_answers))
    parts = any(holds(normalise(one), normalise(other)) for one, other in permutations(sides, 2))
    return bool(golds) and len(sides) > 1 and not parts


def _case(i: int, row: _Question) -> Case:
    ids = [f"ramdocs:{i}-{n}" for n in range(len(row.documents))]
    golds, sides = row.stated(row.gold_answers), row.stated((*row.gold_answers, *row.wrong_answers))
    misinformed = [article_id for article_id, text in zip(ids, row.documents, strict=True) if text.type == "misinfo"]
    return Case(
        id=f"ramdocs:{i}",
        set="conflict",
        question=row.question,
        documents=tuple(Document(a, "", as_stored(text.text)) for a, text in zip(ids, row.documents, strict=True)),
        answerable=True,
        golds=golds,
        required=tuple((side,) for side in sides),
        wrong=tuple(side for side in sides if side not in golds),
        gold_articles=tuple(a for a, text in zip(ids, row.documents, strict=True) if text.type == "correct"),
        extra={"kind": "misinformation" if misinformed else "ambiguous", "misinformation": " ".join(misinformed)},
    )
