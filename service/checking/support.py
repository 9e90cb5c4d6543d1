"""The verifier seam: how likely it is that cited sentences state an answer to a question.

The chat model is asked twice, each time in a fresh short prompt that does not show it the answer, so that it cannot
agree with itself: whether the sentences answer the question, and what the answer is. The heading of the article stands
above them, for a sentence of a report seldom repeats what it is about, and when. Shown the answer, in a prompt with
the same examples, a small model tells right answers from others less well (area under the curve on SQuAD .81, against
.85 for the first question and .89 for both). A model made for entailment may stand in its place.
"""

from dataclasses import dataclass
from typing import Protocol

from prompts import Messages, load_prompt
from service.characters import visible
from service.chat.base import Chat, Reading, Support
from service.prompt_names import ANSWERABLE_PROMPT, CLAIM_PROMPT, REREAD_PROMPT

__all__ = ["ChatVerifier", "Claim", "Verifier"]

_HEADING_CHARS = 200


@dataclass(frozen=True)
class Claim:
    """What is to be checked: a text, as an answer to a question or by itself, against sentences of articles.

    `heading` tells the article: its title, outlet and day.
    """

    text: str
    sentences: tuple[str, ...]
    question: str | None = None
    heading: str = ""


class Verifier(Protocol):
    """Something that tells how far sentences state a claim; raises errors of the chat model or of the model file."""

    @property
    def name(self) -> str:
        """Return what a calibration knows it by."""
        ...

    @property
    def reads(self) -> bool:
        """Tell whether it reads answers itself, and so is not shown the text of a claim that has a question."""
        ...

    async def support(self, claim: Claim) -> Support:
        """Return the raw probability, from 0 to 1, that the sentences state the claim."""
        ...

    async def reread(self, claim: Claim) -> Reading:
        """Return the answer to the claim's question that is read from the sentences alone, where it reads."""
        ...

    async def close(self) -> None:
        """Release what is held."""
        ...


class ChatVerifier:
    """Ask the chat model."""

    reads = True

    def __init__(self, chat: Chat) -> None:
        self._chat = chat

    @property
    def name(self) -> str:
        """Return the chat model and the prompts, for a calibration holds for them together."""
        prompts = (f"{name} {load_prompt(name).fingerprint}" for name in (ANSWERABLE_PROMPT, REREAD_PROMPT))
        return " ".join((self._chat.name, *prompts))

    async def support(self, claim: Claim) -> Support:
        """Ask whether the sentences answer the claim's question, or state a claim that has none."""
        sentence = " ".join(claim.sentences)
        if claim.question is None:
            return await self._chat.support(load_prompt(CLAIM_PROMPT).render(sentence=sentence, claim=claim.text))
        return await self._chat.support(_asked(ANSWERABLE_PROMPT, claim))

    async def reread(self, claim: Claim) -> Reading:
        """Ask the claim's question of the sentences anew."""
        return await self._chat.reread(_asked(REREAD_PROMPT, claim))

    async def close(self) -> None:
        """Do nothing: the chat model is closed by its owner."""


def _asked(prompt: str, claim: Claim) -> Messages:
    heading = _line(claim.heading)[:_HEADING_CHARS] or "untitled"
    question = _line(claim.question or "")
    return load_prompt(prompt).render(heading=heading, sentence=" ".join(claim.sentences), question=question)


def _line(text: str) -> str:
    return " ".join(visible(text).split())
