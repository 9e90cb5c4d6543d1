"""What the service itself tells the model is no answer: a statement that repeats a prompt is dropped."""

import re
from functools import cache

from prompts import load_prompt
from service.prompt_names import PROMPTS

__all__ = ["repeats_the_prompt"]

_RUN = 6  # words; articles share shorter runs with the prompts by chance
_WORD = re.compile(r"\w+")


def repeats_the_prompt(text: str) -> bool:
    """Tell whether `text` holds a run of six words of a prompt's instructions."""
    return not _runs(text).isdisjoint(_instructions())


@cache
def _instructions() -> frozenset[tuple[str, ...]]:
    return frozenset[tuple[str, ...]]().union(*(_runs(load_prompt(name).system) for name in PROMPTS))


def _runs(text: str) -> frozenset[tuple[str, ...]]:
    words = [word.casefold() for word in _WORD.findall(text)]
    return frozenset(tuple(words[i : i + _RUN]) for i in range(len(words) - _RUN + 1))
