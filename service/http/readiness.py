"""Readiness as strangers may see it, who must neither learn what a part says nor keep the parts busy."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from service.contract import Part, ReadyBody

__all__ = ["PublicReadiness"]

_KEPT_S = 1.0


class PublicReadiness:
    """Tell which parts work, without their details; `look` is called once a second at most, however many ask."""

    def __init__(self, look: Callable[[], Awaitable[ReadyBody]]) -> None:
        self._look = look
        self._one = asyncio.Lock()
        self._seen: ReadyBody | None = None
        self._until = 0.0

    async def told(self) -> ReadyBody:
        """Return what was seen within the last second; those who come while somebody looks wait for the same."""
        async with self._one:
            if self._seen is None or time.monotonic() >= self._until:
                self._seen = _without_details(await self._look())
                self._until = time.monotonic() + _KEPT_S
            return self._seen


def _without_details(body: ReadyBody) -> ReadyBody:
    return ReadyBody(ready=body.ready, parts={name: Part(ok=part.ok, detail="") for name, part in body.parts.items()})
