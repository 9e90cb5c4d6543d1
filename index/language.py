"""The language of an article, where its source does not say."""

import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from index.storage import storage_errors

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

__all__ = ["UNDETERMINED", "detect_language"]

UNDETERMINED = "und"
"""ISO 639 code for a language that could not be told."""

_SAMPLE_CHARS = 4_000
_LEAST_PROBABILITY = 0.5


def detect_language(text: str) -> str:
    """Return the ISO 639-1 code of `text`, or UNDETERMINED where the detector is less than even odds sure."""
    code, probability = _identifier().classify(text[:_SAMPLE_CHARS])
    return str(code) if probability >= _LEAST_PROBABILITY else UNDETERMINED


@cache
def _identifier() -> "LanguageIdentifier":
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415  (loading its model takes 0.2 s)

    with storage_errors(Path(tempfile.gettempdir(), "language model")):  # it is unpacked there
        return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
