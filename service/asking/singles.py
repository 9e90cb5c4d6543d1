"""Whether a question asks for one value, so that a second statement could only be another answer to it."""

import re

__all__ = ["asks_one_value"]

_ONE = re.compile(
    r"\b(?:how (?:many|much|long|old|far|large|big|tall|high|often)|(?:at|in|on|by|from|since|until) (?:what|which) "
    r"(?:time|year|date|day|month|age)|what (?:time|year|date|day|month|percentage|share)|"
    r"(?:(?<!\w )|(?<=since )|(?<=until )|(?<=by ))when|wann|wie (?:viele?|lange|oft|alt)|(?<!\w )quand|"
    r"combien|cuándo|cuánt[oa]s?)\b",
    re.IGNORECASE,
)
_SEVERAL = re.compile(r"\b(?:and|or|und|oder|et|ou|y|o|each|both|respectively|dates|years|times)\b|,", re.IGNORECASE)


def asks_one_value(question: str) -> bool:
    """Tell whether `question` asks for one number, date or time; a question of several things does not."""
    return _ONE.search(question) is not None and _SEVERAL.search(question) is None
