"""The encoder that the settings name."""

from pathlib import Path

from index.encoders import Encoder, FakeEncoder
from index.errors import EncoderError
from index.weights import MINILM, Weights, require
from service.settings import Settings

__all__ = ["ENCODERS", "make_encoder"]

ENCODERS: dict[str, Weights] = {MINILM.name: MINILM}
"""Encoders that `pullquote models pull` brings, by name."""


def make_encoder(settings: Settings) -> Encoder:
    """Make the encoder of the settings; its model is loaded by the first text.

    Raises WeightsError where its files are missing, and EncoderError for a name that is neither known nor a folder.
    """
    from index.encoders.sentence_transformer import SentenceTransformerEncoder  # noqa: PLC0415  (numpy, tokenizers)

    name = settings.encoder
    if name == "fake":
        return FakeEncoder()
    if name in ENCODERS:
        return SentenceTransformerEncoder(require(settings.models_folder, ENCODERS[name]), name=name)
    folder = Path(name)
    if not folder.is_dir():
        raise EncoderError(
            f"PULLQUOTE_ENCODER is {name!r}, which is neither a folder nor one of {', '.join(ENCODERS)}; "
            "models are never loaded from a hub, so download it first and name its folder"
        )
    return SentenceTransformerEncoder(folder, name=folder.resolve().name)
