"""The reranker over a sentence-transformers CrossEncoder of one label, loaded from a local folder."""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from index.cross_encoders import PairModel, fault_of
from index.errors import RerankerError

__all__ = ["CrossEncoderReranker"]

_REMEDY = "name a folder with a sentence-transformers CrossEncoder of one label"


class CrossEncoderReranker:
    """Score with the cross-encoder in `folder`, which the first call loads.

    Raises RerankerError where the folder is missing or holds no such model; one that gives several labels for a pair
    (of natural language inference, say) is told by the first call.
    """

    def __init__(self, folder: Path, *, name: str) -> None:
        self.name = name
        self._folder = folder
        if fault := fault_of(folder):
            raise RerankerError(f"reranker {name!r}: {folder} {fault}; {_REMEDY}")

    def scores(self, query: str, texts: Sequence[str]) -> list[float]:
        """Return the model's raw scores; a sigmoid would make all high ones 1."""
        if not texts:
            return []
        model = self._model
        with self._errors("run"):
            scores = [score for (score,) in model.logits([(query, text) for text in texts])]
        if not all(math.isfinite(score) for score in scores):
            raise RerankerError(f"reranker {self.name!r} in {self._folder} gave a score that is no number; {_REMEDY}")
        return scores

    @cached_property
    def _model(self) -> PairModel:
        with self._errors("loaded"):
            model = PairModel(self._folder)
        if model.n_labels != 1:
            raise RerankerError(
                f"reranker {self.name!r}: the model in {self._folder} gives {model.n_labels} labels for a pair, "
                f"so its scores have no order; {_REMEDY}"
            )
        return model

    @contextmanager
    def _errors(self, what: str) -> Iterator[None]:
        try:
            yield
        except Exception as exc:  # transformers, safetensors, tokenizers and torch each have an error tree
            raise RerankerError(f"reranker {self.name!r} in {self._folder} cannot be {what}: {exc}; {_REMEDY}") from exc
