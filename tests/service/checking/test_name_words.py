import pytest

from service.checking.name_words import TOKEN, expansions, is_acronym, is_idle, is_telling, key, parts, with_digits


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("O'Brien's Franco-German", [["O", "Brien"], ["Franco", "German"]]),
        ("U.S. Army", [["US"], ["Army"]]),
        ("A.Smith", [["A"], ["Smith"]]),
        ("SARS-CoV-2", [["SARS", "CoV", "2"]]),
        ("cafe\u0301s", [["cafés"]]),
        ("under_score", [["under"], ["score"]]),
    ],
)
def test_tokens_fall_into_words(text: str, words: list[list[str]]) -> None:
    """Hyphens and apostrophes part words, points of initials do not, and a possessive s is dropped."""
    assert [parts(token[0]) for token in TOKEN.finditer(text)] == words


def test_digits_join_the_word_before_them() -> None:
    """F-16 and F16 are one; digits that begin stay."""
    assert with_digits(["SARS", "CoV", "2"]) == ["SARS", "CoV2"]
    assert with_digits(["16", "F"]) == ["16", "F"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bajwa", "BAJWAS"),
        ("Gallery", "galleries"),
        ("Gen", "General"),
        ("Pakistani", "Pakistan"),
        ("US", "American"),
        ("Straße", "STRASSE"),
        ("Ørsted", "orsted"),
        ("Ａｐｅｘ", "apex"),
    ],
)
def test_spellings_share_a_key(one: str, other: str) -> None:
    """Case, accents, plural, short forms and nations do not matter."""
    assert key(one) == key(other)


@pytest.mark.parametrize(("one", "other"), [("us", "US"), ("Boss", "Bos"), ("Iran", "Iraq"), ("Norton", "Nortons'")])
def test_other_words_do_not(one: str, other: str) -> None:
    """A pronoun is no country, and what is not taken apart into words is not cleaned."""
    assert key(one) != key(other)


def test_small_words_tell_nothing() -> None:
    """Articles, titles, initials and words in small letters need not stand; names, acronyms and digits must."""
    assert [is_telling(word) for word in ("The", "Mr", "J", "led", "us", "Van")] == [False] * 6
    assert [is_telling(word) for word in ("Norton", "US", "WHO", "F16", "CoV2")] == [True] * 5
    assert is_idle("Ltd")
    assert not is_idle("Norton")


def test_acronyms_are_two_to_six_capitals() -> None:
    """Longer words, digits and small letters are none."""
    words = ("US", "UNESCO", "ISPR")
    assert [word for word in (*words, "U", "ABCDEFG", "F16", "Nato") if is_acronym(word)] == list(words)


def test_neighbours_have_acronyms() -> None:
    """Small words count or not; two letters come of capitals alone; positions say which words were taken."""
    found = dict(expansions(["Chief", "of", "the", "Army", "Staff"]))
    assert found["COAS"] == (0, 1, 3, 4)
    assert found["CAS"] == (0, 3, 4)
    assert found["COTAS"] == (0, 1, 2, 3, 4)
    assert found["AS"] == (3, 4)
    assert "us" not in dict(expansions(["under", "siege"]))
    assert "US" not in dict(expansions(["under", "siege"]))
