"""The encoder over any LangChain `Embeddings`.

Such a model gives one vector a text and none of its tokens, so that sentences and passages are encoded apart, each
without its neighbours. Nor does it give a tokenizer: tokens are guessed, and rather too many than too few, so that a
passage stays below the model's limit. Of the sample articles they are 1.14 to 1.36 times those of all-MiniLM-L6-v2.
"""

import re
from collections.abc import Callable, Sequence
from itertools import chain

import numpy as np
from langchain_core.embeddings import Embeddings

from index.encoders.base import PassageText, PassageVectors, Vector, Vectors, unit
from index.errors import EncoderError

__all__ = ["LangChainEncoder"]

_BATCH = 96  # Cohere takes no more texts a request, which is the smallest limit of the large providers
_PROBE = "dimension"
_TOLERANCE = 1e-3
# Thai, Lao, Burmese, Khmer, kana, Han, and Hangul, whose syllables are long in bytes
_SINGLE = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
_TOKEN = re.compile(
    rf"[{_SINGLE}]"  # one character
    r"|[A-Za-z\u00c0-\u024f]{1,4}"  # four letters of a Latin word
    r"|\d{1,3}"  # three digits
    rf"|(?:(?![{_SINGLE}])\w){{1,2}}"  # two letters of any other script
    r"|[^\w\s]"  # a punctuation mark, a vowel sign, a part of an emoji
)


class LangChainEncoder:
    """Encode with `embeddings`; texts and questions go wherever that sends them.

    `max_tokens` is counted by `token_spans`, whose guess leaves models of 512 tokens some room at the default.
    `revision` is what the manifest keeps beside the name; providers tell no release of a model, so change it where you
    know that the vectors have changed. Every call raises EncoderError where the embeddings fail, or give vectors that
    cannot be compared.
    """

    def __init__(
        self, embeddings: Embeddings, *, name: str, max_tokens: int = 254, revision: str = "langchain-1"
    ) -> None:
        self.name = name
        self.max_tokens = max_tokens
        self.revision = revision
        self._embeddings = embeddings
        self._dimension: int | None = None

    @property
    def dimension(self) -> int:
        """Return the length of a vector, learnt from the first text encoded; one is encoded if there was none yet."""
        return self._dimension or len(self.encode_query(_PROBE))

    def token_spans(self, text: str) -> list[tuple[int, int]]:
        """Return the offsets of guessed tokens: four letters, three digits, a mark, a character of unspaced scripts."""
        return [found.span() for found in _TOKEN.finditer(text)]

    def encode_passages(self, passages: Sequence[PassageText]) -> list[PassageVectors]:
        """Encode passages and sentences together, each text once."""
        pieces = [_sentences(passage) for passage in passages]
        for piece in chain.from_iterable(pieces):
            if not _TOKEN.search(piece):
                raise EncoderError(f"a sentence has no token: {piece[:40]!r}")
        texts = list(dict.fromkeys(chain((passage.text for passage in passages), *pieces)))
        rows = dict(zip(texts, self._documents(texts), strict=True))
        return [
            PassageVectors(rows[passage.text], np.stack([rows[piece] for piece in own]))
            for passage, own in zip(passages, pieces, strict=True)
        ]

    def encode_query(self, text: str) -> Vector:
        """Encode a question; one without a token gives the first unit vector, since providers refuse empty text."""
        spans = self.token_spans(text)[: self.max_tokens]
        if not spans:
            return np.eye(1, self.dimension, dtype=np.float32).reshape(-1)
        cut = text[: spans[-1][1]]
        return self._vectors(lambda: [self._embeddings.embed_query(cut)], expected=1).reshape(-1)

    def _documents(self, texts: list[str]) -> list[Vector]:
        """Return the vectors of `texts`, in as few calls as the largest batch allows."""
        batches = (texts[begin : begin + _BATCH] for begin in range(0, len(texts), _BATCH))
        return [row for batch in batches for row in self._batch(batch)]

    def _batch(self, batch: list[str]) -> Vectors:
        return self._vectors(lambda: self._embeddings.embed_documents(batch), expected=len(batch))

    def _vectors(self, ask: Callable[[], list[list[float]]], *, expected: int) -> Vectors:
        """Return the vectors that `ask` gives, of length one, shape [expected, dimension]."""
        with np.errstate(all="ignore"):  # what is no number is told below
            rows = self._rows(ask)
            if len(rows) != expected:
                raise EncoderError(f"encoder {self.name!r} gave {len(rows)} vectors for {expected} texts")
            lengths = {len(row) for row in rows}
            dimension = self._dimension or max(lengths)
            if lengths != {dimension}:
                raise EncoderError(
                    f"encoder {self.name!r} gave vectors of {', '.join(map(str, sorted(lengths)))} numbers where "
                    f"{dimension} were expected; if its model has changed, run `pullquote reindex`"
                )
            vectors = unit(np.stack(rows))
            if not np.allclose(np.linalg.norm(vectors, axis=-1), 1, atol=_TOLERANCE):
                raise EncoderError(f"encoder {self.name!r} gave a vector of zeros, or with a value that is no number")
        self._dimension = dimension
        return vectors

    def _rows(self, ask: Callable[[], list[list[float]]]) -> list[Vector]:
        """Translate whatever a provider raises; its own words may quote a key, so they are not repeated."""
        try:
            return [np.asarray(row, dtype=np.float32).reshape(-1) for row in ask()]
        except Exception as exc:  # every provider has its own error tree
            raise EncoderError(
                f"encoder {self.name!r} gave no vectors ({type(exc).__name__}); "
                "check that its server can be reached, and its key and options"
            ) from exc


def _sentences(passage: PassageText) -> list[str]:
    return [passage.text[start:end] for start, end in passage.sentences]
