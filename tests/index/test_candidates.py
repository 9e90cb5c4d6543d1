from collections.abc import Callable, Iterator

import numpy as np
import pytest
from sqlalchemy import Connection

from index.articles import Article
from index.candidates import (
    draw,
    nearest_in,
    passages_in,
    sentences_before,
    unpack_vectors,
    within,
)
from index.encoders import FakeEncoder
from index.library import Library
from index.preparing import digest
from index.scope import EVERYTHING, Scope, resolve
from index.search import Filters
from index.spans import Span
from index.words import numbered

Make = Callable[..., Article]
TEXTS = ("The bridge opened. It is long.", "The ferry stopped.", "The bridge closed.", "The xylophone played.")


@pytest.fixture(scope="module")
def library(
    tmp_path_factory: pytest.TempPathFactory, article: Make, report: Callable[..., list[str]]
) -> Iterator[Library]:
    """Hold articles of one passage each, with keys from 1 to 4, and one of three passages; to be read only."""
    library = Library(tmp_path_factory.mktemp("candidates"), FakeEncoder)
    made = [article(f"a{i}", text, outlet=f"Outlet {i % 2}", title=f"Title {i}") for i, text in enumerate(TEXTS, 1)]
    long = article("long", "\n\n".join(" ".join(report(seed, 6)) for seed in range(3)), outlet="Long")
    assert len(list(library.add_all([*made, long]))) == 5
    yield library
    library.close()


@pytest.fixture
def connection(library: Library) -> Iterator[Connection]:
    """Yield a connection to its ledger."""
    with library._database.begin() as connection:
        yield connection


@pytest.fixture
def odd(connection: Connection) -> Scope:
    """Return the scope of the first and the third passage."""
    return resolve(connection, Filters(outlets=["Outlet 1"]))


def test_passages_of_a_scope(connection: Connection, odd: Scope) -> None:
    """A small scope gives the keys of its passages; one of more than asked for, or of everything, none."""
    assert sorted(passages_in(connection, 1, odd, at_most=2) or ()) == [1, 3]
    assert passages_in(connection, 1, odd, at_most=1) is None
    assert passages_in(connection, 1, EVERYTHING, at_most=99) is None
    assert passages_in(connection, 2, odd, at_most=2) == []
    assert passages_in(connection, 1, resolve(connection, Filters(outlets=["Nobody"])), at_most=0) == []


def test_the_nearest_of_some_passages(connection: Connection) -> None:
    """Passages are in the order of their best sentence, of as many sentences as they have."""
    for i, text in enumerate(TEXTS, 1):
        vector = FakeEncoder().encode_query(text.split(". ")[-1])
        assert nearest_in(connection, [4, 3, 2, 1, 5], vector, 1) == [i]
    vector = FakeEncoder().encode_query("bridge")
    assert set(nearest_in(connection, range(1, 8), vector, 2)) == {1, 3}
    assert len(nearest_in(connection, [1, 2, 99], vector, 10)) == 2
    assert nearest_in(connection, [], vector, 10) == []


def test_what_is_within_a_scope(connection: Connection, odd: Scope) -> None:
    """Keys stay in their order, without those outside of the scope; everything holds them all."""
    assert within(connection, 1, odd, [4, 3, 2, 1]) == [3, 1]
    assert within(connection, 1, EVERYTHING, [4, 1, 99]) == [4, 1, 99]
    assert within(connection, 2, odd, [3, 1]) == []


def drawn(connection: Connection, scope: Scope, dense: list[int], **words: float) -> list[int]:
    """Return the keys of the candidates."""
    return [candidate.key for candidate in draw(connection, 1, scope, dense, words)]


def test_candidates_of_both_legs(connection: Connection, odd: Scope) -> None:
    """Passages are drawn by vector, or by a word in text or title, each once, by key; unknown keys are none."""
    assert drawn(connection, EVERYTHING, [2]) == [2]
    assert drawn(connection, EVERYTHING, [], bridg=1.0) == [1, 3]
    assert drawn(connection, EVERYTHING, [4, 1], bridg=1.0, nowhere=1.0) == [1, 3, 4]
    assert drawn(connection, EVERYTHING, [], **{"2": 1.0}) == [2]
    assert drawn(connection, EVERYTHING, [99]) == drawn(connection, EVERYTHING, []) == []
    assert drawn(connection, odd, [1, 2], ferri=1.0, bridg=1.0) == [1, 3]
    assert draw(connection, 2, EVERYTHING, [1], {"bridg": 1.0}) == []


def test_the_most_weight_is_drawn(connection: Connection, odd: Scope, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of more passages than are drawn those with the most weight of words are, among those in scope."""
    monkeypatch.setattr("index.candidates.CANDIDATES", 1)
    assert drawn(connection, EVERYTHING, [], bridg=1.0, close=0.1) == [3]
    assert drawn(connection, EVERYTHING, [], bridg=1.0, ferri=3.0) == [2]
    assert drawn(connection, odd, [], bridg=1.0, ferri=3.0) == [1]
    assert drawn(connection, EVERYTHING, [4], the=1.0) == [1, 4]


def test_a_candidate_is_whole(connection: Connection, library: Library) -> None:
    """A candidate has what scoring needs: words by sentence, offsets and tokens, and its vectors."""
    (one,) = draw(connection, 1, EVERYTHING, [1], {})
    assert (one.key, one.version_key, one.article_id, one.language, one.first) == (1, 1, "a1", "en", 0)
    assert (one.title_words, one.words, one.n_words) == ("titl 1", ["the bridg open", "it is long"], 8)
    assert one.spans == [Span(0, 18, 4, digest("The bridge opened.")), Span(19, 30, 4, digest("It is long."))]
    numbers = np.frombuffer(one.packed_numbers, dtype=np.uint32)
    assert numbers.tolist() == numbered([["titl", "1"], *(line.split() for line in one.words)]).tolist()
    vectors = unpack_vectors(one.packed_vectors, library.encoder.dimension)
    assert vectors.shape == (3, 64)
    assert vectors.dtype == np.float32
    whole = f"Title 1. {TEXTS[0]}"
    for vector, text in zip(vectors, ("The bridge opened.", "It is long.", whole), strict=True):
        assert np.allclose(vector, FakeEncoder().encode_query(text), atol=1e-3)


def test_the_sentence_before_a_passage(connection: Connection) -> None:
    """The last sentence of the passage before is told."""
    candidates = draw(connection, 1, EVERYTHING, [6, 7], {})
    assert [candidate.first for candidate in candidates] == [6, 12]
    found = sentences_before(connection, 1, candidates)
    (previous,) = draw(connection, 1, EVERYTHING, [5], {})
    assert found == {6: previous.spans[-1], 7: candidates[0].spans[-1]}
    assert sentences_before(connection, 1, []) == {}
