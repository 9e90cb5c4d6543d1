from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.checking.numbers import Number, numbers


def read(text: str, language: str | None = None) -> list[tuple[str, Decimal]]:
    """Return surface and likeliest value of each number that needs a ground."""
    return [(number.text, number.value) for number in numbers(text, language) if number.firm]


def values(text: str, language: str | None = None) -> list[float]:
    """Return the likeliest value of each number that needs a ground."""
    return [float(value) for _, value in read(text, language)]


@pytest.mark.parametrize(
    "text",
    [
        "1,200,000", "1200000", "1.2 m", "1.2m", "1.2M", "1.2 million", "1.2-million", "1 200 000",
        "1\u00a0200\u00a0000", "1\u2009200\u2009000", "1\u202f200\u202f000", "1.200.000", "1'200'000", "1’200’000",
        "12,00,000", "12 lakh", "1,200k", "1200 thousand",
        "0.0012 bn", "one million two hundred thousand", "twelve hundred thousand",
        "１，２００，０００", "١٢٠٠٠٠٠", "120万", "1,200,000.00", "1.20 million",
    ],
)  # fmt: skip
def test_one_value_has_many_spellings(text: str) -> None:
    """Digits, groups, scales and words of 1.2 million are one number that takes up the whole text."""
    assert read(text) == [(text, Decimal(1_200_000))]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("twelve", 12),
        ("twenty-five", 25),
        ("twenty five", 25),
        ("a dozen", 12),
        ("two dozen", 24),
        ("a hundred", 100),
        ("one hundred and two", 102),
        ("two thousand and five", 2005),
        ("three hundred thousand", 300_000),
        ("a million", 1_000_000),
        ("half a million", 500_000),
        ("five hundred thousand million", 500_000_000_000),
        ("nine hundred ninety-nine trillion", 999_000_000_000_000),
        ("two crore", 20_000_000),
        ("zero", 0),
        ("TWELVE", 12),
    ],
)
def test_words_are_numbers(text: str, value: int) -> None:
    """English words compose to one number."""
    assert read(text) == [(text, Decimal(value))]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("three, four or five", [3, 4, 5]),
        ("twenty twenty", [20, 20]),
        ("between one hundred and two hundred", [100, 200]),
        ("between two and five million", [2, 5_000_000]),
        ("1,2,3", [1, 2, 3]),
        ("3-2", [3, 2]),
        ("2:1", [2, 1]),
        ("10-12", [10, 12]),
        ("1914-18", [1914, 1918]),
        ("1914–1918", [1914, 1918]),
        ("2022/23", [2022, 2023]),
        ("1918-14", [1918, 14]),
        ("5'10", [5, 10]),
        ("12 and 3.50", [12, 3.5]),
        ("$3.50", [3.5]),
        ("US$3m", [3_000_000]),
        ("Rs500", [500]),
        ("mid-2014 and Post-1945", [2014, 1945]),
        ("a 10-year-old", [10]),
        ("No. 10", [10]),
        (".5", [0.5]),
        ("5 000,75", [5000.75]),
        ("1.200,50 and 1,200.50", [1200.5, 1200.5]),
        ("0.125 and 0,125", [0.125, 0.125]),
        ("in 2022 300 people", [2022, 300]),
        ("共12人", [12]),
        ("5 million million million million", [5 * 10**18]),
    ],
)
def test_numbers_are_told_apart(text: str, found: list[float]) -> None:
    """Ranges, scores, lists and prices give each of their numbers."""
    assert values(text) == found


@pytest.mark.parametrize(
    "text",
    ["F-16", "B12", "Covid-19", "COP27", "SARS-CoV-2", "mp3", "one of them", "no one", "first", "a second", "hundreds",
     "several hundred", "the millions", "both", "a man", "[1]", "[2, 3]", "1. They met", "MMXXII", ""],
)  # fmt: skip
def test_what_is_no_number_needs_no_ground(text: str) -> None:
    """Digits in names, pronouns, adverbs, lone scales and marks are nothing that a gate insists on."""
    assert read(text) == []


@pytest.mark.parametrize(("text", "value"), [("one", 1), ("the first", 1), ("both", 2), ("twice", 2), ("a third", 3)])
def test_loose_words_may_be_a_ground(text: str, value: int) -> None:
    """Words that need no ground are given, as not firm."""
    (number,) = numbers(text)
    assert (number.value, number.firm) == (value, False)


