"""Attribution: which sentence of the evidence an answer rests on.

Small models often name the number one line off, so the answer's own words decide where they can: where its phrase
stands in another sentence of the evidence than the one named, that one is cited.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from index.search import Evidence
from service.chat.base import Draft

__all__ = ["Attributed", "attribute"]

_WORD = re.compile(r"\w+")
_WHOLE = 0.999


@dataclass(frozen=True)
class Attributed:
    """An answer's text and the evidence it rests on."""

    text: str
    evidence: tuple[Evidence, ...]


def attribute(draft: Draft, question: str, evidence: Sequence[Evidence]) -> Attributed | None:
    """Choose the sentences that `draft` rests on, or None where no sentence of the evidence can be named.

    One sentence that holds all words of the answer (less the question's own) is enough: the first of the named ones,
    else the one that ranked best. Failing that, the named sentences stand; ids that were never shown count for nothing.
    """
    named = [item for item in evidence if str(item.number) in draft.evidence]
    words = _words(draft.text) - _words(question) or _words(draft.text)
    by_rank = sorted(evidence, key=lambda item: -item.score)
    for item in (*named, *by_rank):
        if _share(words, item) >= _WHOLE:
            return Attributed(draft.text, (item,))
    if named:
        return Attributed(draft.text, tuple(named))
    best = max(by_rank, key=lambda item: _share(words, item), default=None)
    return Attributed(draft.text, (best,)) if best and _share(words, best) else None


def _share(words: frozenset[str], item: Evidence) -> float:
    return len(words & _words(item.text)) / len(words) if words else 0.0


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(unicodedata.normalize("NFKC", text).casefold()))
