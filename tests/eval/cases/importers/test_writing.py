from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.cases import CaseSet, SetExistsError, SetMissingError, load_articles
from eval.cases.importers.writing import drawn, first_words, safe_id, write_set
from eval.cases.model import Case, Span
from index.articles import is_id


@given(st.text(min_size=1, max_size=300), st.text(min_size=1, max_size=300))
def test_every_name_can_be_an_id(one: str, other: str) -> None:
    """Whatever a source calls a thing, its id is allowed, stays alike, and differs from those of other names."""
    assert is_id(safe_id(one))
    assert safe_id(one) == safe_id(one)
    assert (safe_id(one) == safe_id(other)) is (one == other)


def test_a_name_that_can_be_an_id_is_kept() -> None:
    """A good name stays; of a bad one a reader still sees what it was."""
    assert safe_id("PLAIN-3074") == "PLAIN-3074"
    assert safe_id("<dbpedia:Animalia_(book)>").startswith("-dbpedia:Animalia_-book-~")


@given(st.integers(1, 300), st.integers(1, 300), st.integers(0, 5))
def test_draws_are_even_and_alike(n: int, limit: int, seed: int) -> None:
    """As many rows as wanted come in their order, no two twice, no gap over two stretches, the same for a seed."""
    rows = list(range(n))
    some = drawn(rows, limit, seed)
    assert some == drawn(rows, limit, seed) == sorted(set(some))
    assert len(some) == min(n, limit)
    if limit < n:
        stretch = -(-n // limit)
        assert some[0] < stretch
        assert some[-1] >= n - stretch
        assert all(b - a < 2 * stretch for a, b in pairwise(some))


def test_without_a_limit_all_are_taken() -> None:
    """No limit takes all, and seeds change which are drawn."""
    assert drawn("abc", None) == ["a", "b", "c"]
    assert len({tuple(drawn(range(1000), 10, seed)) for seed in range(5)}) == 5
    with pytest.raises(ValueError, match="0 questions are asked for"):
        drawn("abc", 0)


@given(st.text(min_size=1, max_size=700).filter(str.strip))
def test_first_words_stand_in_the_text(text: str) -> None:
    """They are a part of the text of at most 300 characters, with nothing but space before them, and never empty."""
    words = first_words(text)
    assert 0 < len(words) <= 300
    assert text.lstrip().startswith(words)


def test_first_words_end_with_a_word() -> None:
    """A short text is quoted whole, a long one up to a word, one without spaces up to the limit."""
    assert first_words("  It sails.\n") == "It sails."
    assert first_words("abcd " * 100) == ("abcd " * 60).strip()
    assert first_words("abcdefg " * 100) == ("abcdefg " * 37).strip()
    assert first_words("x" * 400) == "x" * 300


def a_set(about: str = "a", cases: int = 1) -> CaseSet:
    """Return a set of cases on the article f."""
    spans = ((Span(article="f", quote="It costs"),),)
    all_cases = tuple(
        Case(id=f"q{i}", slice="single", question=f"{i}?", outcome="answered", required=spans) for i in range(cases)
    )
    return CaseSet(name="n", about=about, articles=(), asked_at="2024", cases=all_cases)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    """The set comes back as it was, with quotation marks, line ends and letters of any script in its fields."""
    whole = a_set('Fähren\n"and" \\ more \u2028 日本', cases=3)
    text = "It costs $46.\n\nSo it \u2028 says."
    written = write_set(tmp_path / "deep" / "set", whole, {"f": ("The “fare”", text)})
    assert written == whole.model_copy(update={"articles": ("articles.jsonl",)})
    (article,) = load_articles(written, tmp_path / "deep" / "set")
    assert (article.id, article.title, article.text) == ("f", "The “fare”", text)


def test_nothing_is_written_over(tmp_path: Path) -> None:
    """A folder with anything in it, and a file, are refused and left alone; an empty folder is taken."""
    (tmp_path / "note").write_text("mine")
    for taken in (tmp_path, tmp_path / "note"):
        with pytest.raises(SetExistsError, match="is there already; name a folder that is new or empty"):
            write_set(taken, a_set(), {"f": ("", "It costs $46.")})
    assert [file.name for file in tmp_path.iterdir()] == ["note"]
    (tmp_path / "new").mkdir()
    assert write_set(tmp_path / "new", a_set(), {"f": ("", "It costs $46.")}).cases


def test_a_source_without_questions_is_told(tmp_path: Path) -> None:
    """A set without cases is not written."""
    with pytest.raises(SetMissingError, match="n: holds no question that can be taken over"):
        write_set(tmp_path / "new", a_set(cases=0), {})
    assert not (tmp_path / "new").exists()
