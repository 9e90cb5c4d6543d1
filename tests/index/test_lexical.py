import math
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Connection

from index.articles import Article
from index.lexical import bm25, idf, matching_passages
from index.library import Library
from index.words import index_words


@pytest.fixture
def connection(library: Library, article: Callable[..., Article]) -> Iterator[Connection]:
    """Yield a connection to a ledger of three articles of one passage each, in the order of their keys."""
    library.add(article("a", "The bridge opened. The bridge is long.", title="Gannet"))
    library.add(article("b", "The bridge closed."))
    library.add(article("c", "Ferries stopped."))
    with library._database.begin() as connection:
        yield connection


def test_passages_that_match_a_word(connection: Connection) -> None:
    """Passages hold a word in title or text, the best first, at most as many as asked for."""
    assert set(matching_passages(connection, ["bridg"], 10)) == {1, 2}
    assert matching_passages(connection, ["bridg", "gannet"], 10) == [1, 2]
    assert matching_passages(connection, ["bridg", "gannet"], 1) == [1]
    assert matching_passages(connection, ["gannet"], 10) == [1]
    assert set(matching_passages(connection, ["gannet", "ferri"], 10)) == {1, 3}
    assert matching_passages(connection, ["nowhere"], 10) == []


@pytest.mark.parametrize("words", [[], ["near"], ["and", "or", "not"], ["title_words"], ["语"], ["\U0001e900"]])
def test_words_are_never_operators(connection: Connection, words: list[str]) -> None:
    """Words that the full-text language knows, and ones that it cannot read, match nothing and break nothing."""
    assert matching_passages(connection, words, 10) == []


def test_a_rarer_word_weighs_more(connection: Connection) -> None:
    """The inverse document frequency falls with the number of passages and never below zero."""
    found = idf(connection, ["bridg", "ferri", "nowhere"], 3)
    assert found["bridg"] == pytest.approx(math.log(1 + 1.5 / 2.5))
    assert found["ferri"] == pytest.approx(math.log(1 + 2.5 / 1.5))
    assert 0 < found["bridg"] < found["ferri"] < found["nowhere"]
    assert idf(connection, ["bridg"], 1) == {"bridg": 0}
    assert idf(connection, [], 3) == {}


def test_a_word_in_every_passage_still_weighs(library: Library, article: Callable[..., Article]) -> None:
    """In a library of one article its words have a weight above zero."""
    library.add(article("a", "The bridge opened."))
    with library._database.begin() as connection:
        weights = idf(connection, ["bridg"], 1)
    assert weights["bridg"] > 0
    assert bm25(["the", "bridg", "open"], weights, 3) > 0


@pytest.mark.parametrize("word", ["ကု", "กั", "နီ", "ກຸ", "东京"])
def test_a_word_of_any_script_is_found_and_counted(
    library: Library, article: Callable[..., Article], word: str
) -> None:
    """The full-text table holds the words as they were made, also of scripts with vowel signs."""
    library.add(article("a", word, language="und"))
    library.add(article("b", "Another.", language="und"))
    with library._database.begin() as connection:
        weights = idf(connection, [*index_words(word, "und"), "another", "nowhere"], 2)
    nowhere = weights.pop("nowhere")
    assert set(weights.values()) == {weights["another"]}
    assert weights["another"] < nowhere


def test_bm25_is_zero_without_a_match_and_below_one() -> None:
    """The score grows with the matches, from zero towards one."""
    weights = {"bridg": 1.0, "gannet": 2.0}
    scores = [
        bm25(words, weights, 4)
        for words in (["x"] * 4, ["bridg", "x", "x", "x"], ["gannet", "x", "x", "x"], ["gannet", "bridg"] * 200)
    ]
    assert scores[0] == 0
    assert scores == sorted(scores)
    assert scores[-1] < 1


def test_bm25_favours_the_shorter_passage() -> None:
    """The same match counts for more in fewer words."""
    assert bm25(["bridg", "x"], {"bridg": 1.0}, 4) > bm25(["bridg", *["x"] * 20], {"bridg": 1.0}, 4)


@pytest.mark.parametrize("weights", [{}, {"bridg": 0.0}])
def test_a_question_without_weight_scores_zero(weights: dict[str, float]) -> None:
    """Where no word of the question weighs anything the score is zero."""
    assert bm25(["bridg"], weights, 4) == 0
