from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.checking.names import names, stands_in


def surfaces(text: str, language: str | None = None) -> list[str]:
    """Return the names of a text."""
    return [name.text for name in names(text, language)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("General Bajwa visited China.", ["General Bajwa", "China"]),
        ("The Bank of England raised rates.", ["Bank of England"]),
        ("It was the Ministry of the Interior.", ["Ministry of the Interior"]),
        ("Ludwig van Beethoven met Charles de Gaulle.", ["Ludwig van Beethoven", "Charles de Gaulle"]),
        ("He read J. K. Rowling and George W. Bush.", ["J. K. Rowling", "George W. Bush"]),
        ("It was the U.S. Army.", ["U.S. Army"]),
        ("NATO and COP27 and an F-16.", ["NATO", "COP27", "F-16"]),
        ("Covid-19 and SARS-CoV-2 spread.", ["Covid-19", "SARS-CoV-2"]),
        ("It was President Biden's plan.", ["President Biden"]),
        ("Shares of Johnson & Johnson fell.", ["Johnson & Johnson"]),
        ("He met Mr. Smith and Gen. Bajwa.", ["Mr. Smith", "Gen. Bajwa"]),
        ("He led the\nChinese side.", ["Chinese"]),
        ("He saw Al Jazeera, Los Angeles and O'Brien.", ["Al Jazeera", "Los Angeles", "O'Brien"]),
        ("McDonald rose. iPhone sales fell.", ["McDonald", "iPhone"]),
        ("It was anti-American and Franco-German.", ["anti-American", "Franco-German"]),
        ("Meanwhile Bajwa met Xi.", ["Bajwa", "Xi"]),
        ("When Bajwa's plane landed, Former President Xi left.", ["Bajwa", "Former President Xi"]),
        ("Former President Xi left.", ["President Xi"]),
        ("Troops of the Northern Army left.", ["Northern Army"]),
        ("Theresa May spoke.", ["Theresa May"]),
        ("Twelve Chinese soldiers paid US$3m and Rs500 in June 2022 on Sunday.", ["Chinese"]),
    ],
)
def test_rows_of_capitals_are_names(text: str, found: list[str]) -> None:
    """Particles, initials, titles and digits belong to a name; articles, adverbs, dates and numbers do not."""
    assert surfaces(text) == found


@pytest.mark.parametrize(
    "text",
    ["Army chief flew home.", "It rained. Snow fell.", 'He said: "Talks went well."', "I think I'm right.",
     "1. Talks went", "Is it No. 10?", "all in small letters", "参加者は12人。", "वह दिल्ली गया", ""],
)  # fmt: skip
def test_a_capital_that_opens_a_sentence_is_no_name(text: str) -> None:
    """One word at the beginning of a sentence, a quotation or an item is not a name, nor is a pronoun."""
    assert surfaces(text) == []


def test_german_and_scripts_without_case_have_no_names() -> None:
    """All nouns have capitals in German, and no words have in Chinese: nothing can be told, so nothing is said."""
    text = "Gestern traf der General Zhang Youxia ein."
    assert surfaces(text, "de") == surfaces(text, "de-AT") == surfaces("北京的张又侠将军和NATO会谈") == []
    assert surfaces(text, "en") == ["General Zhang Youxia"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("General Bajwa", "Bajwa, the general"),
        ("General Bajwa", "Gen. Bajwa"),
        ("General Bajwa", "GENERAL BAJWA'S PLAN"),
        ("Bajwas", "Bajwa"),
        ("Sackler Galleries", "the Sackler gallery"),
        ("Erdogan", "Erdoğan"),
        ("Erdoğan", "ERDOG\u0306AN"),
        ("Łódź", "Lodz"),
        ("Mr Norton", "Norton"),
        ("J. K. Rowling", "Joanne Rowling"),
        ("J.K. Rowling", "J. K. Rowling"),
        ("U.S.", "the US"),
        ("US", "the United States"),
        ("United States", "the US"),
        ("American", "the U.S."),
        ("Chinese", "China"),
        ("Russians", "Russia"),
        ("COAS", "the Chief of Army Staff"),
        ("COAS", "the chief of the army staff"),
        ("Chief of Army Staff General Bajwa", "COAS General Bajwa"),
        ("GDP", "gross domestic product"),
        ("EU", "the European Union"),
        ("F-16", "an F16"),
        ("F-16", "an F 16"),
        ("F16", "two F-16s"),
        ("COP27", "COP 27"),
        ("Sino-American", "Sino American"),
        ("Ludwig Van Beethoven", "Beethoven, Ludwig"),
        ("bajwa", "Bajwa"),
        ("X", "the firm X"),
        ("Mr", ""),
    ],
)
def test_a_name_stands_in_other_spellings(name: str, text: str) -> None:
    """Case, accents, plural, titles, points, hyphens, nations and acronyms do not matter."""
    assert stands_in(name, text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Joe Biden", "Hunter Biden"),
        ("General Zhang", "General Bajwa"),
        ("Ann", "Anna, the annual guest"),
        ("US", "he told us"),
        ("WHO", "the man who was hurt"),
        ("IT", "it was"),
        ("EU", "every uncle"),
        ("Franco-German", "French and German"),
        ("F-16", "an F-18 and 16 men"),
        ("COP28", "COP27"),
        ("COAS", "the chief of staff"),
        ("Austria", "Australia"),
        ("X", "the firm Y"),
        ("Zhang", ""),
    ],
)
def test_another_name_does_not_stand(name: str, text: str) -> None:
    """Part of a word, another first name, another number or a pronoun is not the name."""
    assert not stands_in(name, text)


@given(st.one_of(st.text(), st.text(alphabet="AbC.'’- é\u030112&\n\"İßﬁ一")))
def test_every_name_stands_in_its_text(text: str) -> None:
    """Names come in order, are what stands at their spans, and stand in the text that they are of."""
    found = names(text)
    ends = [0, *(name.end for name in found)]
    for name, end in zip(found, ends, strict=False):
        assert end <= name.start < name.end
        assert text[name.start : name.end] == name.text
        assert stands_in(name.text, text)


@pytest.mark.parametrize("unit", ["A ", "A. ", "A-", "A.", "A of ", "A\n", "The ", "A'", "AB ", "\n", "A1 ", "a "])
def test_time_grows_with_the_text_alone(unit: str, grows_linearly: Callable[..., bool]) -> None:
    """Finding names, and looking for them, takes time in proportion to the text."""

    def look(text: str) -> None:
        names(text)
        stands_in(text, text)

    assert grows_linearly(look, unit)
