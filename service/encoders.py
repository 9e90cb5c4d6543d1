"""The encoder that the settings name."""

from pathlib import Path
from typing import TYPE_CHECKING

from index.encoders import Encoder, FakeEncoder
from index.errors import EncoderError
from index.weights import MINILM, Weights, require
from service.errors import SettingsError
from service.options import read_options
from service.settings import Settings

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

__all__ = ["ENCODERS", "LANGCHAIN", "make_encoder"]

ENCODERS: dict[str, Weights] = {MINILM.name: MINILM}
"""Encoders that `pullquote models pull` brings, by name."""
LANGCHAIN = "langchain:"
"""What the name of a LangChain provider's encoder begins with."""


def make_encoder(settings: Settings) -> Encoder:
    """Make the encoder of the settings; its model is loaded by the first text.

    Raises WeightsError where its files are missing, and EncoderError for a name that is neither known nor a folder, and
    for a provider or options that cannot be.
    """
    name = settings.encoder
    if name.startswith(LANGCHAIN):
        return _langchain(settings)
    if name == "fake":
        return FakeEncoder()
    return _sentence_transformer(settings)


def _sentence_transformer(settings: Settings) -> Encoder:
    from index.encoders.sentence_transformer import SentenceTransformerEncoder  # noqa: PLC0415  (numpy, tokenizers)

    name, dtype = settings.encoder, settings.encoder_dtype
    if name in ENCODERS:
        return SentenceTransformerEncoder(require(settings.models_folder, ENCODERS[name]), name=name, dtype=dtype)
    folder = Path(name)
    if not folder.is_dir():
        raise EncoderError(
            f"PULLQUOTE_ENCODER is {name!r}, which is neither a folder nor one of {', '.join(ENCODERS)}; "
            "models are never loaded from a hub, so download it first and name its folder"
        )
    return SentenceTransformerEncoder(folder, name=folder.resolve().name, dtype=dtype)


def _langchain(settings: Settings) -> Encoder:
    from index.encoders.langchain_embeddings import LangChainEncoder  # noqa: PLC0415  (0.5 s of LangChain)

    provider, colon, model = settings.encoder.removeprefix(LANGCHAIN).partition(":")
    if not (provider and colon and model):
        raise EncoderError(
            f"PULLQUOTE_ENCODER is {settings.encoder!r}; write {LANGCHAIN}PROVIDER:MODEL, "
            f"such as {LANGCHAIN}openai:text-embedding-3-small"
        )
    return LangChainEncoder(_embeddings(provider, model, _options(settings)), name=settings.encoder)


def _options(settings: Settings) -> dict[str, object]:
    try:
        return read_options("PULLQUOTE_ENCODER_OPTIONS", settings.encoder_options)
    except SettingsError as exc:
        raise EncoderError(str(exc)) from exc  # of the encoder, which a request may be the first to need


def _embeddings(provider: str, model: str, options: dict[str, object]) -> "Embeddings":
    from langchain.embeddings import init_embeddings  # noqa: PLC0415

    try:
        return init_embeddings(model, provider=provider, **options)
    except ImportError as exc:
        raise EncoderError(f"{LANGCHAIN}{provider}:{model} needs a package that is not installed: {exc}") from exc
    except Exception as exc:  # every provider has its own error tree, and its words may quote a key
        raise EncoderError(
            f"{LANGCHAIN}{provider}:{model} cannot be set up ({type(exc).__name__}); check PULLQUOTE_ENCODER (its "
            "provider is one of langchain.embeddings), PULLQUOTE_ENCODER_OPTIONS and the provider's key"
        ) from exc
