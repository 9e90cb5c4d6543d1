"""A run: what is written of it, so that it can be read in a year.

A run file is JSON lines: a `RunHeader` first, then a `CaseRecord` for each case and repeat, in the order in which they
ended. A file whose last line was cut off is continued after its last whole line.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from eval.cases.model import Case
from service.contract import Answer, SearchBody

__all__ = ["CaseError", "CaseRecord", "Mode", "Run", "RunHeader"]

Mode = Literal["live", "replay", "record", "mixed", "http"]
"""live: models asked; replay: retrieval and answers from recordings; mixed: retrieval live, answers recorded;
record: as mixed, and what misses is asked and recorded; http: a running server."""


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RunHeader(_Record):
    """What was run, on what and with what."""

    type: Literal["run"] = "run"
    format: Literal[1] = 1
    name: str
    started_at: str
    set: str
    set_fingerprint: str = Field(description="sha256 over cases and articles; runs of other sets cannot be compared")
    n_cases: int
    repeats: int
    mode: Mode
    target: str = Field(description="`in process`, or the server's address")
    settings: dict[str, str | int | float | bool | None]
    model: dict[str, str]
    prompts: dict[str, str] = Field(description="fingerprint of each prompt by name and version")
    index: dict[str, str | int | float | None] = Field(description="manifest of the index")
    versions: dict[str, str | None]
    machine: dict[str, str | float]
    commit: str | None
    seed: int


class CaseError(_Record):
    """Why a case has no answer."""

    kind: Literal["timeout", "http", "service", "miss"]
    detail: str


class CaseRecord(_Record):
    """What became of one case in one repeat. `answer` and `error` exclude each other."""

    type: Literal["case"] = "case"
    case: Case
    repeat: int = 0
    search: SearchBody | None
    answer: Answer | None
    error: CaseError | None = None
    seconds: float
    scores: dict[str, float] = Field(description="by metric; a metric for which the case is not eligible is absent")

    @property
    def key(self) -> tuple[str, int]:
        """Return what tells it from the others of its run."""
        return self.case.id, self.repeat


class Run(_Record):
    """A run, read."""

    header: RunHeader
    records: tuple[CaseRecord, ...]
