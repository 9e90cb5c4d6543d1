"""Runs without a model: cases with scores that a test chooses."""

from collections.abc import Callable, Mapping, Sequence

import pytest

from eval.cases.model import Case
from eval.runs.model import CaseError, CaseRecord, Mode, Run, RunHeader
from service.contract import Answer, Usage

Scores = Mapping[str, float] | None
MakeRun = Callable[..., Run]

ANSWER = Answer(
    id="ans_1", outcome="answered", reason=None, answer="", statements=[], citations=[], dropped=[], nearest=[],
    searched=[], as_of=None, degraded=[], model={}, prompts={}, usage=Usage(), timings_ms={},
)  # fmt: skip
ERROR = CaseError(kind="timeout", detail="too slow")


def _record(case_id: str, slice_: str, repeat: int, scores: Scores) -> CaseRecord:
    outcome = "not_found" if slice_ == "unanswerable" else "answered"
    case = Case.model_validate({"id": case_id, "slice": slice_, "question": "Who?", "outcome": outcome})
    answer, error = (None, ERROR) if scores is None else (ANSWER, None)
    return CaseRecord(
        case=case, repeat=repeat, search=None, answer=answer, error=error, seconds=1.0, scores=dict(scores or {})
    )


def _header(name: str, n_cases: int, repeats: int, fingerprint: str, mode: Mode) -> RunHeader:
    return RunHeader(
        name=name, started_at="2026-11-01T00:00:00Z", set="harbour", set_fingerprint=fingerprint, n_cases=n_cases,
        repeats=repeats, mode=mode, target="in process", settings={}, model={}, prompts={}, index={}, versions={},
        machine={}, commit=None, seed=0,
    )  # fmt: skip


@pytest.fixture(scope="session")
def make_run() -> MakeRun:
    """Return what makes a run of cases `c0`, `c1`, ... with scores, those of each repeat in a list of its own."""

    def make(
        *repeats: Sequence[Scores],
        name: str = "new",
        slices: Sequence[str] = ("single",),
        first: int = 0,
        fingerprint: str = "f" * 64,
        mode: Mode = "replay",
    ) -> Run:
        records = [
            _record(f"c{first + i}", slices[i % len(slices)], repeat, scores)
            for repeat, row in enumerate(repeats)
            for i, scores in enumerate(row)
        ]
        return Run(header=_header(name, len(repeats[0]), len(repeats), fingerprint, mode), records=tuple(records))

    return make
