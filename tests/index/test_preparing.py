from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.articles import Article, make_article
from index.encoders import FakeEncoder
from index.preparing import digest, prepare

Make = Callable[..., Article]
LONG = "\n\n".join(" ".join(f"Sentence {i} of paragraph {j} is here." for i in range(12)) for j in range(3))


def small_encoder(max_tokens: int) -> FakeEncoder:
    """Return a fake encoder that reads `max_tokens` at once."""
    encoder = FakeEncoder()
    encoder.max_tokens = max_tokens
    return encoder


def test_each_passage_is_read_with_the_title(article: Make) -> None:
    """The title stands before every passage, as a sentence, and the spans are those of the sentences after it."""
    prepared = prepare(article("a", LONG, title="Gannet \n Bridge"), FakeEncoder())
    assert len(prepared.texts) == len(prepared.segments.passages) == 3
    for j, text in enumerate(prepared.texts):
        assert text.text.startswith(f"Gannet Bridge. Sentence 0 of paragraph {j} is here. Sentence 1")
        quoted = [text.text[start:end] for start, end in text.sentences]
        assert quoted == [f"Sentence {i} of paragraph {j} is here." for i in range(12)]
    assert prepared.title_words == ("gannet", "bridg")


@pytest.mark.parametrize("title", [None, "", " \n "])
def test_without_a_title_passages_stand_alone(article: Make, title: str | None) -> None:
    """An article without a title is read as it is."""
    prepared = prepare(article("a", LONG, title=title), FakeEncoder())
    assert prepared.texts[0].text.startswith("Sentence 0 of paragraph 0")
    assert prepared.texts[0].sentences[0][0] == 0
    assert prepared.title_words == ()


def test_a_long_title_is_cut_for_the_encoder_and_whole_for_the_words(article: Make) -> None:
    """Of a title over 48 tokens, or a quarter of the encoder's limit, the beginning is read; all its words count."""
    title = " ".join(f"w{i}" for i in range(100))
    for max_tokens, read in ((254, 48), (40, 10)):
        prepared = prepare(article("a", title=title), small_encoder(max_tokens))
        opening = prepared.texts[0].text.partition(". ")[0]
        assert opening.split() == title.split()[:read]
        assert len(prepared.title_words) == 100


@given(
    st.text(alphabet="ab .\n'-", max_size=80).filter(lambda text: any(c.isalpha() for c in text)),
    st.text(alphabet="tT .,\n", max_size=60),
    st.sampled_from([1, 3, 4, 9, 40]),
)
def test_what_is_read_fits_the_encoder(text: str, title: str, max_tokens: int) -> None:
    """Whatever the text and the title, passages with it are within the limit, and spans hold the sentences."""
    encoder = small_encoder(max_tokens)
    prepared = prepare(make_article({"id": "a", "text": text, "title": title, "language": "en"}, place="test"), encoder)
    sentences = iter(prepared.segments.sentences)
    for read in prepared.texts:
        assert len(encoder.token_spans(read.text)) <= max_tokens
        for start, end in read.sentences:
            sentence = next(sentences)
            assert read.text[start:end] == text[sentence.start : sentence.end]
    assert next(sentences, None) is None


def test_a_digest_tells_sentences_apart() -> None:
    """White space and the kind of quotation marks make no difference, and everything else does."""
    same = ["It’s “new”.", 'It\'s "new".', "It's\n „new“.", "It‘s  \u00a0“new”."]
    assert len({digest(sentence) for sentence in same}) == 1
    others = ["It's new.", 'It\'s "New".', 'It\'s "new"', 'Its "new".', "", "-5", "5", "5%", "$5", "€5"]
    assert len({digest(sentence) for sentence in [*others, same[0]]}) == len(others) + 1
    assert all(0 <= digest(sentence) < 2**63 for sentence in others)


def test_words_and_signature(article: Make) -> None:
    """Words are told by sentence; title, case and paragraphs change no signature, another word does."""
    one = prepare(article("a", "The bridges opened. It cost ten million."), FakeEncoder())
    assert one.words == (("the", "bridg", "open"), ("it", "cost", "ten", "million"))
    assert one.digests == (digest("The bridges opened."), digest("It cost ten million."))
    same = prepare(article("b", "The BRIDGES opened.\n\nIt cost ten million.", title="Other"), FakeEncoder())
    assert np.array_equal(one.signature, same.signature)
    other = prepare(article("a", "The bridges opened. It cost two million."), FakeEncoder())
    assert not np.array_equal(one.signature, other.signature)
