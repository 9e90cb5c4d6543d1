import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from langchain_core.embeddings import DeterministicFakeEmbedding, Embeddings

from index.articles import Article
from index.encoders import PassageText
from index.encoders.fake_embeddings import FakeWordEmbeddings
from index.encoders.langchain_embeddings import LangChainEncoder
from index.errors import EncoderError, ManifestMismatchError
from index.library import Library

NAME = "langchain:fake:words"
TITLED = PassageText("Gannet Bridge\n\nIt opened on Monday. Ferries stopped.", ((15, 35), (36, 52)))


class Scripted(Embeddings):
    """Give these vectors in turn, or fail with this error."""

    def __init__(self, *replies: object) -> None:
        self._replies = iter(replies)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return the next reply, whatever the texts."""
        del texts
        reply = next(self._replies)
        if isinstance(reply, Exception):
            raise reply
        return reply  # type: ignore[return-value]

    def embed_query(self, text: str) -> list[float]:
        """Return the next reply."""
        return self.embed_documents([text])  # type: ignore[return-value]


def passage(text: str) -> PassageText:
    """Return a passage of one sentence."""
    return PassageText(text, ((0, len(text)),))


def test_a_call_is_one_request_of_each_text_once() -> None:
    """Passages and sentences go together, and a passage that is its own sentence goes once."""
    embeddings = FakeWordEmbeddings()
    encoder = LangChainEncoder(embeddings, name=NAME)
    encoder.encode_passages([TITLED, passage("Ferries stopped."), passage("One more.")])
    assert embeddings.calls == [[TITLED.text, "Ferries stopped.", "One more.", "It opened on Monday."]]


def test_many_texts_go_in_batches() -> None:
    """No request has more than 96 texts."""
    embeddings = FakeWordEmbeddings()
    found = LangChainEncoder(embeddings, name=NAME).encode_passages([passage(f"Number {i}.") for i in range(200)])
    assert len(found) == 200
    assert [len(call) for call in embeddings.calls] == [96, 96, 8]


def test_sentences_of_a_titled_passage_are_cut_by_their_offsets() -> None:
    """A title at the beginning of a passage belongs to the passage's vector and to no sentence's."""
    encoder = LangChainEncoder(FakeWordEmbeddings(), name=NAME)
    (found,) = encoder.encode_passages([TITLED])
    for vector, text in zip(found.sentences, ("It opened on Monday.", "Ferries stopped."), strict=True):
        assert float(vector @ encoder.encode_query(text)) == pytest.approx(1, abs=1e-5)
    assert float(found.passage @ encoder.encode_query(TITLED.text)) == pytest.approx(1, abs=1e-5)


def test_the_dimension_is_asked_for_once() -> None:
    """It takes one call, and none once anything was encoded."""
    embeddings = FakeWordEmbeddings(dimension=7)
    encoder = LangChainEncoder(embeddings, name=NAME)
    assert (encoder.dimension, encoder.dimension, len(embeddings.calls)) == (7, 7, 1)
    other = FakeWordEmbeddings(dimension=9)
    encoder = LangChainEncoder(other, name=NAME)
    encoder.encode_query("bridge")
    assert (encoder.dimension, len(other.calls)) == (9, 1)


def test_what_is_recorded_can_be_set() -> None:
    """Name, revision and length are the caller's; the revision has a default."""
    embeddings = DeterministicFakeEmbedding(size=5)
    encoder = LangChainEncoder(embeddings, name="mine", revision="2024-05", max_tokens=500)
    assert (encoder.name, encoder.revision, encoder.max_tokens, encoder.dimension) == ("mine", "2024-05", 500, 5)
    assert LangChainEncoder(embeddings, name="mine").revision == "langchain-1"


def test_a_question_is_cut_at_the_limit() -> None:
    """Of a long question so much is sent as a passage may have, and of an empty one nothing."""
    embeddings = FakeWordEmbeddings()
    encoder = LangChainEncoder(embeddings, name=NAME, max_tokens=3)
    encoder.encode_query("when did the bridge open?")
    assert embeddings.calls.pop() == ["when did the"]
    assert encoder.encode_query(" \n").tolist() == [1.0] + [0.0] * 63
    assert embeddings.calls == []


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("The ferry", ["The", "ferr", "y"]),
        ("Café Zürich", ["Café", "Züri", "ch"]),
        ("2022-06-13, 10000", ["202", "2", "-", "06", "-", "13", ",", "100", "00"]),
        ("мост открыт", ["мо", "ст", "от", "кр", "ыт"]),
        ("桥开放了。", list("桥开放了。")),
        ("สะพาน", list("สะพาน")),
        ("다리가 열", ["다", "리", "가", "열"]),
        ("x桥y", ["x", "桥", "y"]),
        ("א桥ב", ["א", "桥", "ב"]),
        ("a_b…", ["a", "_b", "…"]),
        ("👨‍👩", ["👨", "\u200d", "👩"]),
        (" \n\t", []),
    ],
)
def test_tokens_are_guessed(text: str, tokens: list[str]) -> None:
    """Latin words are cut at four letters, numbers at three digits, other words at two, unspaced scripts at one."""
    spans = LangChainEncoder(FakeWordEmbeddings(), name=NAME).token_spans(text)
    assert [text[start:end] for start, end in spans] == tokens


