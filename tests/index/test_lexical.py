import math
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from index.articles import Article
from index.lexical import drawing_words, frequencies, idf
from index.library import Library
from index.words import index_words


@pytest.fixture
def connection(library: Library, article: Callable[..., Article]) -> Iterator[Connection]:
    """Yield a connection to a ledger of three articles of one passage each."""
    library.add(article("a", "The bridge opened. The bridge is long.", title="Gannet"))
    library.add(article("b", "The bridge closed."))
    library.add(article("c", "Ferries stopped."))
    with library._database.begin() as connection:
        yield connection


def test_passages_that_hold_a_word_are_counted(connection: Connection) -> None:
    """A word counts once a passage, be it in title or text; one that stands nowhere counts zero."""
    counted = {"bridg": 2, "gannet": 1, "ferri": 1, "the": 2, "nowhere": 0}
    assert frequencies(connection, list(counted)) == counted
    assert frequencies(connection, []) == {}


def test_words_are_never_operators(connection: Connection) -> None:
    """Words that the full-text language knows, and ones that it cannot read, are counted like any other."""
    for word in ("near", "and", "title_words", "语", "\U0001e900", '"', "*", "' OR 1=1", ""):
        assert frequencies(connection, [word]) == {word: 0}


def test_words_of_any_script_are_counted(library: Library, article: Callable[..., Article]) -> None:
    """The full-text table holds the words as they were made, also of scripts with vowel signs."""
    for i, word in enumerate(("ကု", "กั", "နီ", "ກຸ", "东京", "ꙮ", "𞤀𞤣", "हिन्दी", "தமிழ்", "straße", "e\u0301té")):
        library.add(article(f"a{i}", word, language="und"))
        words = index_words(word, "und")
        with library._database.begin() as connection:
            assert frequencies(connection, words) == dict.fromkeys(words, 1)


def test_a_rarer_word_weighs_more() -> None:
    """The inverse document frequency falls with the number of passages."""
    assert idf(2, 3) == pytest.approx(math.log(1 + 1.5 / 2.5))
    assert idf(1, 3) == pytest.approx(math.log(1 + 2.5 / 1.5))
    assert 0 < idf(2, 3) < idf(1, 3) < idf(0, 3)


def test_a_word_in_every_passage_still_weighs() -> None:
    """In a library of one article its words have a weight above zero."""
    assert idf(1, 1) > 0


def test_words_of_passages_that_are_not_live_weigh_nothing() -> None:
    """A word that stands in more passages than are live, while an old version goes, is not below zero."""
    assert idf(3, 2) == 0


def test_the_rarest_words_draw() -> None:
    """Words draw from the rarest on, while they stand in some thousand passages together."""
    assert drawing_words({"often": 3_000, "rare": 10, "seldom": 900, "always": 9_000}) == ["rare", "seldom", "often"]
    assert drawing_words({"often": 3_500, "rare": 10, "seldom": 900}) == ["rare", "seldom"]
    assert drawing_words({"one": 2_500, "two": 2_500}) == ["one"]


@pytest.mark.parametrize("counts", [{}, {"nowhere": 0}, {"always": 4_001}])
def test_no_word_draws(counts: dict[str, int]) -> None:
    """What stands nowhere, or in too many passages, draws none."""
    assert drawing_words(counts) == []


def test_words_that_stand_nowhere_take_no_place() -> None:
    """However many unknown words a question has, the known ones among them draw."""
    unknown = {f"unknown{i}": 0 for i in range(200)}
    assert drawing_words({**unknown, "bridg": 1}) == ["bridg"]


@given(st.dictionaries(st.text(max_size=3), st.integers(0, 6_000), max_size=100))
def test_what_draws_is_bounded(counts: dict[str, int]) -> None:
    """Whatever the question, few words draw, from few passages, and each of them stands somewhere."""
    drawing = drawing_words(counts)
    assert len(drawing) <= 64
    assert sum(counts[word] for word in drawing) <= 4_000
    assert all(counts[word] for word in drawing)
