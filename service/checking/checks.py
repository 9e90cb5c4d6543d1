"""The verifier as one question uses it: what was asked once is not asked again, and each call is told of."""

from collections.abc import Callable, Hashable
from dataclasses import replace

from service.chat.base import Reading, Support
from service.checking.support import Claim, Verifier

__all__ = ["Checks"]


class Checks:
    """Ask `verifier`; `before` is called ahead of each call and may raise, `after` is told what it gave.

    A verifier that reads is not shown the text of a claim, so that claims alike but for it are one to it.
    """

    def __init__(
        self, verifier: Verifier, *, before: Callable[[], None], after: Callable[[Support | Reading], None]
    ) -> None:
        self._verifier = verifier
        self._before = before
        self._after = after
        self._supports: dict[Hashable, Support] = {}
        self._readings: dict[Hashable, Reading] = {}

    async def support(self, claim: Claim) -> Support:
        """Return how likely the sentences state the claim. Raises errors of the verifier."""
        key = replace(claim, text="") if self._verifier.reads and claim.question is not None else claim
        if key not in self._supports:
            self._before()
            self._supports[key] = await self._verifier.support(claim)
            self._after(self._supports[key])
        return self._supports[key]

    async def reread(self, claim: Claim) -> Reading:
        """Return the answer that is read from the sentences alone. Raises errors of the verifier."""
        key = replace(claim, text="")
        if key not in self._readings:
            self._before()
            self._readings[key] = await self._verifier.reread(claim)
            self._after(self._readings[key])
        return self._readings[key]
