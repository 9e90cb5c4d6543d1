"""The gate that needs no model: a statement says only what stands in the sentences that it cites."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.language import UNDETERMINED
from service.characters import visible
from service.checking.attribution import Attributed
from service.checking.claims import missing_from, without_values
from service.checking.contraries import contraries
from service.checking.wording import content_words, share

__all__ = ["LINK", "MARKER", "Wording", "check_wording"]

LINK = re.compile(
    r"(?:\b[a-z][a-z0-9+.-]{1,20}:[/\\]|\bwww\.|\bmailto:|\b(?:[\w-]{1,63}\.){1,8}[a-z]{2,24}[/\\])\S+", re.IGNORECASE
)
"""What a browser would open."""

MARKER = re.compile(r"\[\d+\]")
"""What looks like the marker of a citation."""

_VERDICT = frozenset(["yes", "no", "ja", "nein", "oui", "non", "si", "nao", "nee"])
_LEAST_SHARE = 0.5


@dataclass(frozen=True)
class Wording:
    """What a statement says and its sentences do not, or say otherwise: values, names, or most of its words.

    Values are numbers, dates and links, and what is said beside them.
    """

    values: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    unsaid: bool = False

    @property
    def passed(self) -> bool:
        """Tell whether nothing is missing."""
        return not (self.values or self.names or self.unsaid)

    @property
    def missing(self) -> list[str]:
        """Return what is missing, as the statement writes it."""
        return [*self.values, *self.names]

    def words(self) -> str:
        """Say what is missing."""
        if self.missing:
            return f"not in the cited sentence: {', '.join(self.missing)}"
        return "its words are not those of the sentence" if self.unsaid else ""


def check_wording(claim: Attributed, question: str, language: str | None, context: Sequence[str] = ()) -> Wording:
    """Compare a statement with the sentences that it cites.

    Names may also stand in `context`: the sentence before, which is then cited too. The titles of the articles count
    as context, the question never does, for it may presume what is false. `language` is that of the question: an
    answer in another language than its article shares few words with it, so that only values and names are compared.
    """
    cited = [visible(sentence) for sentence in claim.sentences]
    articles = [item.article for item in claim.evidence]
    around = [*map(visible, context), *(visible(article.title or "") for article in articles)]
    missing = missing_from(
        claim.text,
        cited,
        context=around,
        published=[article.published_at for article in articles if article.published_at],
        language=claim.language,
    )
    known = {_bare(link) for text in cited for link in (*LINK.findall(text), *MARKER.findall(text))}
    signs = [*LINK.findall(claim.text), *MARKER.findall(claim.text)]
    strange = [sign for sign in signs if _bare(sign) not in known]
    foreign = _differ(language, claim.language)
    return Wording(
        (*strange, *missing.dates, *missing.numbers, *contraries(claim.text, cited, claim.language)),
        missing.names,
        not foreign and _unsaid(claim, question, [*cited, *around]),
    )


def _bare(link: str) -> str:
    return link.rstrip(".,;:!?)}\"'’”»")


def _differ(one: str | None, other: str | None) -> bool:
    """Tell whether two languages are known and not one; en-US and EN are en."""
    first, second = (re.split("[-_]", language or UNDETERMINED)[0].casefold() for language in (one, other))
    return UNDETERMINED not in (first, second) and first != second


def _unsaid(claim: Attributed, question: str, texts: Sequence[str]) -> bool:
    """Tell whether most words of a statement stand in none of the texts, its values apart where they stand there."""
    language = claim.language
    words = content_words(claim.text, language) - _VERDICT
    own = words - content_words(question, language) or words
    if share(own, texts, language) >= _LEAST_SHARE:
        return False
    rest = content_words(without_values(claim.text, texts, language), language) - _VERDICT
    return share(rest - content_words(question, language) or rest, texts, language) < _LEAST_SHARE
