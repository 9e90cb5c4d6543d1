from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.checking.claims import Missing, missing_from

NONE = Missing()
VISIT = "General Qamar Bajwa, the Chief of Army Staff, flew to Beijing on 12 June with a dozen officers."
TALKS = "The Chinese side was led by General Zhang Youxia, and 1,200 soldiers stood in the rain."
BUDGET = "The ministry spent $3.50 per head, 12 per cent more than in 2021, or 1.2 million in all."
MATCH = "Northbridge beat Southwell 3-2 at 9 pm on Sunday after 120 minutes."
LIST = "Delegates from Peru, Chile and Ecuador signed the accord."
WAR = "The war of 1914-18 killed between 15 and 22 million people."
JETS = "The air force bought 24 F-16 jets and cancelled Covid-19 rules before COP27."


def numbers(*surfaces: str) -> Missing:
    """Return what misses these numbers."""
    return Missing(numbers=surfaces)


def dates(*surfaces: str) -> Missing:
    """Return what misses these dates."""
    return Missing(dates=surfaces)


def names(*surfaces: str) -> Missing:
    """Return what misses these names."""
    return Missing(names=surfaces)


@pytest.mark.parametrize(
    ("statement", "sentence", "missing"),
    [
        # dates
        ("He flew on June 12.", VISIT, NONE),
        ("He flew on the 12th of June.", VISIT, NONE),
        ("He flew on June 12th, to Beijing.", VISIT, NONE),
        ("He flew in June.", VISIT, NONE),
        ("He flew on the 12th.", VISIT, NONE),
        ("He flew on 13 June.", VISIT, dates("13 June")),
        ("He flew on 12 July.", VISIT, dates("12 July")),
        ("He flew on 12 June 2022.", VISIT, dates("12 June 2022")),
        ("He flew in May.", VISIT, dates("May")),
        ("He flew on Monday.", VISIT, NONE),
        ("It opened in June 2022.", "It opened on 2022-06-12.", NONE),
        ("It opened on 2022-06-12.", "It opened on Sunday, 12 June 2022.", NONE),
        ("It opened in 2022.", "It opened on 12 June 2022.", NONE),
        ("It opened in 2023.", "It opened on 12 June 2022.", numbers("2023")),
        ("It opened on 12 June 2022.", "It opened in June 2022.", dates("12 June 2022")),
        ("It opened on 12 June 2022.", "It opened on 06/12/2022.", NONE),
        ("It opened on 6 December 2022.", "It opened on 06/12/2022.", NONE),
        ("It opened on 12 June 2022.", "It opened on 13/06/2022.", dates("12 June 2022")),
        ("It opened on 12 June 2022.", "In 2022 it opened, on 12 June.", NONE),
        ("It lasted from 12 to 14 June.", "It lasted from June 12-14, 2022.", NONE),
        ("It lasted until 14 June 2022.", "It lasted from 12 to 14 June 2022.", NONE),
        ("It began on 30 May 2022.", "It lasted from 30 May to 2 June 2022.", NONE),
        ("It may march in 12 days.", "It opens in 12 days.", NONE),
        # numbers
        ("It spent $3.5 per head.", BUDGET, NONE),
        ("It spent 1,200,000.", BUDGET, NONE),
        ("It spent 1.2m.", BUDGET, NONE),
        ("It spent one million two hundred thousand.", BUDGET, NONE),
        ("It spent 1 200 000.", BUDGET, NONE),
        ("It spent 1.3 million.", BUDGET, numbers("1.3 million")),
        ("It spent 1.2 billion.", BUDGET, numbers("1.2 billion")),
        ("It spent 12% more.", BUDGET, NONE),
        ("It spent twelve percent more.", BUDGET, NONE),
        ("It spent 12 more.", BUDGET, NONE),
        ("It spent 15% more than in 2020.", BUDGET, numbers("15%", "2020")),
        ("It counted 1.2 million.", "It counted 1,234,567.", numbers("1.2 million")),
        ("Twelve officers flew.", VISIT, NONE),
        ("12 officers flew.", VISIT, NONE),
        ("There were 1,200 soldiers.", TALKS, NONE),
        ("There were twelve hundred soldiers.", TALKS, NONE),
        ("There were 1200 soldiers.", TALKS, NONE),
        ("There were 12 people.", "There was rain on 12 June.", numbers("12")),
        ("There was one person.", "There was rain.", NONE),
        ("There was 1 person.", "There was one person.", NONE),
        ("He was the first of them.", "There was rain.", NONE),
        ("Three delegations signed.", LIST, numbers("Three")),
        ("They won 3-2.", MATCH, NONE),
        ("They won by three goals to two.", MATCH, NONE),
        ("They won 3-1.", MATCH, numbers("1")),
        ("It began at 21:00.", MATCH, NONE),
        ("It began at 9 p.m.", MATCH, NONE),
        ("It began at 9:00 pm.", MATCH, NONE),
        ("It began at nine o'clock.", MATCH, NONE),
        ("It began at 8:30 pm.", MATCH, numbers("8:30 pm")),
        ("It began at 9.30pm.", "It began at 9:30 p.m. sharp.", NONE),
        ("It began at 21:00.", "It began at 21:30.", numbers("21:00")),
        ("The war began in 1914.", WAR, NONE),
        ("The war ended in 1918.", WAR, NONE),
        ("The war ended in 1919.", WAR, numbers("1919")),
        ("It killed at least 15 million.", WAR, NONE),
        ("It killed 15-22 million people.", WAR, NONE),
        ("It was fought from 1914 to 1918.", WAR, NONE),
        ("They live at Number 10.", "They live at No. 10.", NONE),
        ("It grew in the 1990s.", "It grew in 1994.", NONE),
        ("It grew in the 1990s.", "It grew in the nineties.", NONE),
        ("It grew in 1990.", "It grew in the 1990s.", numbers("1990")),
        ("It grew in the 1980s.", "It grew in the 1990s.", numbers("1980s")),
        ("She was in her twenties.", "She was in her 20s.", NONE),
        ("It was built in the 19th century.", "It was built in the nineteenth century.", NONE),
        ("It was built in the 18th century.", "It was built in the nineteenth century.", numbers("18th")),
        ("It is a 10-year plan.", "It is a plan of ten years.", NONE),
        ("It cost half a million.", "It cost 500,000 pounds.", NONE),
        ("It cost 5 lakh.", "It cost Rs5,00,000.", NONE),
        ("It ran 100 metres.", "It ran 100m.", NONE),
        ("It cost $100.", "It cost $100m.", numbers("100")),
        ("It cost 1.5 million.", "It cost one and a half million.", NONE),
        ("It reached 38°C.", "It reached 38 degrees.", NONE),
        ("It was Number One.", "It was number 1.", NONE),
        # names
        ("It was General Bajwa's plan.", VISIT, NONE),
        ("It was Gen. Bajwa.", VISIT, NONE),
        ("It was the COAS.", VISIT, NONE),
        ("It was General Zhang.", VISIT, names("General Zhang")),
        ("They met the Bajwas in Beijing.", VISIT, NONE),
        ("They met in Shanghai.", VISIT, names("Shanghai")),
        ("Officers flew to China.", TALKS, NONE),
        ("The Bank of England acted.", "It was the Bank of England's move.", NONE),
        ("The Bank of England acted.", "It was the Bank of Scotland's move.", names("Bank of England")),
        ("It was Franco-German.", "It was French.", names("Franco-German")),
        ("It was a Franco German plan.", "It was a Franco-German plan.", NONE),
        ("It was Emperor Norton.", LIST, names("Emperor Norton")),
        ("Joe Biden spoke.", "Hunter Biden spoke.", names("Joe Biden")),
        ("Meanwhile Peru signed.", LIST, NONE),
        ("It was the IMF.", "The International Monetary Fund lent it.", NONE),
        ("It was the International Monetary Fund.", "The IMF lent it.", NONE),
        ("It was the U.S. Army.", "It was the US Army.", NONE),
        ("It was the US.", "He told us.", names("US")),
        ("It was Recep Erdogan.", "It was Recep Erdoğan.", NONE),
        ("It was Mr Norton.", "It was Norton.", NONE),
        ("It bought 24 F-16s.", JETS, NONE),
        ("It bought 24 F16 jets.", JETS, NONE),
        ("It bought F-18 jets.", JETS, names("F-18")),
        ("It bought 16 jets.", JETS, numbers("16")),
        ("It met at COP 27.", JETS, NONE),
        ("It met at COP28.", JETS, names("COP28")),
        ("It dropped Covid 19 rules.", JETS, NONE),
        ("It dropped covid-19 rules.", JETS, NONE),
        # all of them
        (
            "Emperor Norton paid 5 million on 3 March 2020.",
            BUDGET,
            Missing(("5 million",), ("3 March 2020",), ("Emperor Norton",)),
        ),
    ],
)
def test_what_does_not_stand_in_the_sentence_is_missing(statement: str, sentence: str, missing: Missing) -> None:
    """Other spellings of the same stand; what the sentence does not say is missing, as the statement writes it."""
    assert missing_from(statement, (sentence,)) == missing


