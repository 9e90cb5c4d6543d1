import numpy as np
import pytest

from index.encoders.fake_embeddings import FakeWordEmbeddings


def test_words_in_common_make_texts_similar() -> None:
    """A question is nearer to the text that shares its words; no vector has a length of one."""
    embeddings = FakeWordEmbeddings(dimension=32)
    bridge, ferry = embeddings.embed_documents(["the bridge opened", "ferries stopped"])
    question = embeddings.embed_query("bridge opened")
    assert np.dot(question, bridge) > np.dot(question, ferry)
    assert len(question) == 32
    assert np.linalg.norm(bridge) == pytest.approx(3)


def test_it_keeps_the_texts_of_each_call() -> None:
    """What was asked, and in how many calls, can be read afterwards."""
    embeddings = FakeWordEmbeddings()
    embeddings.embed_documents(["one", "two"])
    embeddings.embed_query("three")
    assert embeddings.calls == [["one", "two"], ["three"]]
