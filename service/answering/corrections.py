"""Corrections: whether an article says that its outlet had it wrong before, and came after what it corrects."""

import re

from index.articles import Article
from index.dates import utc_days, utc_moment
from index.search import Evidence

__all__ = ["corrects"]

_NEAR_CHARS = 300  # of a corrected value, where the correction is said
# what an outlet corrects; of laws, troops and markets it reports that they are amended, withdrawn or corrected
_REPORT = (
    r"(?:reports?|articles?|stor(?:y|ies)|versions?|figures?|counts?|tolls?|numbers?|estimates?|totals?|statements?)"
)
_WRONG = r"(?:wrong|incorrect|mistaken|inaccurate|in error|revised|amended|withdrawn|updated)"
_TO_CORRECT = r"(?:corrects?|correcting|revis(?:es?|ed|ing)|amend(?:s|ed)?|withdr(?:aws?|ew|awn|awing))"
_CORRECTION = re.compile(
    r"\bcorrections?(?=\s*[*_]*[:.,—–-]| to | and clarification|$)|\bcorrected\b|\berratum\b"
    r"|\bretract(?:s|ed|ion|ions)\b"
    rf"|\b{_REPORT}\b(?:(?! (?:says?|said|that|found|shows?|showed) )[^.!?]){{0,60}} (?:was|were|is|are|been) "
    rf"{_WRONG}\b"
    rf"|\b{_TO_CORRECT} (?:[\w’'-]+ ){{0,3}}{_REPORT}\b"
    r"|\b(?:fewer|more|less|higher|lower|not) (?:[\w,.$€£%]+ )?(?:than|as) "
    r"(?:(?:first|earlier|previously|originally) )?(?:reported|stated)"
    r"|\b(?:berichtig\w*|korrigier\w*|korrektur|rectifi\w*|corrección|correção)\b",
    re.IGNORECASE | re.MULTILINE,
)


def corrects(late: Evidence, early: Evidence) -> bool:
    """Tell whether a sentence stands by a correction of what an earlier article of the same outlet says."""
    new, old = late.article, early.article
    if not (new.outlet and old.outlet) or new.outlet.casefold() != old.outlet.casefold() or not _is_later(new, old):
        return False
    near = new.text[max(0, late.start - _NEAR_CHARS) : late.end + _NEAR_CHARS]
    return _says_so(new.title or "") or _says_so(near)


def _is_later(new: Article, old: Article) -> bool:
    """Tell whether an article came after another; of one day, as far as hours or a title tell."""
    if not (new.published_at and old.published_at):
        return False
    days, days_before = utc_days(new.published_at), utc_days(old.published_at)
    if days != days_before:
        return days[0] > days_before[0]
    moment, moment_before = utc_moment(new.published_at), utc_moment(old.published_at)
    if moment and moment_before and moment != moment_before:
        return moment > moment_before
    return _says_so(new.title or "") and not _says_so(old.title or "")


def _says_so(text: str) -> bool:
    return _CORRECTION.search(text) is not None
