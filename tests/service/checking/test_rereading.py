import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.chat.base import Call, Reading
from service.checking.rereading import agreement, alike, is_refusal, likeness, refusal

QUESTION = "Who led the Chinese side?"
Place = list[tuple[str, float]]


def reading(text: str, *places: Place) -> Reading:
    """Make a reading of tokens."""
    return Reading(text, tuple(map(tuple, places)), Call())


@pytest.mark.parametrize(
    ("place", "probability"),
    [
        ([("General", 0.6), ("Li", 0.2)], 0.6),
        ([("General", 0.4), (" general", 0.2), ("\nGENERAL", 0.1), ("Gen", 0.1), ("g", 0.05), ("none", 0.1)], 0.85),
        ([("Zhang", 0.5), ("generals", 0.3), ("none", 0.2)], 0),
        ([("General Zhang", 0.5), ("General Zhang led", 0.4)], 0.5),
        ([("gen", 0.7), ("General", 0.7)], 1),
    ],
)
def test_likeness_is_the_probability_of_what_begins_the_text(place: Place, probability: float) -> None:
    """All tokens that begin it count together, case and blanks apart."""
    assert likeness(reading("x", place), "General Zhang") == pytest.approx(probability)


@pytest.mark.parametrize(
    ("places", "probability"),
    [
        ([[("Gen", 0.9)], [(".", 1.0)], [(" Z", 0.2), ("Q", 0.7)]], 0.9 * 0.7),
        ([[("Gen", 0.9)], [(".", 1.0)], [(" Q", 0.7)], [("amar", 0.5)], [(" Khan", 0.4)]], 0.9 * 0.7 * 0.5),
        ([[("Gen", 0.9)], [(".", 1.0)]], 0.9),
        ([[("Gen", 0.9)], [(".", 1.0)], [(" Z", 0.95)]], 0),
        ([[(" ", 1.0)], [("gen", 0.5)], [("\n", 0.1)], [(".", 1.0)], [("Li", 0.9)]], 0),
        ([[(" ", 1.0)]], 0),
        ([], 0),
    ],
)
def test_likeness_goes_on_until_the_words_part(places: list[Place], probability: float) -> None:
    """A title that two names share is no agreement: the tokens after it count too, as far as both go."""
    assert likeness(reading("x", *places), "Gen. Qamar") == pytest.approx(probability)


@pytest.mark.parametrize(
    ("text", "refuses"), [("none", True), ("None.", True), (" ", True), ("'none'", True), ("nonesuch", False)]
)
def test_what_the_prompt_asks_for_is_a_refusal(text: str, refuses: bool) -> None:
    """So is nothing at all; a word that begins so is not."""
    assert is_refusal(reading(text)) is refuses
    assert refusal(reading(text)) == float(refuses)


def test_a_refusal_is_as_likely_as_its_first_token() -> None:
    """Even where something else was said in the end."""
    assert refusal(reading("Zhang", [("Zhang", 0.5), ("none", 0.3), (" None", 0.1)])) == pytest.approx(0.4)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("42 million", "$42 million"),
        ("14", "Fourteen"),
        ("12 June", "June 12th"),
        ("1951", "18 April 1951"),
        ("Gen. Zhang Youxia", "Zhang Youxia"),
        ("Zhang led the Chinese side", "Zhang"),
        ("its boiler failed", "because its boiler failed and orders fell"),
    ],
)
def test_the_same_in_other_words_is_alike(one: str, other: str) -> None:
    """Values by their value, words by their stems, a part with its whole; either way round."""
    assert alike(one, other, QUESTION, "en") == alike(other, one, QUESTION, "en") == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Gen. Bajwa", "Gen. Zhang"),
        ("42 million", "43 million"),
        ("12 June", "13 June"),
        ("Mongol Empire", "Roman Empire"),
        ("", "Zhang"),
    ],
)
def test_another_value_or_name_is_not_alike(one: str, other: str) -> None:
    """A shared title or kind is nothing."""
    assert alike(one, other, QUESTION, "en") == alike(other, one, QUESTION, "en") == 0


def test_agreement_supposes_that_something_is_told() -> None:
    """How likely a refusal is says another feature; of what is left the text has its share."""
    place = [("none", 0.6), ("Zhang", 0.3), ("Li", 0.1)]
    assert agreement(reading("none", place), "Zhang", QUESTION, "en") == pytest.approx(0.75)
    assert agreement(reading("none", place), "General Zhang", QUESTION, "en") == pytest.approx(0.75)
    assert agreement(reading("none", place), "Norton", QUESTION, "en") == 0
    assert agreement(reading("none", [("none", 1.0)]), "Zhang", QUESTION, "en") == 0


def test_what_means_the_same_agrees_however_it_begins() -> None:
    """The tokens differ from the first, and the value is one."""
    found = reading("Fourteen", [("Four", 0.9), ("none", 0.1)])
    assert agreement(found, "14", "How many seats?", "en") == 1
    assert agreement(found, "15", "How many seats?", "en") == 0


texts = st.text(st.characters(codec="utf-8"), max_size=30)
places = st.lists(st.lists(st.tuples(texts, st.floats(0, 1)), min_size=1, max_size=3), max_size=4)


@given(texts, places, texts)
def test_it_is_a_probability_of_whatever_is_said(said: str, tokens: list[Place], text: str) -> None:
    """No text and no token breaks it."""
    given_reading = reading(said, *tokens)
    for found in (
        agreement(given_reading, text, QUESTION, "en"),
        likeness(given_reading, text),
        refusal(given_reading),
        alike(said, text, QUESTION, "en"),
    ):
        assert 0 <= found <= 1
