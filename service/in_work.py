"""What is in work, questions or searches: how many there may be, and how many came before each."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from service.answering.telling import Tell, untold
from service.contract.events import StageEvent
from service.errors import OverloadedError

__all__ = ["InWork"]


@dataclass(frozen=True, eq=False)
class _Place:
    tell: Tell


class InWork:
    """Admit at most `limit` of `what` at once, and tell each how many are ahead of it whenever that changes."""

    def __init__(self, limit: int, what: str) -> None:
        self._limit = limit
        self._what = what
        self._places: list[_Place] = []

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._places)

    @contextmanager
    def one(self, tell: Tell = untold) -> Iterator[None]:
        """Count one more while the block lasts. Raises OverloadedError beyond the limit."""
        if len(self._places) >= self._limit:
            raise OverloadedError(f"{self._limit} {self._what} are in work, which is the limit; ask again in a moment")
        place = _Place(tell)
        tell(StageEvent(stage="waiting", ahead=len(self._places)))
        self._places.append(place)
        try:
            yield
        finally:
            freed = self._places.index(place)
            del self._places[freed]
            for ahead, behind in enumerate(self._places[freed:], freed):
                behind.tell(StageEvent(stage="waiting", ahead=ahead))
