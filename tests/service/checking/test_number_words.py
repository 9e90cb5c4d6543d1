from decimal import Decimal

import pytest

from service.checking.number_words import begins_number, scale_of, spell

SMALL = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
TENS = {20: "twenty", 30: "thirty", 40: "forty", 50: "fifty", 60: "sixty", 70: "seventy", 80: "eighty", 90: "ninety"}


def spelled(number: int) -> list[str]:
    """Spell a number below a thousand."""
    units = [*SMALL.split(), "eighteen", "nineteen"]
    if number >= 100:
        below = spelled(number % 100) if number % 100 else []
        return [units[number // 100 - 1], "hundred", *(["and", *below] if below else [])]
    if number < 20:
        return [units[number - 1]]
    return [TENS[number - number % 10], *([units[number % 10 - 1]] if number % 10 else [])]


@pytest.mark.parametrize("scale", ["", "thousand", "million", "billion", "trillion"])
def test_every_number_below_a_thousand_is_read(scale: str) -> None:
    """With and without a scale all words are taken and the value is right."""
    for number in range(2, 1000):
        words = [*spelled(number), *([scale] if scale else [])]
        found = spell(words, "en")
        assert found
        assert (found.value, found.words, found.firm) == (number * (scale_of(scale) or 1), len(words), True)


@pytest.mark.parametrize(
    ("text", "value", "taken"),
    [
        ("two hundred and the rest", 200, 2),
        ("one hundred and two hundred", 100, 2),
        ("two three", 2, 1),
        ("ten and two", 10, 1),
        ("twenty fifth", 25, 2),
        ("one hundred and first", 101, 4),
        ("five thousand million", 5_000_000_000, 3),
        ("a dozen eggs", 12, 2),
        ("half million", 500_000, 2),
        ("one and a half million people", 1_500_000, 5),
        ("two and a half", 2.5, 4),
    ],
)
def test_words_are_taken_as_far_as_they_fit(text: str, value: float, taken: int) -> None:
    """What does not go on with the number is left for the next."""
    found = spell(text.split(), "en")
    assert found
    assert (found.value, found.words) == (value, taken)


@pytest.mark.parametrize("text", ["a man", "an", "half", "half a loaf", "hundred", "million", "and five", "eggs"])
def test_what_is_no_number_gives_none(text: str) -> None:
    """Articles, halves and lone scales are no numbers."""
    assert spell(text.split(), "en") is None


def test_a_second_after_tens_may_be_of_time() -> None:
    """The value of "twenty second" is 22 or 20."""
    found = spell(["twenty", "second"], "en")
    assert found
    assert (found.value, found.others) == (22, (Decimal(20),))


def test_other_languages_count_to_twelve() -> None:
    """A word counts in its language alone, and homographs are loose."""
    assert begins_number("zwölf", "de")
    assert not begins_number("zwölf", "en")
    found = spell(["neuf"], "fr")
    assert found
    assert (found.value, found.firm) == (9, False)


def test_scales_stand_in_many_languages() -> None:
    """Long scales have their own words."""
    assert scale_of("milliarden") == scale_of("billion") == scale_of("bn") == 10**9
    assert scale_of("万人") == 10**4
    assert scale_of("metre") is None
