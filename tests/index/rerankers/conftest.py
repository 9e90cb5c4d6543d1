"""Cross-encoders of a few kilobytes, made here: random numbers, but real files of a real architecture."""

from collections.abc import Callable
from pathlib import Path

import pytest

VOCABULARY = (
    "[PAD]",
    "[UNK]",
    "[CLS]",
    "[SEP]",
    "[MASK]",
    *["the", "bridge", "opened", "on", "monday", "ferry", "stopped", "cost", "when", ".", "?"],
)


@pytest.fixture(scope="session")
def make_cross_encoder() -> Callable[..., Path]:
    """Return what writes a model into a folder, of so many labels, with an architecture by its transformers name."""

    def make(folder: Path, *, labels: int = 1, architecture: str = "BertForSequenceClassification") -> Path:
        import torch  # noqa: PLC0415  (seconds that tests of other folders need not wait for)
        import transformers  # noqa: PLC0415

        torch.manual_seed(0)
        config = transformers.BertConfig(
            vocab_size=len(VOCABULARY),
            hidden_size=16,
            num_hidden_layers=1,
            num_attention_heads=2,
            intermediate_size=32,
            max_position_embeddings=32,
            num_labels=labels,
        )
        getattr(transformers, architecture)(config).save_pretrained(folder)
        vocabulary = {token: number for number, token in enumerate(VOCABULARY)}
        transformers.BertTokenizer(vocab=vocabulary).save_pretrained(folder)
        return folder

    return make


@pytest.fixture(scope="session")
def cross_encoder_folder(make_cross_encoder: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a cross-encoder with one label, which nobody changes."""
    return make_cross_encoder(tmp_path_factory.mktemp("cross-encoder"))
