"""Characters that nobody sees: what may hide an instruction in them is kept from the chat model, and counted.

Stripped are tags and variation selectors, zero-width and bidirectional controls, soft hyphens, and control characters
other than white space. Quotes keep them, since a quote is the article's text, character by character.
"""

import re

__all__ = ["stripped", "visible"]

_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)


def visible(text: str) -> str:
    """Return `text` without its invisible characters."""
    return _INVISIBLE.sub("", text)


def stripped(text: str) -> int:
    """Return how many invisible characters `text` has."""
    return len(_INVISIBLE.findall(text))
