"""Exact match and token F1 (Rajpurkar et al. 2016; those of the official script of SQuAD 2.0)."""

from collections import Counter
from collections.abc import Sequence

from eval.metrics.normalise import normalise

__all__ = ["exact_match", "token_f1"]


def exact_match(answer: str, golds: Sequence[str]) -> bool:
    """Tell whether the answer has the tokens of a gold string, and no others; without gold, whether it has none."""
    return any(normalise(answer) == normalise(gold) for gold in _or_none(golds))


def token_f1(answer: str, golds: Sequence[str]) -> float:
    """Return the F1 of the answer's tokens over those of the gold string that it matches best.

    Where one of the two has no tokens, it is 1 if the other has none either, else 0. No gold string stands for an empty
    one: the right answer is none.
    """
    return max(_f1(normalise(answer), normalise(gold)) for gold in _or_none(golds))


def _or_none(golds: Sequence[str]) -> Sequence[str]:
    return golds or ("",)


def _f1(answer: Sequence[str], gold: Sequence[str]) -> float:
    if not answer or not gold:
        return float(answer == gold)
    shared = (Counter(answer) & Counter(gold)).total()
    return 2 * shared / (len(answer) + len(gold))
