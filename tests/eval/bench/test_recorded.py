import numpy as np
import pytest

from eval.bench.recorded import RecordedEncoder
from index.encoders import Encoder, FakeEncoder, PassageText
from index.errors import EncoderError

ONE, TWO, THREE = "The Gannet Bridge opened on Monday.", "Ferries stopped the same evening.", "A museum burned."
TOGETHER = PassageText(f"{ONE}\n{TWO}", ((0, 35), (36, 69)))


@pytest.fixture
def inner() -> FakeEncoder:
    """Return the encoder that is recorded."""
    return FakeEncoder()


@pytest.fixture
def encoder(inner: FakeEncoder) -> RecordedEncoder:
    """Return an encoder that has read two sentences."""
    recorded = RecordedEncoder(inner)
    recorded.record([ONE, TWO, ONE])
    return recorded


def test_it_is_an_encoder(encoder: Encoder) -> None:
    """Name, revision, dimension and length are there; the name says that these are not the model's vectors."""
    assert (encoder.name, encoder.revision, encoder.dimension, encoder.max_tokens) == ("recorded fake", "1", 64, 254)


def test_each_sentence_is_read_once(encoder: RecordedEncoder, inner: FakeEncoder) -> None:
    """Passages of known sentences need no model; an unknown one is read when it is met, and once."""
    encoder.encode_passages([TOGETHER] * 5)
    assert (encoder.encoded, inner.encoded) == (2, 2)
    for _ in range(2):
        encoder.encode_passages([PassageText(THREE, ((0, len(THREE)),))])
    assert (encoder.encoded, inner.encoded) == (3, 3)


def test_vectors_have_length_one(encoder: RecordedEncoder) -> None:
    """Passages and sentences have unit vectors of the right shape and type."""
    (found,) = encoder.encode_passages([TOGETHER])
    assert found.passage.shape == (64,)
    assert found.sentences.shape == (2, 64)
    for vectors in (found.passage, found.sentences, encoder.encode_query("What opened?")):
        assert vectors.dtype == np.float32
        assert np.linalg.norm(vectors, axis=-1) == pytest.approx(1, abs=1e-5)


def test_a_sentence_is_near_itself_and_leans_on_its_passage(encoder: RecordedEncoder, inner: FakeEncoder) -> None:
    """A vector is close to the model's own, not equal to it, and nearer to its neighbour's than the model's are."""
    (found,) = encoder.encode_passages([TOGETHER])
    one, two = (inner.encode_query(text) for text in (ONE, TWO))
    assert 0.9 < float(found.sentences[0] @ one) < 0.9999
    assert float(found.sentences[0] @ found.sentences[1]) > float(one @ two)
    assert float(found.passage @ found.sentences.mean(axis=0)) > 0.8


def test_copies_differ_by_passage(encoder: RecordedEncoder) -> None:
    """The same sentence has another vector in another passage, and always the same one in the same."""
    alone = PassageText(ONE, ((0, len(ONE)),))
    first, second, again = encoder.encode_passages([TOGETHER, alone, TOGETHER])
    assert not np.array_equal(first.sentences[0], second.sentences[0])
    assert float(first.sentences[0] @ second.sentences[0]) > 0.8
    assert np.array_equal(first.sentences, again.sentences)


def test_a_title_before_the_first_sentence_has_no_part(encoder: RecordedEncoder, inner: FakeEncoder) -> None:
    """Text outside of the sentences is neither read nor in the way; nor is the order of passages."""
    titled = PassageText(f"A bridge\n{ONE}", ((9, 9 + len(ONE)),))
    found = encoder.encode_passages([TOGETHER, titled])[1]
    assert inner.encoded == 2
    assert float(found.sentences[0] @ inner.encode_query(ONE)) > 0.95


def test_a_sentence_over_two_lines_is_known_too(encoder: RecordedEncoder, inner: FakeEncoder) -> None:
    """What the splitter takes for one sentence has the mean of its lines, and the model reads nothing."""
    (found,) = encoder.encode_passages([PassageText(TOGETHER.text, ((0, 69),))])
    assert inner.encoded == 2
    assert found.sentences.shape == (1, 64)
    assert float(found.sentences[0] @ inner.encode_query(TWO)) > 0.5


@pytest.mark.parametrize(
    "text", [f"{ONE}\n{TWO}", f"{ONE}\n{TWO}\n\n{ONE}", "", " \n ", "\n", "word " * 1_000, "é\n你好"]
)
def test_tokens_are_those_of_the_model(encoder: RecordedEncoder, inner: FakeEncoder, text: str) -> None:
    """Tokens looked up line by line are those of the whole text."""
    assert encoder.token_spans(text) == inner.token_spans(text)
    assert encoder.token_spans(text) == inner.token_spans(text)


def test_no_passages_and_no_tokens(encoder: RecordedEncoder) -> None:
    """Nothing gives nothing; a sentence without a token is refused as the model refuses it."""
    assert encoder.encode_passages([]) == []
    with pytest.raises(EncoderError, match="a sentence has no token"):
        encoder.encode_passages([PassageText("Text.    ", ((0, 5), (6, 8)))])
