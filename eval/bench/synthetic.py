"""Articles for growth: real sentences drawn at random, so that a million of them have the word frequencies of prose.

Article n is the same whatever the size, so a larger library holds the smaller one. Fields are drawn
apart from each other, each with values that half, a tenth and a hundredth of the articles have.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import numpy as np

from eval.bench.data import Document
from index import Article, make_article
from index.sentences import split_sentences

__all__ = ["ARTICLE_SENTENCES", "FIRST_DAY", "N_DAYS", "SHARES", "sentence_pool", "synthetic_articles"]

ARTICLE_SENTENCES = 40
_PARAGRAPH_SENTENCES = 4
_TITLE_WORDS = 6
_MAX_CHARS = 600
SHARES = {"half": 0.5, "tenth": 0.1, "hundredth": 0.01, "rest": 0.39}
"""How much of all articles each outlet and each author has."""
_LANGUAGES = {"en": 0.89, "de": 0.1, "fr": 0.01}
FIRST_DAY = date(2010, 1, 1)
N_DAYS = 3_600
"""Articles are spread evenly over so many days from the first."""


def sentence_pool(documents: Sequence[Document]) -> list[str]:
    """Return the distinct sentences that stay sentences wherever they stand: whole, on one line, of usual length."""
    pool: dict[str, None] = {}
    for document in documents:
        for sentence in split_sentences(document.text, "en"):
            text = document.text[sentence.start : sentence.end]
            if text[-1] in ".!?" and (text[0].isupper() or text[0].isdigit()) and "\n" not in text:
                pool[text] = None
    return [text for text in pool if len(text) <= _MAX_CHARS]


def synthetic_articles(
    pool: Sequence[str], n_sentences: int, *, seed: int, languages: bool = False
) -> Iterator[Article]:
    """Yield articles of `n_sentences` sentences in all; with `languages`, some of them claim to be German or French."""
    for number, begin in enumerate(range(0, n_sentences, ARTICLE_SENTENCES)):
        rng = np.random.default_rng([seed, number])
        drawn = [pool[i] for i in rng.integers(len(pool), size=ARTICLE_SENTENCES)][: n_sentences - begin]
        fields = {
            "id": f"synthetic:{number}",
            "title": " ".join(drawn[0].split()[:_TITLE_WORDS]),
            "text": _text(drawn),
            "outlet": f"outlet {_draw(rng, SHARES)}",
            "author": f"author {_draw(rng, SHARES)}",
            "published_at": (FIRST_DAY + timedelta(days=int(rng.integers(N_DAYS)))).isoformat(),
            "language": _draw(rng, _LANGUAGES) if languages else "en",
        }
        yield make_article(fields, place=fields["id"])


def _text(drawn: Sequence[str]) -> str:
    paragraphs = (drawn[i : i + _PARAGRAPH_SENTENCES] for i in range(0, len(drawn), _PARAGRAPH_SENTENCES))
    return "\n\n".join("\n".join(paragraph) for paragraph in paragraphs)


def _draw(rng: np.random.Generator, shares: dict[str, float]) -> str:
    return str(rng.choice(list(shares), p=list(shares.values())))
