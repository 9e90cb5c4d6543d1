"""SQuAD 2.0 (Rajpurkar et al. 2018): questions of one paragraph, half of them made to look answerable.

Spans are the annotated ones. The gold string may stand elsewhere in the article, too.
"""

from pathlib import Path

from eval.bench.data import read_documents
from eval.measure.cases import Case, MeasureSet
from eval.measure.draws import SEED, Part, Sizes, distinct, shuffled, split
from eval.measure.rows import Row, read_rows

__all__ = ["load_squad"]

_EACH = Sizes(report=100, tune=100)


class _Answer(Row):
    text: str
    start: int


class _Question(Row):
    id: str
    article_id: str
    question: str
    answerable: bool
    answers: tuple[_Answer, ...]


def load_squad(data: Path, part: Part, *, sizes: Sizes = _EACH, seed: int = SEED) -> MeasureSet:
    """Return all 36 articles, and as many answerable questions as unanswerable ones, `sizes` of each.

    Of questions in the same words only the first is there. Raises DataMissingError, SetFormatError or SetSizeError, as
    all loaders do.
    """
    rows = distinct(read_rows(data / "squad" / "questions.jsonl", _Question), lambda row: row.question.casefold())
    drawn = [
        row
        for answerable in (True, False)
        for row in split([row for row in rows if row.answerable is answerable], sizes, part, seed)
    ]
    return MeasureSet("squad", tuple(read_documents(data / "squad")), tuple(map(_case, shuffled(drawn, seed))))


def _case(row: _Question) -> Case:
    return Case(
        id=row.id,
        set="squad",
        question=row.question,
        answerable=row.answerable,
        golds=tuple(dict.fromkeys(answer.text for answer in row.answers)),
        spans=tuple((row.article_id, answer.start, answer.start + len(answer.text)) for answer in row.answers),
        gold_articles=(row.article_id,) if row.answerable else (),
        extra={"asked_of": row.article_id},
    )
