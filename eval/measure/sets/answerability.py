"""MTRAG-UN (Katsis et al. 2025): the last question of a conversation, which its contexts answer, or not, or in part.

No unanswerable question has contexts of its own. Ask it of the articles of the set, or it is refused for want of any.
"""

from pathlib import Path

from eval.bench.data import Document
from eval.measure.cases import Case, MeasureSet
from eval.measure.draws import SEED, Part, Sizes, distinct, split_by
from eval.measure.rows import Row, as_stored, read_rows

__all__ = ["load_answerability"]

_SIZES = Sizes(report=100, tune=100)
_ROLES = {"user": "user", "agent": "assistant"}
_ANSWERABLE = {"ANSWERABLE": True, "UNANSWERABLE": False}


class _Turn(Row):
    speaker: str
    text: str


class _Context(Row):
    document_id: str
    text: str
    title: str = ""

    def document(self) -> Document:
        """Return the context as an article."""
        return Document(f"mtrag:{self.document_id}", self.title, as_stored(self.text))


class _Conversation(Row):
    id: str
    turns: tuple[_Turn, ...]
    contexts: tuple[_Context, ...]
    answerability: tuple[str]
    target: tuple[_Turn, ...]


def load_answerability(data: Path, part: Part, *, sizes: Sizes = _SIZES, seed: int = SEED) -> MeasureSet:
    """Return the contexts of all rows, and `sizes` questions, of each label in proportion, with their own contexts.

    `label` in `extra` is ANSWERABLE, PARTIAL, UNANSWERABLE or UNDERSPECIFIED, and `target` what a person or model
    replied. Only for the first two it is gold.
    """
    rows = read_rows(data / "answerability" / "mtrag_un.jsonl", _Conversation)
    contexts = distinct([context for row in rows for context in row.contexts], lambda context: context.document_id)
    drawn = split_by(rows, sizes, part, seed, kind=lambda row: row.answerability)
    documents = tuple(context.document() for context in contexts)
    return MeasureSet("answerability", documents, tuple(map(_case, drawn)))


def _case(row: _Conversation) -> Case:
    *before, last = row.turns
    (label,) = row.answerability
    target = " ".join(turn.text.strip() for turn in row.target)
    documents = tuple(context.document() for context in row.contexts)
    has_gold = label in ("ANSWERABLE", "PARTIAL")
    return Case(
        id=row.id,
        set="answerability",
        question=last.text,
        history=tuple((_ROLES[turn.speaker], turn.text) for turn in before),
        documents=documents,
        answerable=_ANSWERABLE.get(label),
        golds=(target,) if has_gold else (),
        gold_articles=tuple(document.id for document in documents) if has_gold else (),
        extra={"label": label, "target": target},
    )
