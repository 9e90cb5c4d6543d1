"""Whether a question asks for one value, so that a second statement could only be another answer, or for several."""

import re

__all__ = ["asks_one_value", "asks_several"]

_ONE = re.compile(
    r"\b(?:how (?:many|much|long|old|far|large|big|tall|high|often)|(?:at|in|on|by|from|since|until) (?:what|which) "
    r"(?:time|year|date|day|month|age)|what (?:time|year|date|day|month|percentage|share)|"
    r"(?:(?<!\w )|(?<=since )|(?<=until )|(?<=by ))when|wann|wie (?:viele?|lange|oft|alt)|(?<!\w )quand|"
    r"combien|cuándo|cuánt[oa]s?)\b",
    re.IGNORECASE,
)
_SEVERAL = re.compile(r"\b(?:and|or|und|oder|et|ou|y|o|each|both|respectively|dates|years|times)\b|,", re.IGNORECASE)
_NUMBER = "two|three|four|five|six|seven|several|some|all|zwei|drei|deux|trois|dos|tres"
_LIST = re.compile(
    rf"\b(?:list|enumerate|name (?:all|the|{_NUMBER})|(?:who|what) (?:are|were) (?!(?:you|we|they)\b)"
    rf"|(?:what|which) (?:{_NUMBER})\b"
    r"|(?:what|which) (?:[\w-]+ ){0,2}[\w-]+[^\Ws]s (?:of [\w-]+ )?(?:are|were|have|do)\b"
    r"|nenne|welche \w+en (?:sind|waren|haben)|quel(?:le)?s \w+s (?:sont|ont)|cuáles (?:son|eran))\b",
    re.IGNORECASE,
)


def asks_one_value(question: str) -> bool:
    """Tell whether `question` asks for one number, date or time; a question of several things does not."""
    return _ONE.search(question) is not None and _SEVERAL.search(question) is None


def asks_several(question: str) -> bool:
    """Tell whether `question` asks for a list, or for each of several things, as far as its wording tells."""
    return _LIST.search(question) is not None
