"""WiCE (Kamoi et al. 2023): claims of Wikipedia against the sentences of the page that they cite."""

from collections.abc import Sequence
from pathlib import Path

from eval.bench.data import Document
from eval.measure.cases import Case, MeasureSet
from eval.measure.draws import SEED, Part, Sizes, split_by
from eval.measure.rows import Row, as_stored, read_rows

__all__ = ["load_support"]

_SIZES = Sizes(report=150, tune=150)
_TITLE = "(meta data) TITLE: "


class _Claim(Row):
    claim: str
    sentences: tuple[str, ...]
    label: str
    supporting: tuple[tuple[int, ...], ...]

    @property
    def first_supporting(self) -> tuple[int, ...]:
        """Return the first set of sentences that has any; annotators gave several, an empty one for no support."""
        return next(filter(None, self.supporting), ())


def load_support(data: Path, part: Part, *, sizes: Sizes = _SIZES, seed: int = SEED) -> MeasureSet:
    """Return `sizes` claims, of each label in proportion, with one page each, a sentence a line.

    `label` in `extra` is `supported`, `partially_supported` or `not_supported`; `evidence` and `spans` are the
    sentences of the first annotation that names any.
    """
    rows = list(enumerate(read_rows(data / "support" / "wice.jsonl", _Claim)))
    drawn = split_by(rows, sizes, part, seed, kind=lambda item: item[1].label)
    return MeasureSet("support", (), tuple(_case(i, row) for i, row in drawn))


def _case(i: int, row: _Claim) -> Case:
    sentences = [as_stored(sentence) for sentence in row.sentences]
    starts = _starts(sentences)
    title = sentences[0].removeprefix(_TITLE) if sentences[0].startswith(_TITLE) else ""
    page = Document(f"wice:{i}", title, "\n".join(sentences))
    chosen = row.first_supporting
    return Case(
        id=page.id,
        set="support",
        question=row.claim,
        documents=(page,),
        spans=tuple((page.id, starts[n], starts[n] + len(sentences[n])) for n in chosen),
        evidence=tuple(sentences[n] for n in chosen),
        gold_articles=(page.id,) if chosen else (),
        extra={"label": row.label},
    )


def _starts(lines: Sequence[str]) -> list[int]:
    """Return where each line starts once they are joined."""
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    return starts
