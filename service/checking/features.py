"""What a calibration reads of a checked statement."""

import math
from collections.abc import Mapping

from service.chat.base import Reading, Support
from service.checking.attribution import Attributed
from service.checking.rereading import agreement, refusal
from service.checking.wording import content_words, share

__all__ = ["FEATURES", "MOST", "features_of"]

MOST: Mapping[str, float] = {"told": 4.0, "agreement": 2.0}
"""The most that the features of a reading can be.

More agreement told right statements from others no better. The bound of `told` tells when a sentence that hardly
answers need not be read, for then nothing it says could hold.
"""

FEATURES = ("support", *MOST, "rank", "asked", "said")
"""All features."""

_EDGE = 1e-4  # probabilities nearer to 0 or 1 are noise of rounding


def features_of(support: Support, reading: Reading | None, claim: Attributed, question: str) -> dict[str, float]:
    """Return the features, by name.

    `support`: the log-odds of what the verifier gave. `told`, `agreement`: only where it was asked to read, the
    log-odds that the sentences tell an answer, and that it is the statement if they do. `rank`: the
    score of the best cited sentence in retrieval. `asked`: the share of the question's words, less those of the
    statement, that stand in the cited sentences or their titles. `said`: the share of the statement's words, less those
    of the question, that stand in the cited sentences.
    """
    asked, said = content_words(question, claim.language), content_words(claim.text, claim.language)
    titles = [item.article.title or "" for item in claim.evidence]
    return {
        "support": _log_odds(support.probability),
        **(_read(reading, claim, question) if reading else {}),
        "rank": max(item.score for item in claim.evidence),
        "asked": share(asked - said, [*claim.sentences, *titles], claim.language),
        "said": share(said - asked, claim.sentences, claim.language),
    }


def _read(reading: Reading, claim: Attributed, question: str) -> dict[str, float]:
    agreed = agreement(reading, claim.text, question, claim.language)
    found = {"told": _log_odds(1 - refusal(reading)), "agreement": _log_odds(agreed)}
    return {name: min(MOST[name], max(-MOST[name], value)) for name, value in found.items()}


def _log_odds(probability: float) -> float:
    bounded = min(1 - _EDGE, max(_EDGE, probability))
    return math.log(bounded / (1 - bounded))
