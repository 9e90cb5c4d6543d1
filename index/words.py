"""Words for the lexical score: case-folded, stemmed by language, pairs of characters where a script has no spaces."""

import re
import unicodedata
import zlib
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from itertools import pairwise

import numpy as np
import snowballstemmer
from numpy.typing import NDArray
from snowballstemmer.basestemmer import BaseStemmer

__all__ = ["index_words", "is_function_word", "number_of", "numbered", "query_pairs", "query_words"]

_LANGUAGES = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish",
    "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian",
    "id": "indonesian", "it": "italian", "lt": "lithuanian", "ne": "nepali", "nl": "dutch", "no": "norwegian",
    "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish", "ta": "tamil",
    "tr": "turkish", "yi": "yiddish",
}  # fmt: skip
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
# vowel signs and the like, which \w leaves out: combining marks, Hebrew, Arabic, and the scripts of India
_MARKS = "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0963\u0966-\u0dff"
_RUN = re.compile(rf"[{_UNSPACED}]+|(?:[^\W_{_UNSPACED}]|[{_MARKS}])+")
_SIGNS = {ord(sign): " " for sign in "™℠®©"}
_ACCENT = 200  # canonical combining classes from here on are accents; below are vowel signs and joiners
_MAX_WORD_CHARS = 64
_STOP_WORDS = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "been",
        "by",
        "did",
        "do",
        "does",
        "for",
        "from",
        "had",
        "has",
        "have",
        "how",
        "in",
        "is",
        "it",
        "its",
        "of",
        "on",
        "or",
        "that",
        "the",
        "their",
        "there",
        "these",
        "they",
        "this",
        "to",
        "was",
        "were",
        "what",
        "when",
        "where",
        "which",
        "who",
        "whom",
        "whose",
        "why",
        "will",
        "with",
    ]
)


def index_words(text: str, language: str | None) -> list[str]:
    """Return the words of `text` in order. A language without a stemmer keeps its words whole."""
    algorithm = _LANGUAGES.get((language or "en").split("-")[0], "")
    words: list[str] = []
    for run in _RUN.findall(_fold(text)):
        if re.match(f"[{_UNSPACED}]", run):
            words.extend(run[i : i + 2] for i in range(max(1, len(run) - 1)))
        else:
            words.append(_stem(algorithm, run[:_MAX_WORD_CHARS]))
    return words


def is_function_word(word: str) -> bool:
    """Tell whether a word of an index or a question is an English function word."""
    return word in _STOP_WORDS


def query_words(question: str, language: str | None) -> list[str]:
    """Return the distinct words of a question, without its function words unless nothing else is left."""
    folded = _RUN.findall(_fold(question))
    content = " ".join(word for word in folded if word not in _STOP_WORDS) or " ".join(folded)
    return list(dict.fromkeys(index_words(content, language)))


def query_pairs(question: str, language: str | None) -> list[tuple[str, str]]:
    """Return the words that stand next to each other in a question, both of them in `query_words`."""
    words = set(query_words(question, language))
    in_order = index_words(question, language)
    return list(dict.fromkeys(pair for pair in pairwise(in_order) if words.issuperset(pair)))


def number_of(word: str) -> int:
    """Return the number that stands for a word; of a million words, one in four thousand shares another's."""
    return zlib.crc32(word.encode()) or 1  # 0 ends a line


def numbered(lines: Iterable[Sequence[str]]) -> NDArray[np.uint32]:
    """Return lines of words as numbers, with a 0 after each line."""
    return np.array([number for line in lines for number in (*map(number_of, line), 0)], dtype=np.uint32)


def _fold(text: str) -> str:
    """Return `text` compatibility-decomposed, without accents, case-folded; trade marks do not stick to names."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_SIGNS)).casefold()
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if unicodedata.combining(c) < _ACCENT))


@lru_cache(maxsize=100_000)
def _stem(algorithm: str, word: str) -> str:
    """Return the stem of a word; nine of ten words of an article were stemmed before."""
    stemmer = _stemmer(algorithm)
    return str(stemmer.stemWord(word)) if stemmer else word


@cache
def _stemmer(algorithm: str) -> BaseStemmer | None:
    return snowballstemmer.stemmer(algorithm) if algorithm else None
