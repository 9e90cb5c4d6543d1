"""The manifest of a generation: what its sentences and vectors were made with."""

from dataclasses import asdict, dataclass

from index.encoders.base import Encoder
from index.errors import ManifestMismatchError
from index.passages import CHUNKER

__all__ = ["Manifest"]

_NORMALISER = "nfc-1"
_WORDS = "snowball-2"


@dataclass(frozen=True)
class Manifest:
    """Encoder (name, revision, dimension, tokens a passage, pooling), chunker, normaliser and word versions."""

    encoder: str
    revision: str
    dimension: int
    max_tokens: int
    pooling: str = "late-mean, title first"
    chunker: str = CHUNKER
    normaliser: str = _NORMALISER
    words: str = _WORDS

    @classmethod
    def of(cls, encoder: Encoder) -> "Manifest":
        """Return the manifest that a generation made with `encoder` has."""
        return cls(encoder.name, encoder.revision, encoder.dimension, encoder.max_tokens)

    def check(self, stored: dict[str, object]) -> None:
        """Raise ManifestMismatchError, naming what differs and the remedy, unless `stored` is equal to this."""
        wanted = asdict(self)
        differing = [name for name in wanted if stored.get(name) != wanted[name]]
        if differing:
            was = ", ".join(f"{name} {stored.get(name)!r} (now {wanted[name]!r})" for name in differing)
            raise ManifestMismatchError(
                f"the index was made with {was}; run `pullquote reindex` to make it anew, "
                "or set the encoder it was made with"
            )