@pytest.mark.parametrize(
    ("statement", "sentence", "language", "missing"),
    [
        ("Es waren 1.200 Menschen am 12. Juni.", "Am 12. Juni 2022 kamen 1200 Menschen.", "de", NONE),
        ("There were 1,200 people on 12 June.", "Am 12. Juni kamen 1.200 Menschen.", "de", NONE),
        ("There were 3.5 billion.", "Es waren 3,5 Milliarden.", "de", NONE),
        ("Es waren drei.", "Es waren 3.", "de", NONE),
        ("Der Kaiser kam im Mai.", "Der König kam im Juni.", "de", dates("Mai")),
        ("Il y avait 12 % de plus le 1er juin.", "Le 1 juin : 12 pour cent de plus.", "fr", NONE),
        ("Il est venu en juin.", "Il est venu en juillet.", "fr", dates("juin")),
        ("Fueron 2 millones en junio.", "Fueron 2.000.000 en junio.", "es", NONE),
        ("参加者は13人。", "参加者は12人。", "ja", numbers("13")),
        ("2022年6月12日", "12 June 2022", "ja", NONE),
        ("120万人", "1.2 million people", "zh", NONE),
    ],
)
def test_languages_write_numbers_and_dates_their_own_way(
    statement: str, sentence: str, language: str, missing: Missing
) -> None:
    """The language decides what points and commas are, and which words are months."""
    assert missing_from(statement, (sentence,), language=language) == missing


