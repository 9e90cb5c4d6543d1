"""Calibration: from what the gates measured to the probability that a statement is right.

A calibration is a small file of JSON: how it was made, for which verifier (a chat model with its prompt, or a model
of its own), and a logistic regression over the features. A verifier without one has no probabilities, and its answers
no score.
"""

import math
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict

from service.checking.features import FEATURES, MOST
from service.settings import Settings

__all__ = ["Calibration", "find_calibration"]


class Calibration(BaseModel):
    """A logistic regression: `intercept` plus `weights` times features; `made` says of what it was made, and how well.

    `verifier` is the name that the verifier gives itself, `encoder` that of the encoder it was made with.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    verifier: str
    encoder: str
    weights: dict[str, float]
    intercept: float
    made: dict[str, str | float | int]

    @property
    def reads(self) -> bool:
        """Tell whether it weighs what is read out of sentences."""
        return any(self.weights.get(name) for name in MOST)

    def probability(self, features: Mapping[str, float]) -> float:
        """Return the probability that a statement of these features is right.

        Where `told` and `agreement` are not among them nothing was read, and the most that the probability could be is
        returned.
        """
        known = {**MOST, **features}
        odds = self.intercept + sum(weight * known[name] for name, weight in self.weights.items())
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))


def find_calibration(verifier: str, settings: Settings) -> Calibration | None:
    """Return the calibration for a verifier, or None where there is none.

    One that weighs the rank in retrieval holds for its encoder alone, and with no reranker.
    """
    ranks_alike = (settings.encoder, None)
    return next(
        (
            item
            for item in _calibrations()
            if item.verifier == verifier
            and ("rank" not in item.weights or (item.encoder, settings.reranker) == ranks_alike)
        ),
        None,
    )


@cache
def _calibrations() -> tuple[Calibration, ...]:
    folder = files(__package__).joinpath("calibrations")
    if not folder.is_dir():
        return ()
    found = tuple(
        Calibration.model_validate_json(file.read_text(encoding="utf-8"))
        for file in sorted(folder.iterdir(), key=lambda file: file.name)
        if file.name.endswith(".json")
    )
    if any(set(item.weights) - set(FEATURES) for item in found):
        raise ValueError(f"a calibration weighs features other than {', '.join(FEATURES)}")
    return found
