from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from eval.bench.data import Document
from eval.bench.errors import BenchError
from eval.bench.inside import encoder_dtype
from eval.bench.libraries import to_article
from eval.bench.ours import Overheard, timed_index, timed_queries
from index import Library
from index.encoders import FakeEncoder

ARTICLES = [to_article(Document(f"d:{i}", f"District {i}", f"The harbour of district {i} opened.")) for i in range(3)]


def test_an_overheard_encoder_is_what_it_hears() -> None:
    """Everything but the memory is the other's."""
    inner = FakeEncoder()
    overheard = Overheard(inner)
    assert (overheard.name, overheard.revision) == (inner.name, inner.revision)
    assert (overheard.dimension, overheard.max_tokens) == (inner.dimension, inner.max_tokens)
    assert overheard.token_spans("A harbour.") == inner.token_spans("A harbour.")
    assert np.array_equal(overheard.encode_query("A harbour."), inner.encode_query("A harbour."))


def test_indexing_and_questions_are_timed(tmp_path: Path) -> None:
    """The texts of all passages are remembered; questions are timed once each, however many warm it up."""
    encoder = Overheard(FakeEncoder())
    with closing(Library(tmp_path, lambda: encoder)) as library:
        assert timed_index(library, ARTICLES) > 0
        times = timed_queries(library, ["What of district 1?", "What opened?"])
    assert len(encoder.texts) == 3
    assert all(article.text in text for article, text in zip(ARTICLES, encoder.texts, strict=True))
    assert len(times) == 2
    assert min(times) > 0


def test_an_encoder_without_a_model_has_no_number_type() -> None:
    """There is nothing to compare a fake encoder with."""
    with pytest.raises(BenchError, match="'fake' has no sentence-transformers model"):
        encoder_dtype(FakeEncoder())
