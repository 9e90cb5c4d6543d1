"""Whether a library is what it should be: every article whole and once, each sentence found by itself, nothing else."""

from collections.abc import Iterator, Mapping

import numpy as np

from index.library import Library

__all__ = ["differences"]

_NEAREST = 10
_ASKED = 5


def differences(library: Library, texts: Mapping[str, str]) -> list[str]:
    """Return what is not as it should be, where `texts` are the articles by id.

    Every sentence is asked for through the vector index, by the vector that the ledger has of it: a count would not
    show that some are lost. Some articles are searched for as readers do.
    """
    return [*_articles(library, texts), *_vectors(library), *_found(library, texts)]


def _articles(library: Library, texts: Mapping[str, str]) -> Iterator[str]:
    rows = {row.id: row for row in library.reader.articles(limit=1_000_000)}
    if missing := sorted(set(texts) - set(rows)):
        yield f"missing: {missing}"
    if extra := sorted(set(rows) - set(texts)):
        yield f"there though they should not be: {extra}"
    for name in sorted(set(texts) & set(rows)):
        if library.reader.article(name).text != texts[name]:
            yield f"{name} has another text"
        if rows[name].sentences != texts[name].count("."):
            yield f"{name} has {rows[name].sentences} of {texts[name].count('.')} sentences"


def _vectors(library: Library) -> Iterator[str]:
    index, dimension = library._vectors, library.encoder.dimension
    known: list[int] = []
    for keys, vectors in library._writer.sentence_vectors(dimension, library._generation):
        known.extend(keys)
        lost = [key for key, vector in zip(keys, vectors, strict=True) if key not in index.nearest(vector, _NEAREST)]
        if lost:
            yield f"sentences {lost} are not found by themselves"
    if len(index) != len(known):
        yield f"the vector index has {len(index)} of {len(known)} vectors"
    everything = index.nearest(np.ones(dimension, dtype=np.float32), len(known) + 100) if known else []
    if len(everything) != len(set(everything)) or not set(everything) <= set(known):
        yield "the vector index gives vectors twice, or such as are no sentence's"


def _found(library: Library, texts: Mapping[str, str]) -> Iterator[str]:
    for name in sorted(texts)[:: max(1, len(texts) // _ASKED)]:
        sentence = texts[name].partition(".")[0] + "."
        if sentence not in [evidence.text for evidence in library.search([sentence]).evidence]:
            yield f"{name} is not found by {sentence!r}"
