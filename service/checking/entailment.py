"""The verifier over a model of natural language inference: a CrossEncoder in a local folder, never from a hub.

Which of the model's numbers is entailment only the names of its labels tell, for models differ in their order. Where
they are LABEL_0 and so on the model is refused: a guess could take contradiction for support. A model of one label
needs no name; its number is a logit of support, as HHEM's is. So a reranker is taken too, and proves nothing.
"""

import asyncio
import math
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from index.cross_encoders import PairModel, config_of, fault_of
from service.chat.base import Call, Reading, Support
from service.checking.support import Claim
from service.errors import ChatInvalidError, ChatUnavailableError, SettingsError
from service.worker import Worker

__all__ = ["EntailmentVerifier"]

_ENTAILMENT = frozenset({"entail", "entails", "entailed", "entailment", "support", "supports", "supported"})
_REMEDY = "name a folder with a sentence-transformers CrossEncoder for entailment"
_NAMING = 'write the names of its labels into "id2label" of its config.json, as its model card gives them'


class EntailmentVerifier:
    """Check with the model in `folder`, which the first claim loads; claims are read one after the other.

    Raises SettingsError where the folder is missing, holds no such model, or does not tell which label is entailment.
    """

    reads = False

    def __init__(self, folder: Path, *, name: str) -> None:
        self.name = name
        self._folder = folder
        if fault := fault_of(folder):
            raise SettingsError(f"verifier {name!r}: {folder} {fault}; {_REMEDY}")
        self._labels = _labels(folder)
        found = [place for place, label in enumerate(self._labels) if label.lower() in _ENTAILMENT]
        if len(self._labels) > 1 and len(found) != 1:
            raise SettingsError(
                f"verifier {name!r}: the labels of the model in {folder} are {', '.join(self._labels)}, "
                f"which does not tell the one for entailment; {_NAMING}"
            )
        self._place = found[0] if len(self._labels) > 1 else None
        self._worker = Worker("verifier")

    async def support(self, claim: Claim) -> Support:
        """Return the probability that the sentences entail the claim, put after its question where it has one.

        Raises ChatUnavailableError where the model cannot be loaded or run.
        """
        premise = _line(*claim.sentences)
        hypothesis = _line(claim.question or "", claim.text)
        return Support(await self._worker.run(self._probability, premise, hypothesis), Call())

    async def reread(self, claim: Claim) -> Reading:
        """Raise ChatInvalidError: a model for entailment answers no question."""
        raise ChatInvalidError(f"verifier {self.name!r} reads no answers, such as to {claim.question!r}")

    async def close(self) -> None:
        """Wait for the claim that is read, and end the thread."""
        await asyncio.to_thread(self._worker.close)

    @cached_property
    def _model(self) -> PairModel:
        return PairModel(self._folder)

    def _probability(self, premise: str, hypothesis: str) -> float:
        try:
            (logits,) = self._model.logits([(premise, hypothesis)])
        except Exception as exc:  # transformers, safetensors, tokenizers and torch each have an error tree
            raise self._unavailable(f"cannot be run: {exc}") from exc
        if len(logits) != len(self._labels):
            raise self._unavailable(f"gives {len(logits)} numbers and names {len(self._labels)} labels")
        if not all(math.isfinite(logit) for logit in logits):
            raise self._unavailable("gave a score that is no number")
        return _sigmoid(logits[0]) if self._place is None else _softmax(logits)[self._place]

    def _unavailable(self, what: str) -> ChatUnavailableError:
        return ChatUnavailableError(f"verifier {self.name!r}: the model in {self._folder} {what}; {_REMEDY}")


def _labels(folder: Path) -> list[str]:
    """Return the names of a model's labels in the order of its numbers; transformers takes two where none are named."""
    config = config_of(folder)
    names = config.get("id2label")
    if isinstance(names, dict) and names:
        return [str(names.get(str(place))) for place in range(len(names))]
    return ["LABEL_0"] if config.get("num_labels") == 1 else ["LABEL_0", "LABEL_1"]


def _line(*texts: str) -> str:
    return " ".join(" ".join(texts).split())


def _softmax(logits: Sequence[float]) -> list[float]:
    highest = max(logits)
    weights = [math.exp(logit - highest) for logit in logits]
    return [weight / sum(weights) for weight in weights]


def _sigmoid(logit: float) -> float:
    return _softmax([0.0, logit])[1]
