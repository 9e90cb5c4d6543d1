"""What is told of an answer while it is made; each event by the name that it has in a stream."""

from typing import Literal

from pydantic import Field

from service.contract.answers import Citation, Dropped, EvidenceOut, Reason, Statement, WindowOut
from service.contract.base import Out

__all__ = [
    "DroppedEvent",
    "Event",
    "SearchedEvent",
    "SourcesEvent",
    "StageEvent",
    "StageName",
    "StatementEvent",
]

StageName = Literal["waiting", "understanding", "searching", "reading", "checking", "comparing"]


class StageEvent(Out):
    """What is being done; `ahead` counts the questions that came before this one and are still in work."""

    stage: StageName
    ahead: int = 0


class SearchedEvent(Out):
    """What was searched so far, and the window of publication that the question asked for."""

    searched: list[str]
    window: WindowOut | None = None


class SourcesEvent(Out):
    """The sentences that the answer would come from; `reason` says why there are none."""

    evidence: list[EvidenceOut]
    reason: Reason | None = None


class StatementEvent(Out):
    """A statement that passed its gates, with what it rests on; `answer` is the beginning of the answer, up to it."""

    statement: Statement
    citations: list[Citation] = Field(description="those of this statement")
    answer: str


class DroppedEvent(Out):
    """A statement that was left out, and why."""

    dropped: Dropped


Event = StageEvent | SearchedEvent | SourcesEvent | StatementEvent | DroppedEvent
