"""Conflicts: what other articles give as the value that was asked for.

An answer rests on one article; another may say otherwise, and the evidence that the model saw may not show it. So the
sentences of other articles that could hold another value of the same kind are asked the same question, one at a time,
and what they say goes through the same gates.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from index.articles import Article
from index.dates import utc_days
from index.search import Evidence
from service.answering.composing import Said
from service.answering.corrections import corrects
from service.answering.solving import Solver
from service.answering.work import Work
from service.characters import visible
from service.checking.gate import LINK, MARKER
from service.checking.judging import Judged
from service.checking.secrecy import repeats_the_prompt
from service.checking.values import agrees, differ, holds_another, kind_of
from service.checking.wording import content_words, share
from service.contract import Conflict, ConflictValue, Statement

__all__ = ["Disagreement", "correction_notes", "find_disagreement", "make_conflict", "may_disagree", "say"]

_RIVALS = 4  # sentences that are read; each takes two short calls of the model
_SENTENCES = 2  # of an article
_LEAST_SHARE = 0.5  # of what the cited sentence has of the question's words, in the rival one
_LEAST_SCORE = 0.45  # of the score of the cited sentence
_NAME_CHARS = 80
_DAY_CHARS = len("2022-06-13")


@dataclass(frozen=True)
class Disagreement:
    """Statements of different value, the newest first; those of `superseded` were corrected by their own outlet."""

    values: tuple[Judged, ...]
    superseded: frozenset[int] = frozenset()

    @property
    def open(self) -> list[Judged]:
        """Return the values that stand."""
        return [value for i, value in enumerate(self.values) if i not in self.superseded]

    @property
    def old(self) -> list[Judged]:
        """Return the values that were corrected."""
        return [self.values[i] for i in sorted(self.superseded)]


def may_disagree(first: Judged) -> bool:
    """Tell whether a statement is a value of which there could be another: a date, a number or a name."""
    return first.claim is not None and kind_of(first.draft.text, first.claim.language) is not None


async def find_disagreement(
    work: Work, solver: Solver, question: str, first: Judged, wide: Sequence[Evidence]
) -> Disagreement | None:
    """Return the values that articles give for `question`, `first` among them, or None where no other is found.

    Raises ChatError where the model decides nothing.
    """
    rivals = _rivals(question, first, wide)
    if not rivals:
        return None
    values = [first]
    told: set[str] = set()  # articles that gave their value
    with work.timed("conflicts"):
        checks = solver.checks(work)
        for item in rivals:
            judged = None if item.article.id in told else await solver.look(work, question, item, checks)
            if judged is None:
                continue
            if not judged.holds:
                work.left_out.append(judged)
                continue
            told.add(item.article.id)
            if all(differ(judged.draft.text, value.draft.text, question, _language(judged)) for value in values):
                values.append(judged)
    if len(values) == 1:
        return None
    ordered = sorted(values, key=_published, reverse=True)
    return Disagreement(tuple(ordered), frozenset(_superseded(ordered)))


def _rivals(question: str, first: Judged, wide: Sequence[Evidence]) -> list[Evidence]:
    """Return sentences of other articles that may hold another value, the likeliest first.

    An article of which a likely sentence gives the value that was found agrees, and is not asked.
    """
    if first.claim is None:
        return []
    value, cited = first.draft.text, first.claim.evidence
    known = {item.article.id for item in cited} | {copy.article.id for item in cited for copy in item.copies}
    asked = content_words(question, first.claim.language) - content_words(value, first.claim.language)
    least = _LEAST_SHARE * _asked_share(asked, cited[0])
    least_score = _LEAST_SCORE * max(item.score for item in cited)
    likely: dict[str, list[Evidence]] = {}
    for item in sorted(wide, key=lambda item: -item.score):
        if item.article.id not in known and item.score >= least_score and _asked_share(asked, item) >= least:
            likely.setdefault(item.article.id, []).append(item)
    rivals = [
        item
        for items in likely.values()
        if not any(agrees(item.text, value, item.article.language) for item in items[:_SENTENCES])
        for item in items[:_SENTENCES]
        if holds_another(item.text, value, question, item.article.language)
    ]
    return sorted(rivals, key=lambda item: -item.score)[:_RIVALS]


def _asked_share(asked: frozenset[str], item: Evidence) -> float:
    return share(asked, [item.text, item.article.title or ""], item.article.language)


def _source(judged: Judged) -> str:
    """Return outlet and day, or what else tells the article."""
    if not judged.claim:
        return "?"
    article = judged.claim.evidence[0].article
    known = (_name(article), (article.published_at or "")[:_DAY_CHARS])
    return ", ".join(part for part in known if part)


def _name(article: Article) -> str:
    """Return what a reader knows an article by; its id where outlet and title could pass for more than a name."""
    names = [" ".join(visible(name).split()) for name in (article.outlet, article.title) if name]
    return next((name for name in names if _is_plain(name)), article.id)


def _is_plain(name: str) -> bool:
    """Tell whether a name is short, no link, holds no marker, and repeats no prompt."""
    return len(name) <= _NAME_CHARS and not (LINK.search(name) or MARKER.search(name) or repeats_the_prompt(name))


def _language(judged: Judged) -> str | None:
    return judged.claim.language if judged.claim else None


def _published(judged: Judged) -> date:
    published = judged.claim.evidence[0].article.published_at if judged.claim else None
    return utc_days(published)[0] if published else date.min


def _superseded(values: Sequence[Judged]) -> list[int]:
    """Return the places of values that another article of the same outlet corrects."""
    cited = [value.claim.evidence[0] if value.claim else None for value in values]
    return [i for i, old in enumerate(cited) if old and any(new and corrects(new, old) for new in cited)]


def say(found: Disagreement, part: str | None) -> list[Said]:
    """Return how a disagreement is said: every open value with its source, then what was corrected, to be seen so."""
    several = len(found.open) > 1
    lead = "The articles disagree: " if several else ""
    said = [
        Said(value, part, lead=lead if not i else "", tail=f" ({_source(value)})" if several else "")
        for i, value in enumerate(found.open)
    ]
    return said + [
        Said(value, part, lead="Said before, since corrected: ", tail=f" ({_source(value)})") for value in found.old
    ]


def make_conflict(
    question: str, found: Disagreement, said: Sequence[Said], statements: Sequence[Statement]
) -> Conflict:
    """Return a disagreement as a body; `statements` are those that `said` became, in its order."""
    cited = {id(item.judged): statement.citation_ids[0] for item, statement in zip(said, statements, strict=True)}
    values = [_value(value, cited[id(value)], superseded=False) for value in found.open]
    return Conflict(
        question=question, values=values + [_value(value, cited[id(value)], superseded=True) for value in found.old]
    )


def correction_notes(found: Disagreement) -> list[str]:
    """Return notes on what was corrected."""
    return [f"{_source(value)} said {value.draft.text}; the same outlet corrected it later" for value in found.old]


def _value(value: Judged, citation_id: str, *, superseded: bool) -> ConflictValue:
    article = value.claim.evidence[0].article if value.claim else None
    return ConflictValue(
        text=value.draft.text,
        citation_id=citation_id,
        outlet=article.outlet if article else None,
        published_at=article.published_at if article else None,
        superseded=superseded,
    )
