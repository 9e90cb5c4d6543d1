"""What names may stand on: the words of a source, in all the spellings that count as the same."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from service.checking.name_words import (
    TOKEN,
    expansions,
    is_acronym,
    is_idle,
    is_telling,
    key,
    needs_capitals,
    parts,
    with_digits,
)

__all__ = ["NameGround"]

_LETTERS_BEFORE_DIGITS = re.compile(r"[^\W\d_]+(?=\d)")


@dataclass(frozen=True)
class NameGround:
    """What names may stand on: the words of some texts, the acronyms in them, and those that their words may have.

    `designations` are those words that have digits in them: F-16, COP27.
    """

    keys: frozenset[str]
    designations: frozenset[str]
    acronyms: frozenset[str]
    expansions: frozenset[str]

    @classmethod
    def of(cls, texts: Sequence[str]) -> "NameGround":
        """Read the words of `texts`."""
        tokens = [[parts(token[0]) for token in TOKEN.finditer(text)] for text in texts]
        read = [[word for token in text for word in token] for text in tokens]
        words = frozenset(word for text in read for word in text)
        joined = frozenset(word for text in tokens for token in text for word in with_digits(token))
        around = frozenset(word for text in texts for word in _around_digits(text))
        return cls(
            keys=frozenset(map(key, words | joined | around)),
            designations=frozenset(key(word) for word in joined if word[0].isalpha() and not word.isalpha()),
            acronyms=frozenset(filter(is_acronym, words)),
            expansions=frozenset(acronym for text in read for acronym, _ in expansions(text)),
        )

    def holds(self, name: str) -> bool:
        """Tell whether each telling word of `name` stands here: in any order, as an acronym, or as what one means."""
        words = [word for token in TOKEN.finditer(name) for word in with_digits(parts(token[0]))]
        telling = [at for at, word in enumerate(words) if is_telling(word)]
        telling = telling or [at for at, word in enumerate(words) if not is_idle(word)]
        missing = {at for at in telling if not self.has(words[at])}
        if not missing:
            return True
        return missing <= {at for acronym, places in expansions(words) if acronym in self.acronyms for at in places}

    def has(self, word: str) -> bool:
        """Tell whether one word stands here, or what it is an acronym of."""
        if is_acronym(word) and (word in self.expansions or needs_capitals(word)):
            return word in self.expansions or word in self.acronyms
        return key(word) in self.keys


def _around_digits(text: str) -> Iterator[str]:
    """Yield F16 for "F 16", and the letters of COP27."""
    before, end = "", 0
    for token in TOKEN.finditer(text):
        words = parts(token[0])
        yield from (match[0] for word in words if (match := _LETTERS_BEFORE_DIGITS.match(word)))
        if words[0][:1].isdigit() and before[:1].isalpha() and text[end : token.start()].isspace():
            yield before + words[0]
        before, end = words[-1], token.end()
