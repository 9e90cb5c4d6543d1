"""The reranker over a sentence-transformers CrossEncoder, loaded from a local folder, never from a hub.

sentence-transformers makes a cross-encoder of any transformer that it is given, with a last layer of random numbers
where the model has none: of a sentence encoder's folder, say, without an error. So the folder must say of itself that
it holds a cross-encoder. Likewise transformers makes a tokenizer of five tokens where there is no file of one.
"""

import json
import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import RerankerError

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

__all__ = ["CrossEncoderReranker"]

_BATCH = 16
_TOKENIZERS = ("tokenizer.json", "vocab.txt", "vocab.json", "sentencepiece.bpe.model", "spiece.model")
_REMEDY = "name a folder with a sentence-transformers CrossEncoder of one label"


class CrossEncoderReranker:
    """Score with the cross-encoder in `folder`, which the first call loads.

    Raises RerankerError where the folder is missing or holds no such model; one that gives several labels for a pair
    (of natural language inference, say) is told by the first call.
    """

    def __init__(self, folder: Path, *, name: str) -> None:
        self.name = name
        self._folder = folder
        if not folder.is_dir():
            raise RerankerError(f"reranker {name!r}: {folder} is not a folder; {_REMEDY}")
        if not _is_cross_encoder(folder):
            raise RerankerError(f"reranker {name!r}: {folder} holds no cross-encoder; {_REMEDY}")
        if not any((folder / file).is_file() for file in _TOKENIZERS):
            raise RerankerError(f"reranker {name!r}: {folder} has no {_TOKENIZERS[0]}; {_REMEDY}")

    def scores(self, query: str, texts: Sequence[str]) -> list[float]:
        """Return the model's raw scores; a sigmoid would make all high ones 1."""
        if not texts:
            return []
        model = self._model
        with self._errors("run"):
            from torch import nn  # noqa: PLC0415  (4 s of torch)

            found = model.predict(
                [(query, text) for text in texts],
                batch_size=_BATCH,
                show_progress_bar=False,
                activation_fn=nn.Identity(),
            )
        scores = [float(score) for score in found]
        if not all(math.isfinite(score) for score in scores):
            raise RerankerError(f"reranker {self.name!r} in {self._folder} gave a score that is no number; {_REMEDY}")
        return scores

    @cached_property
    def _model(self) -> "CrossEncoder":
        with self._errors("loaded"):
            import torch  # noqa: PLC0415
            from sentence_transformers import CrossEncoder  # noqa: PLC0415
            from transformers.utils import logging  # noqa: PLC0415

            logging.disable_progress_bar()  # type: ignore[no-untyped-call]
            model: CrossEncoder = CrossEncoder(
                str(self._folder),
                device="cpu",
                local_files_only=True,
                trust_remote_code=False,
                model_kwargs={"dtype": torch.float32},  # half precision, as some are stored, is slower on a processor
            )
        if model.num_labels != 1:
            raise RerankerError(
                f"reranker {self.name!r}: the model in {self._folder} gives {model.num_labels} labels for a pair, "
                f"so its scores have no order; {_REMEDY}"
            )
        return model

    @contextmanager
    def _errors(self, what: str) -> Iterator[None]:
        try:
            yield
        except Exception as exc:  # transformers, safetensors, tokenizers and torch each have an error tree
            raise RerankerError(f"reranker {self.name!r} in {self._folder} cannot be {what}: {exc}; {_REMEDY}") from exc


def _is_cross_encoder(folder: Path) -> bool:
    """Tell whether a folder says so, be it of sentence-transformers or of transformers alone."""
    if (folder / "modules.json").is_file():
        return _read(folder / "config_sentence_transformers.json").get("model_type") == "CrossEncoder"
    architectures = _read(folder / "config.json").get("architectures")
    first = architectures[0] if isinstance(architectures, list) and architectures else None
    return str(first).endswith("ForSequenceClassification")


def _read(file: Path) -> dict[str, object]:
    """Return the JSON object in a file; an empty one where there is none."""
    try:
        found = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
