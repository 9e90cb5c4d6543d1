"""What is different: between two runs in how they were made, and between two records of a case in what came out."""

from collections.abc import Mapping
from dataclasses import dataclass

from eval.report.judged import is_failed
from eval.report.pieces import Piece, changed_pieces
from eval.report.texts import setting
from eval.runs.model import CaseRecord, RunHeader

__all__ = ["Beside", "Setting", "Shift", "beside", "differences"]

_PARTS = ("settings", "model", "prompts", "index", "versions", "machine")
_SINGLE = ("set", "set_fingerprint", "mode", "target", "repeats", "seed", "commit")


@dataclass(frozen=True)
class Setting:
    """Something that the runs were made with and that differs; None where a run has no such thing."""

    name: str
    base: str | None
    new: str | None


@dataclass(frozen=True)
class Shift:
    """A score of a case that changed; None where the case has none."""

    metric: str
    base: float | None
    new: float | None


@dataclass(frozen=True)
class Beside:
    """A case in both runs: both answers, and what changed."""

    base: CaseRecord
    ours: list[Piece]
    others: list[Piece]
    shifts: list[Shift]
    """What scored otherwise; nothing where one of the two is an error, which has no scores."""
    same: bool
    """Whether outcome, answer and what is cited are the same."""


def differences(new: RunHeader, base: RunHeader) -> list[Setting]:
    """Return what differs in how two runs were made, in the order of the header."""
    ours, others = _flat(new), _flat(base)
    names = list(dict.fromkeys([*others, *ours]))
    return [Setting(name, others.get(name), ours.get(name)) for name in names if others.get(name) != ours.get(name)]


def beside(record: CaseRecord, base: CaseRecord) -> Beside:
    """Return the record beside that of the baseline."""
    ours, others = changed_pieces(_answer(record), _answer(base))
    decided = not is_failed(record) and not is_failed(base)
    metrics = list(dict.fromkeys([*record.scores, *base.scores])) if decided else []
    shifts = [Shift(name, base.scores.get(name), record.scores.get(name)) for name in metrics]
    return Beside(
        base,
        ours,
        others,
        [shift for shift in shifts if shift.base != shift.new],
        same=_outcome(record) == _outcome(base),
    )


def _flat(header: RunHeader) -> Mapping[str, str]:
    parts: dict[str, Mapping[str, object]] = {part: getattr(header, part) for part in _PARTS}
    single = {name: getattr(header, name) for name in _SINGLE}
    inside = {f"{part}: {name}": value for part, values in parts.items() for name, value in values.items()}
    return {name: setting(value) for name, value in (single | inside).items()}


def _answer(record: CaseRecord) -> str:
    return record.answer.answer if record.answer else ""


def _outcome(record: CaseRecord) -> object:
    answer = record.answer
    if answer is None:
        return record.error
    return answer.outcome, answer.answer, [(one.article_id, one.start, one.end) for one in answer.citations]
