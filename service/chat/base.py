"""The chat model seam: what answering asks of a model, whichever it is."""

from dataclasses import dataclass
from typing import Protocol

from prompts import Messages

__all__ = ["READING_TOKENS", "Call", "Chat", "Draft", "Reading", "Reply", "Support", "Written"]


READING_TOKENS = 24
"""Most tokens of a reading; a longer one is cut off, and no answer."""


@dataclass(frozen=True)
class Call:
    """What one call cost, in tokens; zeros where the provider does not say."""

    prompt_tokens: int = 0
    completion_tokens: int = 0


@dataclass(frozen=True)
class Draft:
    """One statement of an answer as the model gave it, unchecked: the ids it named, then its words."""

    evidence: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class Reply:
    """The statements of an answer; none where the model says that the evidence does not state it."""

    drafts: tuple[Draft, ...]
    call: Call
    degraded: str | None = None


@dataclass(frozen=True)
class Support:
    """A probability that the model gives, by its reply's first token; 0 or 1 where it tells no token probabilities."""

    probability: float
    call: Call
    degraded: str | None = None


@dataclass(frozen=True)
class Reading:
    """A short answer that the model read out of a text, and how sure it was.

    `places` has for each of its tokens the likeliest ones there with their probabilities, the one that was taken first;
    none where the model tells no token probabilities.
    """

    text: str
    places: tuple[tuple[tuple[str, float], ...], ...]
    call: Call
    degraded: str | None = None


@dataclass(frozen=True)
class Written:
    """A short text that the model wrote, as it came."""

    text: str
    call: Call


class Chat(Protocol):
    """A chat model. Every method raises ChatUnavailableError, ChatTimeoutError or ChatInvalidError."""

    @property
    def name(self) -> str:
        """Return the model's name, as it was set."""
        ...

    async def answer(self, messages: Messages) -> Reply:
        """Ask for an answer over numbered evidence."""
        ...

    async def support(self, messages: Messages) -> Support:
        """Ask a question of yes or no; return the probability of yes."""
        ...

    async def reread(self, messages: Messages) -> Reading:
        """Ask for a short answer, with the probabilities of its tokens."""
        ...

    async def write(self, messages: Messages) -> Written:
        """Ask for a line or a few: a question put anew, or the questions that it consists of."""
        ...

    async def check(self) -> str:
        """Really reach the model; return words on its state."""
        ...

    async def warm(self) -> None:
        """Have a local model read the static parts of its prompts, before somebody waits for it."""
        ...

    async def close(self) -> None:
        """Release what the model holds; end a child process."""
        ...
