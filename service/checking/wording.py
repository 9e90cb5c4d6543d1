"""Words that two texts share, by their stems."""

from collections.abc import Iterable

from index.words import index_words, is_function_word

__all__ = ["content_words", "share"]


def content_words(text: str, language: str | None) -> frozenset[str]:
    """Return the stems of the words of `text` that are no function words."""
    return frozenset(word for word in index_words(text, language) if not is_function_word(word))


def share(words: frozenset[str], texts: Iterable[str], language: str | None) -> float:
    """Return which share of `words` stands in `texts`, from 0 to 1; 1 where there are no words."""
    if not words:
        return 1.0
    held = frozenset[str]().union(*(index_words(text, language) for text in texts))
    return len(words & held) / len(words)
