"""MTRAG (Katsis et al. 2025): questions in conversations, with the rewrite that can be understood alone.

A conversation is in one part only, since the questions of a case stand in the history of others.
"""

from collections.abc import Collection, Iterable
from pathlib import Path

from eval.measure.cases import Case, MeasureSet
from eval.measure.draws import SEED, Part, Sizes, distinct, split, split_by
from eval.measure.rows import Row, read_rows

__all__ = ["load_rewriting"]

_SIZES = Sizes(report=100, tune=100)
_FILES = ("mtrag_clapnq", "mtrag_cloud")


class _Question(Row):
    id: str
    history: tuple[str, ...]
    question: str
    rewrite: str

    @property
    def conversation(self) -> str:
        """Return the part of the id that all questions of a conversation share."""
        return self.id.partition("<::>")[0]

    @property
    def said(self) -> frozenset[str]:
        """Return all that the user said, without case."""
        return frozenset(text.casefold() for text in (self.question, *self.history))


def load_rewriting(data: Path, part: Part, *, sizes: Sizes = _SIZES, seed: int = SEED) -> MeasureSet:
    """Return `sizes` questions without articles, of both files and with and without history in proportion.

    The history holds the user's questions only, as in the set; `golds` is the rewrite.
    """
    rows = [(name, row) for name in _FILES for row in read_rows(data / "rewriting" / f"{name}.jsonl", _Question)]
    conversations = distinct([row.conversation for _, row in rows], str)
    halves = Sizes(report=(len(conversations) + 1) // 2, tune=len(conversations) // 2)
    own = set(split(conversations, halves, part, seed))
    reported = _said(rows, set(split(conversations, halves, "report", seed))) if part == "tune" else frozenset()
    asked = [item for item in rows if item[1].conversation in own and not item[1].said & reported]
    some = Sizes(report=sizes.of(part), tune=0)  # the halves are apart already
    drawn = split_by(
        distinct(asked, lambda item: item[1].question.casefold()),
        some,
        "report",
        seed,
        kind=lambda item: (item[0], bool(item[1].history)),
    )
    return MeasureSet("rewriting", (), tuple(_case(name, row) for name, row in drawn))


def _said(rows: Iterable[tuple[str, _Question]], conversations: Collection[str]) -> frozenset[str]:
    """Return what users said in `conversations`; two questions are asked in two of them."""
    return frozenset().union(*(row.said for _, row in rows if row.conversation in conversations))


def _case(name: str, row: _Question) -> Case:
    return Case(
        id=row.id,
        set="rewriting",
        question=row.question,
        history=tuple(("user", question) for question in row.history),
        golds=(row.rewrite,),
        extra={"file": name, "conversation": row.conversation},
    )
