"""The verifier seam: how likely it is that cited sentences state an answer to a question.

The chat model is asked in a fresh short prompt. Asked as the next turn of the conversation that gave the answer, a
model agrees with itself: on SQuAD the area under the curve between right and wrong answers falls from .86 to .65.
A model made for entailment may stand in its place.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from prompts import load_prompt
from service.characters import visible
from service.chat.base import Chat, Support

__all__ = ["SUPPORT_PROMPT", "ChatVerifier", "Claim", "Verifier"]

SUPPORT_PROMPT = "support.v2"


@dataclass(frozen=True)
class Claim:
    """What is to be checked: a text, as an answer to a question or by itself, against sentences of articles."""

    text: str
    sentences: Sequence[str]
    question: str | None = None


class Verifier(Protocol):
    """Something that tells how far sentences state a claim; raises errors of the chat model or of the model file."""

    @property
    def name(self) -> str:
        """Return what a calibration knows it by."""
        ...

    async def support(self, claim: Claim) -> Support:
        """Return the raw probability, from 0 to 1, that the sentences state the claim."""
        ...

    async def close(self) -> None:
        """Release what is held."""
        ...


class ChatVerifier:
    """Ask the chat model for yes or no."""

    def __init__(self, chat: Chat) -> None:
        self._chat = chat

    @property
    def name(self) -> str:
        """Return the chat model and the prompt, for a calibration holds for both."""
        return f"{self._chat.name} {SUPPORT_PROMPT} {load_prompt(SUPPORT_PROMPT).fingerprint}"

    async def support(self, claim: Claim) -> Support:
        """Ask whether the sentences state the claim."""
        messages = load_prompt(SUPPORT_PROMPT).render(
            sentence=" ".join(claim.sentences),
            question=" ".join(visible(claim.question or "").split()),
            answer=claim.text,
        )
        return await self._chat.support(messages)

    async def close(self) -> None:
        """Do nothing: the chat model is closed by its owner."""