def test_names_may_stand_in_the_context_and_numbers_and_dates_may_not() -> None:
    """A title gives the general's name; its number and its day are no ground."""
    statement, title = "General Bajwa flew on 12 June with 5 officers.", "General Bajwa flies with 5 on 12 June"
    assert missing_from(statement, ("He flew.",), context=(title,)) == Missing(("5",), ("12 June",))
    assert missing_from("It was General Bajwa.", ("He flew.",)) == names("General Bajwa")


def test_all_cited_sentences_count_together() -> None:
    """What one of the sentences lacks may stand in another."""
    statement = "General Zhang received 12 officers in Beijing on 12 June."
    assert missing_from(statement, (VISIT, TALKS)) == NONE
    assert missing_from(statement, (TALKS,)) == Missing(("12",), ("12 June",), ("Beijing",))


def test_nothing_cited_proves_nothing() -> None:
    """Without sentences all is missing."""
    assert missing_from("On 12 June 5 met Emperor Norton.", ()) == Missing(("5",), ("12 June",), ("Emperor Norton",))
    assert missing_from("They met.", ()) == NONE


@pytest.mark.parametrize(
    ("statement", "published", "missing"),
    [
        ("He flew on 12 June 2022.", "2022-06-13", NONE),
        ("He flew on 12 June 2022.", "2022-06-13T08:30:00+05:00", NONE),
        ("He flew on 12 June 2022.", "2022", NONE),
        ("He flew in June 2022.", "2022-06", NONE),
        ("In 2022 he flew, on 12 June.", "2022-06-13", NONE),
        ("He flew on 12 June 2021.", "2022-06-13", dates("12 June 2021")),
        ("He flew on 12 June 2021.", "2022-01-05", NONE),
        ("He flew on 12 June 2023.", "2022-01-05", dates("12 June 2023")),
        ("He flew on 13 June 2022.", "2022-06-13", dates("13 June 2022")),
        ("He flew in 2022.", "2022-06-13", numbers("2022")),
        ("In 2021 he flew, on 12 June.", "2022-06-13", numbers("2021")),
        ("He flew on 12 June 2022.", "last week", dates("12 June 2022")),
    ],
)
def test_a_publication_date_gives_the_year_of_a_day(statement: str, published: str, missing: Missing) -> None:
    """It fills in the year of a day that the sentence names, or the year before where that day was still to come."""
    assert missing_from(statement, (VISIT,), published=(published,)) == missing


