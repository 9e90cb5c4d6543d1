"""Whether an answer is right, as the design defines it."""

from collections.abc import Sequence

from eval.metrics.normalise import holds, normalise

__all__ = ["is_right", "names_all"]

_MAX_TOKENS = 30


def is_right(answer: str, golds: Sequence[str]) -> bool:
    """Tell whether a gold string stands in the answer as whole tokens, and the answer is short enough for it.

    Short enough are 30 tokens, or twice those of that gold string: the design's definition of *right*. Tokens are
    those of `normalise`, citation markers are none. Where there is no gold string, nothing is right.
    """
    tokens = normalise(answer)
    wanted = [normalise(gold) for gold in golds]
    return any(holds(tokens, gold) and len(tokens) <= max(_MAX_TOKENS, 2 * len(gold)) for gold in wanted)


def names_all(answer: str, required: Sequence[Sequence[str]]) -> bool | None:
    """Tell whether the answer names one string of each group, at any length; None where nothing is required.

    It is how an answer is held to every side of a disagreement, or to every part of a question.
    """
    if not required:
        return None
    tokens = normalise(answer)
    return all(any(holds(tokens, normalise(accepted)) for accepted in group) for group in required)
