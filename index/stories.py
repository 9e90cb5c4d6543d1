"""Stories: articles that tell the same in nearly the same words, such as a wire report in several outlets.

MinHash (Broder, On the resemblance and containment of documents, 1997) over runs of three words, by datasketch. A
signature is cut into bands; articles that share a band are compared, so that finding the copies of an article costs
the same however many articles there are.
"""

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["N_BANDS", "SAME_STORY", "Signature", "bands_of", "sign", "similarity"]

Signature = NDArray[np.uint32]
"""Shape [_HASHES]."""

SAME_STORY = 0.5
"""Least share of runs of words in common; a copy cut to its first two thirds has .67."""

_HASHES = 96
_ROWS = 3  # of a band: at a similarity of .5 a shared band among 32 is missed once in 72 times, at .1 found in 3 %
_RUN = 3

N_BANDS = _HASHES // _ROWS
"""Bands of a signature."""


def sign(words: Sequence[str]) -> Signature:
    """Return the signature of an article's words."""
    from datasketch import MinHash  # noqa: PLC0415  (0.3 s of scipy that a search need not wait for)

    runs = {" ".join(words[i : i + _RUN]) for i in range(max(1, len(words) - _RUN + 1))}
    minhash = MinHash(num_perm=_HASHES)
    minhash.update_batch([run.encode() for run in runs])
    return np.asarray(minhash.hashvalues, dtype=np.uint32)


def bands_of(signature: Signature) -> list[int]:
    """Return a number for each band, of 63 bits; equal numbers mean equal bands."""
    return [
        int.from_bytes(hashlib.blake2b(bytes([i]) + band.tobytes(), digest_size=8).digest(), "big") >> 1
        for i, band in enumerate(signature.reshape(-1, _ROWS))
    ]


def similarity(one: Signature, other: Signature) -> float:
    """Return the estimated share of runs that two articles have in common, 0 to 1."""
    return float(np.mean(one == other))
