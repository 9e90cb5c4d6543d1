"""Telling the asker what is done for a question, while it is done; nothing is told twice, and nothing taken back."""

from collections.abc import Callable, Mapping, Sequence

from index import Found
from service import projection
from service.asking.windows import Window
from service.contract import Citation, Dropped, Statement
from service.contract.events import (
    DroppedEvent,
    Event,
    SearchedEvent,
    SourcesEvent,
    StageEvent,
    StageName,
    StatementEvent,
)

__all__ = ["Tell", "Telling", "untold"]

Tell = Callable[[Event], None]

_STAGES: Mapping[str, StageName] = {
    "rewrite": "understanding",
    "split": "understanding",
    "retrieve": "searching",
    "read": "reading",
    "answer": "reading",
    "check": "checking",
    "conflicts": "comparing",
}


def untold(_: Event) -> None:
    """Tell nobody."""


class Telling:
    """Tell through `tell`, which must not block."""

    def __init__(self, tell: Tell = untold) -> None:
        self._tell = tell
        self._stage: StageName | None = None
        self._searched: list[str] = []
        self._said = 0

    def stage(self, name: str) -> None:
        """Tell that a stage began, by its name among the timings; one that is no news is not told."""
        stage = _STAGES.get(name)
        if stage and stage != self._stage:
            self._stage = stage
            self._tell(StageEvent(stage=stage))

    def searched(self, searched: Sequence[str], window: Window | None) -> None:
        """Tell what was searched, where that is more than was told."""
        if list(searched) != self._searched:
            self._searched = list(searched)
            self._tell(SearchedEvent(searched=self._searched, window=projection.window_out(window)))

    def sources(self, found: Found) -> None:
        """Tell which sentences were found."""
        body = projection.search_body(found)
        self._tell(SourcesEvent(evidence=body.evidence, reason=body.reason))

    def said(self, answer: str, statements: Sequence[Statement], citations: Sequence[Citation]) -> None:
        """Tell the statements that were not told; those that were must be the first of `statements`."""
        for i, statement in enumerate(statements[self._said :], self._said + 1):
            until = statements[i].start if i < len(statements) else len(answer)
            cited = [citation for citation in citations if citation.id in statement.citation_ids]
            self._tell(StatementEvent(statement=statement, citations=cited, answer=answer[:until]))
        self._said = max(self._said, len(statements))

    def dropped(self, dropped: Sequence[Dropped]) -> None:
        """Tell what was left out."""
        for item in dropped:
            self._tell(DroppedEvent(dropped=item))
