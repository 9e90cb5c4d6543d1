from decimal import Decimal

import pytest

from service.checking.digits import Digits, read_digits


@pytest.mark.parametrize(
    ("text", "language", "values"),
    [
        ("1200", "en", ["1200"]),
        ("1,200", "en", ["1200"]),
        ("1.200", "en", ["1.200"]),
        ("1,200", "fr", ["1.200", "1200"]),
        ("1.200", "fr", ["1200", "1.200"]),
        ("1 200 000,5", "fr", ["1200000.5"]),
        ("12,34,567.89", "en", ["1234567.89"]),
        ("0,125", "en", ["0.125"]),
        (".5", "en", ["0.5"]),
    ],
)
def test_a_run_is_one_number(text: str, language: str, values: list[str]) -> None:
    """Groups and decimals are told apart by their length and, where that fails, by the language."""
    assert read_digits(text, 0, len(text), language) == [Digits(0, len(text), tuple(map(Decimal, values)))]


@pytest.mark.parametrize(
    ("text", "count"), [("1,2,3", 3), ("3.11.2", 3), ("5'10", 2), ("1.200,5,6", 4), ("12.34.567", 3)]
)
def test_a_run_that_is_no_number_is_several(text: str, count: int) -> None:
    """Lists, versions and feet with inches are taken apart, each with its own span."""
    found = read_digits(f"<{text}>", 1, len(text) + 1, "en")
    assert [text[digits.start - 1 : digits.end - 1] for digits in found] == text.translate(
        str.maketrans(".,'", "   ")
    ).split()
    assert len(found) == count
