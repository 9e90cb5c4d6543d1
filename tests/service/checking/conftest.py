"""Evidence made of sentences."""

from collections.abc import Callable, Sequence

import pytest

from index import Article, Evidence


@pytest.fixture(scope="session")
def evidence() -> Callable[..., tuple[Evidence, ...]]:
    """Return what makes one article of sentences, each of them evidence, in English unless said otherwise.

    Between them stands what `joints` says, a space where it says nothing. Without `scores` the first is the best.
    """

    def make(
        *sentences: str, joints: Sequence[str] = (), scores: Sequence[float] = (), first: int = 1, **fields: object
    ) -> tuple[Evidence, ...]:
        gaps = [*joints, *[" "] * (len(sentences) - 1 - len(joints)), ""]
        text = "".join(sentence + gap for sentence, gap in zip(sentences, gaps, strict=True))
        article = Article(**{"id": "a", "language": "en", "text": text, **fields})  # type: ignore[arg-type]
        found, start = [], 0
        for at, sentence in enumerate(sentences):
            score = scores[at] if scores else 1 / (at + 1)
            found.append(Evidence(first + at, article, start, start + len(sentence), score))
            start += len(sentence) + len(gaps[at])
        return tuple(found)

    return make