@pytest.mark.parametrize(
    ("text", "unit", "others"),
    [
        ("12%", "percent", ()),
        ("12 per cent", "percent", ()),
        ("twelve percent", "percent", ()),
        ("one per cent", "percent", ()),
        ("12-percent", "percent", ()),
        ("12th", "ordinal", ()),
        ("twelfth", "ordinal", ()),
        ("twenty-first", "ordinal", ()),
        ("1990s", "decade", ()),
        ("90s", "decade", (1990, 2090)),
        ("twenties", "decade", (1920, 2020)),
        ("747s", "", ()),
        ("9 pm", "time", (21,)),
        ("9 a.m.", "time", ()),
        ("nine o'clock", "time", ()),
        ("21:00", "time", ()),
        ("9.30pm", "time", (Decimal("21.30"),)),
        ("100m", "", (100,)),
        ("$100m", "", ()),
    ],
)
def test_a_number_has_a_unit_and_may_have_other_values(text: str, unit: str, others: tuple[int, ...]) -> None:
    """Percent, ordinals, decades and times are told; a value that may be another is given with that."""
    (number,) = numbers(text)
    assert (number.unit, number.others, number.firm) == (unit, others, True)
    assert number.values == (number.value, *others)


def test_times_have_minutes_after_the_point() -> None:
    """9:30 pm and 9.30pm and 21:30 have a value in common, and differ from 9:03."""
    found = [set(numbers(text)[0].values) for text in ("9:30 pm", "9.30pm", "21:30")]
    assert set.intersection(*found) == {Decimal("21.30")}
    assert numbers("9:03")[0].value == Decimal("9.03")


def test_the_start_of_a_range_may_share_the_scale_of_its_end() -> None:
    """10 of "10-12 million" may be 10 million."""
    first, last = numbers("10-12 million")
    assert (first.values, last.values) == ((10, 10_000_000), (12_000_000,))


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("1,200", None, (1200,)),
        ("1,200", "en-GB", (1200,)),
        ("1,200", "de", (Decimal("1.2"), 1200)),
        ("1.200", "en", (Decimal("1.2"),)),
        ("1.200", "de-AT", (1200, Decimal("1.2"))),
        ("3,5", "de", (Decimal("3.5"),)),
        ("3,5", None, (Decimal("3.5"),)),
        ("12 % ", "fr", (12,)),
        ("3,5 Milliarden", "de", (3_500_000_000,)),
        ("1.200 Millionen", "de", (1_200_000_000, 1_200_000)),
        ("dos millones", "es", (2_000_000,)),
        ("zwölf", "de", (12,)),
        ("once", "es", (11,)),
        ("onze", "fr", (11,)),
    ],
)
def test_the_language_decides_between_readings(text: str, language: str | None, found: tuple[int, ...]) -> None:
    """Without a language 1,200 is English; with one of a decimal comma both readings stand, its own first."""
    (number,) = numbers(text, language)
    assert number.values == found


def test_spans_are_those_of_the_text() -> None:
    """Surface and span fit each other, with scale, percent sign and ending."""
    text = "It grew 12 per cent to 1.2 million, the 12th time since 9:30 pm."
    assert [number.text for number in numbers(text)] == ["12 per cent", "1.2 million", "12th", "9:30 pm"]


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("0123456789.,' :-ampk%$一万"))))
def test_any_text_is_read(text: str) -> None:
    """Numbers come in order, do not overlap, and are what stands at their spans."""
    found = numbers(text)
    assert all(text[number.start : number.end] == number.text for number in found)
    ends = [0, *(number.end for number in found)]
    assert all(number.start >= end for number, end in zip(found, ends, strict=False))


@given(st.integers(0, 10**15 - 1))
def test_every_way_to_write_a_count_is_read_back(count: int) -> None:
    """Plain, with commas, with spaces and with points is the same count."""
    spellings = (f"{count}", f"{count:,}", f"{count:,}".replace(",", " "), f"{count}.00")
    assert {numbers(text)[0].value for text in spellings} == {Decimal(count)}
    assert all(len(numbers(text)) == 1 for text in spellings)


@pytest.mark.parametrize(
    "unit", ["1,", "1.1,", "1,222,", "1 222 ", "1-", "1:", "one ", "a ", "five and ", "5 m ", "[1", "1'", "9" * 100]
)
def test_time_grows_with_the_text_alone(unit: str, grows_linearly: Callable[..., bool]) -> None:
    """Finding numbers takes time in proportion to the text."""
    assert grows_linearly(numbers, unit)


def test_longer_digits_than_a_reader_compares_are_left_alone() -> None:
    """Twenty-eight digits are a number, exactly; twenty-nine are none."""
    assert numbers("1" * 28) == (Number("1" * 28, 0, 28, Decimal("1" * 28)),)
    assert numbers("1" * 29) == ()
