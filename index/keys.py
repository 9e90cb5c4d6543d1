"""Keys of sentences: the passage's key and the number of the sentence within it, in one integer.

So the vector index needs no table of sentences beside it: what it finds names its passage.
"""

__all__ = ["passage_key", "sentence_keys"]

_BITS = 16  # a passage has at most as many sentences as the encoder takes tokens


def sentence_keys(passage: int, n: int) -> list[int]:
    """Return the keys of the `n` sentences of a passage."""
    return [passage << _BITS | i for i in range(n)]


def passage_key(sentence: int) -> int:
    """Return the key of the passage that holds a sentence."""
    return sentence >> _BITS