def test_a_publication_date_changes_no_year_that_is_written() -> None:
    """A sentence that names its year keeps it."""
    sentence = "He flew on 12 June 2019."
    assert missing_from("He flew on 12 June 2022.", (sentence,), published=("2022",)) == dates("12 June 2022")
    assert missing_from("In 2022 he flew, on 12 June.", (sentence,), published=("2022",)) == numbers("2022")


def test_marks_and_items_are_no_numbers() -> None:
    """Neither a reference mark nor the number of a list's item needs a ground."""
    assert missing_from("1. They met.[12]", ("They met.",)) == NONE


def test_each_thing_is_missed_once() -> None:
    """What a statement repeats is listed once."""
    assert missing_from("It cost 5, yes 5, to Emperor Norton and Emperor Norton.", ("It cost.",)) == Missing(
        ("5",), (), ("Emperor Norton",)
    )


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        (NONE, ""),
        (dates("12 June"), "12 June does not stand in what is cited"),
        (Missing((), ("12 June",), ("General Bajwa",)), "12 June and General Bajwa do not stand in what is cited"),
        (Missing(("5",), ("12 June",), ("Norton",)), "12 June, 5 and Norton do not stand in what is cited"),
    ],
)
def test_what_is_missing_is_said_in_words(missing: Missing, words: str) -> None:
    """The words list dates, numbers and names; what misses nothing is false and says nothing."""
    assert missing.words() == words
    assert bool(missing) is bool(words)


PIECES = st.sampled_from([
    "12 June", "June", "2022", "1,200", "1.2", "m", "million", "the", "The", "of", "and", "a", "dozen", "General", "K",
    "Bajwa's", "F-16", "COP27", "U.S.", "US", "J.", "9 pm", "21:00", "-", "–", "%", "per cent", "1914-18", "12/06/2022",
    "May", "in", "twenty", "five", "hundred", "1990s", "90s", "[1]", ".", ",", ":", "\n", "'s", "’", "é", "e\u0301",
    "１２", "٣", "½", "²", "Dr.", "&", "$", "一", "12人", "6月", "ß", "İ", "ǅ", "om", "A.B", "x", "I'm", "no", "12th",
    "second", "one", "zwölf", "12. Juni", "\u00a0", "1 200", "\u212a", "\ufb01", "S", "|", "o'clock", "twelfth",
])  # fmt: skip
REALISTIC = st.lists(st.tuples(PIECES, st.sampled_from([" ", " ", " ", "", "-"]))).map(
    lambda pieces: "".join(piece + gap for piece, gap in pieces)
)
LANGUAGES = st.sampled_from([None, "en", "de", "fr", "ja", "es-MX", "", "und"])


@given(text=st.one_of(st.text(), REALISTIC), language=LANGUAGES)
def test_a_statement_that_is_the_sentence_misses_nothing(text: str, language: str | None) -> None:
    """Every text stands on itself."""
    assert missing_from(text, (text,), language=language) == NONE


@given(
    statement=st.one_of(st.text(), REALISTIC),
    cited=st.lists(st.one_of(st.text(), REALISTIC), max_size=3),
    published=st.lists(st.one_of(st.text(), st.dates().map(str)), max_size=2),
    language=LANGUAGES,
)
def test_no_text_is_too_strange(statement: str, cited: list[str], published: list[str], language: str | None) -> None:
    """No texts, dates or language raise, and what is missing stands in the statement."""
    missing = missing_from(statement, cited, context=cited, published=published, language=language)
    for surface in (*missing.numbers, *missing.dates, *missing.names):
        assert surface in statement


@pytest.mark.parametrize("unit", ["1,", "A ", "12 June ", "12/06/2022 ", "one ", "A of "])
def test_time_grows_with_the_text_alone(unit: str, grows_linearly: Callable[..., bool]) -> None:
    """One thing over and over, as statement and as sentence, takes time in proportion to the text."""
    assert grows_linearly(lambda text: missing_from(text, (text,), published=("2022-06-13",)), unit)
