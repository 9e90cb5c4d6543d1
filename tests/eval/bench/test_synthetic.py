from collections import Counter
from itertools import chain

import pytest

from eval.bench.data import Document
from eval.bench.synthetic import ARTICLE_SENTENCES, SHARES, sentence_pool, synthetic_articles
from index.encoders import FakeEncoder
from index.passages import segment
from index.sentences import split_sentences
from index.words import index_words

POOL = [
    f"The {colour} {thing} of district {i} was opened again."
    for i, (colour, thing) in enumerate((c, t) for c in ("red", "old", "tall") for t in ("bridge", "ferry", "museum"))
]


def test_the_pool_holds_sentences_that_stay_whole() -> None:
    """Each sentence once; none that begins small, ends open, runs over lines or is very long."""
    text = (
        "It opened. It opened. and then this. A list:\n\nIt had\ntwo lines. “Quoted” it was! " + "Long " * 200 + "one."
    )
    assert sentence_pool([Document("a", "A", text)]) == ["It opened."]


def test_articles_are_seeded() -> None:
    """The same seed gives the same articles, whatever the size; another one gives others."""
    few, many = (list(synthetic_articles(POOL, n, seed=1)) for n in (80, 200))
    assert few == many[:2]
    assert [a.text for a in synthetic_articles(POOL, 80, seed=2)] != [a.text for a in few]


@pytest.mark.parametrize("n", [1, 39, 40, 41, 100])
def test_there_are_as_many_sentences_as_wished(n: int) -> None:
    """The index cuts the articles into as many sentences as asked for; the last article takes the rest."""
    articles = list(synthetic_articles(POOL, n, seed=1))
    counts = [len(split_sentences(article.text, "en")) for article in articles]
    assert sum(counts) == n
    assert all(count == ARTICLE_SENTENCES for count in counts[:-1])


def test_four_sentences_stand_in_a_paragraph() -> None:
    """Paragraphs have four sentences, each of the pool."""
    (article,) = synthetic_articles(POOL, 40, seed=1)
    paragraphs = [paragraph.split("\n") for paragraph in article.text.split("\n\n")]
    assert [len(paragraph) for paragraph in paragraphs] == [4] * 10
    assert set(chain.from_iterable(paragraphs)) <= set(POOL)
    sentences = segment(article.text, "en", FakeEncoder()).sentences
    assert [article.text[s.start : s.end] for s in sentences] == list(chain.from_iterable(paragraphs))


def test_words_are_as_frequent_as_in_the_pool() -> None:
    """A word stands in the articles about as often, for each sentence, as in the pool."""
    drawn = Counter(chain.from_iterable(index_words(a.text, "en") for a in synthetic_articles(POOL, 4_000, seed=1)))
    real = Counter(chain.from_iterable(index_words(text, "en") for text in POOL))
    for word, count in real.items():
        assert drawn[word] / 4_000 == pytest.approx(count / len(POOL), rel=0.2)


def test_fields_admit_known_shares() -> None:
    """Outlets and authors have the shares promised, dates are spread evenly, and all articles are in English."""
    articles = list(synthetic_articles(POOL, 40 * 2_000, seed=1))
    outlets, authors = (Counter(getattr(article, name) for article in articles) for name in ("outlet", "author"))
    for name, share in SHARES.items():
        assert outlets[f"outlet {name}"] / 2_000 == pytest.approx(share, abs=0.03)
        assert authors[f"author {name}"] / 2_000 == pytest.approx(share, abs=0.03)
    assert sum((a.published_at or "") < "2014-12-06" for a in articles) / 2_000 == pytest.approx(0.5, abs=0.03)
    assert {article.language for article in articles} == {"en"}


def test_languages_are_mixed_where_asked() -> None:
    """With languages, about a tenth claims to be German and a hundredth French."""
    spoken = Counter(article.language for article in synthetic_articles(POOL, 40 * 1_000, seed=1, languages=True))
    assert set(spoken) == {"en", "de", "fr"}
    assert spoken["de"] / 1_000 == pytest.approx(0.1, abs=0.03)
    assert spoken["fr"] / 1_000 == pytest.approx(0.01, abs=0.01)
