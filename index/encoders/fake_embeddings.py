"""LangChain embeddings without a model, for tests and faults."""

from langchain_core.embeddings import Embeddings

from index.encoders.fake import FakeEncoder

__all__ = ["FakeWordEmbeddings"]

_LENGTH = 3.0


class FakeWordEmbeddings(Embeddings):
    """Embed texts so that those with words in common are similar; `calls` keeps the texts of each call.

    Vectors have a length of 3, since few providers promise a length of one.
    """

    def __init__(self, *, dimension: int = 64) -> None:
        self._encoder = FakeEncoder(dimension=dimension)
        self.calls: list[list[str]] = []

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return a vector for each text."""
        self.calls.append(texts)
        return [self._vector(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        """Return the vector of a question, which is that of a document."""
        self.calls.append([text])
        return self._vector(text)

    def _vector(self, text: str) -> list[float]:
        return [_LENGTH * float(value) for value in self._encoder.encode_query(text)]
