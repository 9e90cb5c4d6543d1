"""Cross-encoders of a local folder, never of a hub: a model that reads two texts at once, of however many labels.

sentence-transformers makes a cross-encoder of any transformer that it is given, with a last layer of random numbers
where the model has none: of a sentence encoder's folder, say, without an error. So the folder must say of itself that
it holds a cross-encoder. Likewise transformers makes a tokenizer of five tokens where there is no file of one.
"""

import json
from collections.abc import Sequence
from pathlib import Path

__all__ = ["PairModel", "config_of", "fault_of"]

_BATCH = 16
_TOKENIZERS = ("tokenizer.json", "vocab.txt", "vocab.json", "sentencepiece.bpe.model", "spiece.model")


class PairModel:
    """The model of a folder, loaded when made, which takes seconds; every call raises what its libraries raise."""

    def __init__(self, folder: Path) -> None:
        from sentence_transformers import CrossEncoder  # noqa: PLC0415  (4 s of torch)
        from transformers.utils import logging  # noqa: PLC0415

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        self._encoder = CrossEncoder(
            str(folder),
            device="cpu",
            local_files_only=True,
            trust_remote_code=False,
            model_kwargs={"dtype": "float32"},  # half precision, as some are stored, is slower on a processor
        )

    @property
    def n_labels(self) -> int:
        """Return how many numbers a pair has."""
        return int(self._encoder.num_labels)

    def logits(self, pairs: Sequence[tuple[str, str]]) -> list[list[float]]:
        """Return one row a pair with the model's raw number for each label."""
        from torch import nn  # noqa: PLC0415

        found = self._encoder.predict(
            list(pairs), batch_size=_BATCH, show_progress_bar=False, activation_fn=nn.Identity()
        )
        return [[float(number) for number in row.reshape(-1)] for row in found]


def fault_of(folder: Path) -> str | None:
    """Say what is wrong with a folder, of sentence-transformers or of transformers alone; None where nothing is."""
    if not folder.is_dir():
        return "is not a folder"
    if (folder / "modules.json").is_file():
        whole = _read(folder / "config_sentence_transformers.json").get("model_type") == "CrossEncoder"
    else:
        architectures = config_of(folder).get("architectures")
        first = architectures[0] if isinstance(architectures, list) and architectures else None
        whole = str(first).endswith("ForSequenceClassification")
    if not whole:
        return "holds no cross-encoder"
    return None if any((folder / file).is_file() for file in _TOKENIZERS) else f"has no {_TOKENIZERS[0]}"


def config_of(folder: Path) -> dict[str, object]:
    """Return the model's config.json; an empty one where it cannot be read."""
    return _read(folder / "config.json")


def _read(file: Path) -> dict[str, object]:
    try:
        found = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
