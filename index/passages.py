"""Passages: runs of neighbouring sentences that the encoder reads at once.

A paragraph stays whole where it fits; short ones share a passage until it holds `_ENOUGH_TOKENS`, since a lone
line of ten words says little about itself. A paragraph over the limit is cut at sentences into parts of
about the same size; a sentence over the limit is cut at a clause, else at a word, else anywhere. The limit is
in characters too: one word of 100,000 letters is a single token to all-MiniLM-L6-v2.
"""

import bisect
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from index.encoders.base import Encoder
from index.sentences import Sentence, split_sentences

__all__ = ["CHUNKER", "Passage", "Segments", "segment"]

CHUNKER = "paragraphs-3"
"""Version of the cutting, as recorded in the manifest."""

_ENOUGH_TOKENS = 48
_MAX_SENTENCE_CHARS = 2_000
_CLAUSE_END = re.compile(r"[,;:)\]—–،؛，；：、]")


@dataclass(frozen=True)
class Passage:
    """A run of sentences: numbers of the first and of the last one."""

    first: int
    last: int


@dataclass(frozen=True)
class Segments:
    """The sentences of a text, its passages, and the number of tokens of each sentence."""

    sentences: tuple[Sentence, ...]
    passages: tuple[Passage, ...]
    tokens: tuple[int, ...]


@dataclass(frozen=True)
class _Tokens:
    """Where the tokens of a text begin and end."""

    starts: list[int]
    ends: list[int]

    def within(self, start: int, end: int) -> tuple[int, int]:
        """Return the half-open range of tokens that lie at least in part in [start, end)."""
        return bisect.bisect_right(self.ends, start), bisect.bisect_left(self.starts, end)

    def count(self, sentence: Sentence) -> int:
        return self.between(sentence, sentence)

    def between(self, first: Sentence, last: Sentence) -> int:
        begin, end = self.within(first.start, last.end)
        return max(1, end - begin)


def segment(text: str, language: str | None, encoder: Encoder, *, reserved: int = 0) -> Segments:
    """Cut `text` into sentences and passages of at most `encoder.max_tokens` tokens, less those `reserved`."""
    limit = encoder.max_tokens - reserved
    spans = encoder.token_spans(text)
    tokens = _Tokens([start for start, _ in spans], [end for _, end in spans])
    sentences = [
        piece for whole in split_sentences(text, language) for piece in _split_long(text, whole, tokens, limit)
    ]
    counts = [tokens.count(sentence) for sentence in sentences]
    return Segments(tuple(sentences), tuple(_pack(sentences, tokens, limit)), tuple(counts))


def _split_long(text: str, sentence: Sentence, tokens: _Tokens, limit: int) -> list[Sentence]:
    pieces: list[Sentence] = []
    start = sentence.start
    while True:
        first, last = tokens.within(start, sentence.end)
        if last - first <= limit and sentence.end - start <= _MAX_SENTENCE_CHARS:
            break
        latest = tokens.ends[first + limit - 1] if last - first > limit else sentence.end
        cut = _cut(text, start, min(latest, start + _MAX_SENTENCE_CHARS))
        pieces.append(Sentence(start, start + len(text[start:cut].rstrip()), sentence.paragraph))
        start = cut + len(text[cut : sentence.end]) - len(text[cut : sentence.end].lstrip())
    pieces.append(Sentence(start, sentence.end, sentence.paragraph))
    return [piece for piece in pieces if any(character.isalnum() for character in text[piece.start : piece.end])]


def _cut(text: str, start: int, latest: int) -> int:
    """Return where to cut text[start:latest]: after a clause of its second half, else at a space, else at the end."""
    middle = start + (latest - start) // 2
    clauses = [found.end() for found in _CLAUSE_END.finditer(text, middle, latest)]
    if clauses:
        return clauses[-1]
    space = max(text.rfind(" ", middle, latest), text.rfind("\n", middle, latest))
    return space if space > start else latest


def _pack(sentences: Sequence[Sentence], tokens: _Tokens, limit: int) -> list[Passage]:
    """Pack sentences; a passage counts all tokens from its first to its last sentence, wordless text between too."""
    passages: list[Passage] = []
    for _, numbers in groupby(range(len(sentences)), key=lambda i: sentences[i].paragraph):
        paragraph = list(numbers)
        if passages:
            opened = passages[-1]
            size = tokens.between(sentences[opened.first], sentences[opened.last])
            joined = tokens.between(sentences[opened.first], sentences[paragraph[-1]])
            if size < _ENOUGH_TOKENS and joined <= limit:
                passages[-1] = Passage(opened.first, paragraph[-1])
                continue
        passages.extend(_parts(paragraph, sentences, tokens, limit))
    return passages


def _parts(paragraph: Sequence[int], sentences: Sequence[Sentence], tokens: _Tokens, limit: int) -> list[Passage]:
    """Cut a paragraph into the fewest parts that fit, of about the same number of tokens."""
    size = tokens.between(sentences[paragraph[0]], sentences[paragraph[-1]])
    goal = size / math.ceil(size / limit)
    parts: list[Passage] = []
    for i in paragraph:
        if parts:
            joined = tokens.between(sentences[parts[-1].first], sentences[i])
            if joined <= limit and joined - tokens.count(sentences[i]) / 2 <= goal:
                parts[-1] = Passage(parts[-1].first, i)
                continue
        parts.append(Passage(i, i))
    return parts