@pytest.mark.model
def test_tokens_are_rather_too_many(samples: Path, encoder_folder: Path) -> None:
    """Every sample article has at least as many guessed tokens as all-MiniLM-L6-v2 has, and at most half more."""
    from index.encoders.sentence_transformer import SentenceTransformerEncoder  # noqa: PLC0415

    guess, real = LangChainEncoder(FakeWordEmbeddings(), name=NAME), SentenceTransformerEncoder(encoder_folder, name="")
    texts = [file.read_text() for file in sorted(samples.iterdir())]
    shares = [len(guess.token_spans(text)) / len(real.token_spans(text)) for text in texts]
    assert len(shares) > 20
    assert min(shares) > 1
    assert max(shares) < 1.5


@pytest.mark.parametrize("error", [ConnectionError("sk-canary"), ValueError("sk-canary"), StopIteration("sk-canary")])
def test_a_provider_that_fails(error: Exception) -> None:
    """Whatever it raises is told by its kind with the encoder's name, and its words, which may quote a key, are not."""
    encoder = LangChainEncoder(Scripted(error, error), name=NAME)
    said = rf"encoder '{NAME}' gave no vectors \({type(error).__name__}\); check that its server can be reached"
    with pytest.raises(EncoderError, match=said) as caught:
        encoder.encode_passages([passage("Bridge.")])
    assert caught.value.__cause__ is error
    assert "canary" not in str(caught.value)
    with pytest.raises(EncoderError, match=said):
        encoder.encode_query("bridge")


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        ([], "0 vectors for 2 texts"),
        ([[1.0]], "1 vectors for 2 texts"),
        ([[1.0]] * 3, "3 vectors for 2 texts"),
        ([[1.0, 2.0], [1.0]], "vectors of 1, 2 numbers where 2 were expected"),
        ([[0.0, 0.0], [1.0, 2.0]], "a vector of zeros"),
        ([[1.0, 2.0], [float("nan"), 2.0]], "a vector .* a value that is no number"),
        ([[1.0, 2.0], [float("inf"), 2.0]], "a vector .* a value that is no number"),
        ([[1e300, 2.0], [1.0, 2.0]], "a vector .* a value that is no number"),
        ([[], []], "a vector of zeros"),
        (None, r"no vectors \(TypeError\)"),
        ([None, [1.0]], "a vector .* a value that is no number"),
        ([["a"], ["b"]], r"no vectors \(ValueError\)"),
    ],
    ids=str,
)
def test_vectors_that_cannot_be_compared(reply: object, says: str) -> None:
    """A wrong number of vectors or values, zeros, and what is no number are refused with the encoder's name."""
    encoder = LangChainEncoder(Scripted(reply), name=NAME)
    with pytest.raises(EncoderError, match=rf"encoder '{NAME}' gave {says}"):
        encoder.encode_passages([PassageText("Title. Text.", ((7, 12),))])


def test_another_dimension_than_before() -> None:
    """A model that was exchanged meanwhile is noticed by the next vector."""
    encoder = LangChainEncoder(Scripted([1.0, 2.0], [1.0, 2.0, 3.0], [[1.0]]), name=NAME)
    assert encoder.dimension == 2
    with pytest.raises(EncoderError, match=r"vectors of 3 numbers where 2 were expected; .*run `pullquote reindex`"):
        encoder.encode_query("bridge")
    with pytest.raises(EncoderError, match="vectors of 1 numbers where 2 were expected"):
        encoder.encode_passages([passage("Bridge.")])
    assert encoder.dimension == 2


def test_vectors_of_a_wrong_call_are_not_learnt_from() -> None:
    """A first reply that is refused leaves the dimension open."""
    encoder = LangChainEncoder(Scripted([0.0, 0.0], [1.0, 2.0, 3.0]), name=NAME)
    with pytest.raises(EncoderError, match="zeros"):
        encoder.encode_query("bridge")
    assert encoder.dimension == 3


def test_vectors_may_be_arrays() -> None:
    """Providers that give numpy arrays in place of lists serve too."""
    encoder = LangChainEncoder(Scripted(np.array([3.0, 4.0])), name=NAME)
    assert encoder.encode_query("bridge") == pytest.approx([0.6, 0.8])


def test_a_library_over_it(open_library: Callable[..., Library], article: Callable[..., Article]) -> None:
    """Articles are stored and found, and the manifest knows the encoder."""
    library = open_library(LangChainEncoder(FakeWordEmbeddings(), name=NAME))
    library.add(article("bridge", title="Gannet Bridge"))
    library.add(article("ferry", "The ferry to Port Ellis sails again. " * 40))
    assert library.search(["When did the Gannet Bridge open?"]).passages[0].article.id == "bridge"
    assert library.check()
    library.close()
    other = open_library(LangChainEncoder(FakeWordEmbeddings(), name=NAME, revision="2"))
    with pytest.raises(ManifestMismatchError, match=re.escape("revision 'langchain-1' (now '2')")):
        other.search(["bridge"])
