"""What every encoder keeps, the fake one included."""

import numpy as np
import pytest

from index.encoders import Encoder, FakeEncoder, PassageText
from index.encoders.fake_embeddings import FakeWordEmbeddings
from index.encoders.langchain_embeddings import LangChainEncoder
from index.encoders.sentence_transformer import SentenceTransformerEncoder
from index.errors import EncoderError

TEXT = "The Gannet Bridge opened on Monday. Ferries stopped the same evening."
SENTENCES = ((0, 35), (36, 69))


@pytest.fixture(
    scope="module",
    params=[FakeEncoder, LangChainEncoder, pytest.param(SentenceTransformerEncoder, marks=pytest.mark.model)],
)
def encoder(request: pytest.FixtureRequest) -> Encoder:
    """Return each encoder in turn."""
    if request.param is FakeEncoder:
        return FakeEncoder()
    if request.param is LangChainEncoder:
        return LangChainEncoder(FakeWordEmbeddings(), name="langchain:fake:words")
    return SentenceTransformerEncoder(request.getfixturevalue("encoder_folder"), name="all-MiniLM-L6-v2")


def test_it_says_what_it_is(encoder: Encoder) -> None:
    """Name, revision, dimension and length are there before anything was encoded."""
    assert encoder.name
    assert encoder.revision
    assert encoder.dimension > 0
    assert encoder.max_tokens > 100


@pytest.mark.parametrize(
    "text",
    [TEXT, "", " \n ", "Cafe\u0301 👨‍👩‍👧‍👦 שלום 你好 ﬁ x\u0335", "a" * 5_000, "\x07\u200b\ufffd", "word " * 1_000],
)
def test_tokens_lie_in_order(encoder: Encoder, text: str) -> None:
    """Tokens are spans of the text, in order, none of them empty, each letter in one."""
    spans = encoder.token_spans(text)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert [start for start, _ in spans] == sorted(start for start, _ in spans)
    assert [end for _, end in spans] == sorted(end for _, end in spans)
    held = {i for start, end in spans for i in range(start, end)}
    assert all(i in held for i, character in enumerate(text) if character.isalnum())


def test_tokens_are_never_cut_at_the_limit(encoder: Encoder) -> None:
    """The tokens of a long text are all given."""
    assert len(encoder.token_spans("word " * 1_000)) == 1_000


def test_vectors_have_length_one(encoder: Encoder) -> None:
    """A passage has a vector, each of its sentences has one, and so has a question."""
    (found,) = encoder.encode_passages([PassageText(TEXT, SENTENCES)])
    assert found.passage.shape == (encoder.dimension,)
    assert found.sentences.shape == (2, encoder.dimension)
    query = encoder.encode_query("What opened?")
    assert query.shape == (encoder.dimension,)
    for vectors in (found.passage, found.sentences, query):
        assert vectors.dtype == np.float32
        assert np.linalg.norm(vectors, axis=-1) == pytest.approx(1, abs=1e-5)


def test_passages_come_back_in_the_order_given(encoder: Encoder) -> None:
    """Many passages of different lengths at once give what each gives alone."""
    texts = [f"Number {i} " + "of a long row " * (i * 7 % 20) + "is here." for i in range(20)]
    passages = [PassageText(text, ((0, len(text)),)) for text in texts]
    together = encoder.encode_passages(passages)
    assert len(together) == 20
    for i in (0, 7, 19):
        (alone,) = encoder.encode_passages([passages[i]])
        assert float(alone.passage @ together[i].passage) > 0.999
        assert float(alone.sentences[0] @ together[i].sentences[0]) > 0.999


def test_no_passages(encoder: Encoder) -> None:
    """Nothing gives nothing."""
    assert encoder.encode_passages([]) == []


def test_a_sentence_without_a_token_is_refused(encoder: Encoder) -> None:
    """A sentence that no vector can stand for is an error that quotes it."""
    with pytest.raises(EncoderError, match="a sentence has no token"):
        encoder.encode_passages([PassageText("Text.    ", ((0, 5), (6, 8)))])


@pytest.mark.parametrize("question", ["", "?", " \n", "word " * 5_000, "👨‍👩‍👧‍👦", "a" * 50_000])
def test_any_question_has_a_vector(encoder: Encoder, question: str) -> None:
    """A question that is empty, or longer than the limit, has a vector too."""
    assert np.linalg.norm(encoder.encode_query(question)) == pytest.approx(1, abs=1e-5)


def test_the_sentence_that_answers_is_nearest(encoder: Encoder) -> None:
    """A question is nearer to the sentence about it than to the one beside that."""
    (found,) = encoder.encode_passages([PassageText(TEXT, SENTENCES)])
    bridge, ferries = found.sentences @ encoder.encode_query("When did the Gannet Bridge open?")
    assert bridge > ferries
    bridge, ferries = found.sentences @ encoder.encode_query("When were the ferries stopped?")
    assert ferries > bridge


def test_encoding_is_repeatable(encoder: Encoder) -> None:
    """The same text gives the same vector."""
    assert np.array_equal(encoder.encode_query(TEXT), encoder.encode_query(TEXT))
