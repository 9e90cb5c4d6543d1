"""Attribution: which sentences of the evidence a statement may rest on, the likeliest first.

Small models often name the number one line off, so the statement's own words decide where they can: where they all
stand in another sentence of the evidence than the one named, that one is tried.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from index.search import Evidence
from service.characters import visible
from service.chat.base import Draft
from service.checking.wording import content_words, share
from service.projection import heading

__all__ = ["Attributed", "attributions", "sentence_before"]

_WHOLE = 0.999
_NEXT = 2  # characters between a sentence and the one after it in a paragraph: a space, or a newline and an indent


@dataclass(frozen=True)
class Attributed:
    """A statement's text and the evidence it may rest on."""

    text: str
    evidence: tuple[Evidence, ...]

    @property
    def language(self) -> str | None:
        """Return the language of the cited articles, which is that of the first."""
        return self.evidence[0].article.language

    @property
    def heading(self) -> str:
        """Return what tells the first cited article."""
        return heading(self.evidence[0].article)

    @property
    def sentences(self) -> tuple[str, ...]:
        """Return the cited sentences in reading order, each as one line without invisible characters."""
        ordered = sorted(self.evidence, key=lambda item: item.number)
        return tuple(" ".join(visible(item.text).split()) for item in ordered)


def attributions(draft: Draft, question: str, evidence: Sequence[Evidence]) -> list[Attributed]:
    """Return what `draft` may rest on, the likeliest first; nothing where no sentence of the evidence can be named.

    One sentence that holds all words of the statement (less the question's own) is enough: the named ones before those
    that ranked best. Then all named sentences together. Failing that, the one that holds most of the words. Ids
    that were never shown count for nothing.
    """
    named = [item for item in evidence if str(item.number) in draft.evidence]
    by_rank = sorted(evidence, key=lambda item: -item.score)
    shares = {item.number: _share(draft.text, question, item) for item in evidence}
    found: list[tuple[Evidence, ...]] = [(item,) for item in (*named, *by_rank) if shares[item.number] >= _WHOLE]
    if named:
        found.append(tuple(named))
    if not found:
        best = max(by_rank, key=lambda item: shares[item.number], default=None)
        found = [(best,)] if best and shares[best.number] else []
    distinct: dict[tuple[int, ...], tuple[Evidence, ...]] = {}
    for items in found:
        distinct.setdefault(tuple(item.number for item in items), items)
    return [Attributed(draft.text, items) for items in distinct.values()]


def sentence_before(item: Evidence, evidence: Sequence[Evidence]) -> Evidence | None:
    """Return the sentence of the evidence that stands right before `item` in its article."""
    return next(
        (
            other
            for other in evidence
            if other.article.id == item.article.id and 0 <= item.start - other.end <= _NEXT and other is not item
        ),
        None,
    )


def _share(text: str, question: str, item: Evidence) -> float:
    language = item.article.language
    words = content_words(text, language) - content_words(question, language) or content_words(text, language)
    return share(words, [visible(item.text)], language) if words else 0.0
