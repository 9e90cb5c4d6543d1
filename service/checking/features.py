"""What a calibration reads of a checked statement."""

import math

from service.chat.base import Support
from service.checking.attribution import Attributed
from service.checking.wording import content_words, share

__all__ = ["FEATURES", "MOST_LOG_ODDS", "features_of"]

FEATURES = ("support", "agreement", "rank", "asked", "said")
_EDGE = 1e-4  # probabilities nearer to 0 or 1 are noise of rounding


def features_of(support: Support, agreement: Support | None, claim: Attributed, question: str) -> dict[str, float]:
    """Return the features, by name.

    `support`, `agreement`: the log-odds of what the verifier gave, the second only where it was asked. `rank`: the
    score of the best cited sentence in retrieval. `asked`: the share of the question's words, less those of the
    statement, that stand in the cited sentences or their titles. `said`: the share of the statement's words, less those
    of the question, that stand in the cited sentences.
    """
    asked, said = content_words(question, claim.language), content_words(claim.text, claim.language)
    titles = [item.article.title or "" for item in claim.evidence]
    return {
        "support": _log_odds(support.probability),
        **({"agreement": _log_odds(agreement.probability)} if agreement else {}),
        "rank": max(item.score for item in claim.evidence),
        "asked": share(asked - said, [*claim.sentences, *titles], claim.language),
        "said": share(said - asked, claim.sentences, claim.language),
    }


def _log_odds(probability: float) -> float:
    bounded = min(1 - _EDGE, max(_EDGE, probability))
    return math.log(bounded / (1 - bounded))


MOST_LOG_ODDS = _log_odds(1.0)
"""The most that a feature in log-odds can be."""
