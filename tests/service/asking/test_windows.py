from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.dates import utc_days
from service.asking.windows import Window, publication_window

ASKED_AT = "2022-06-22"  # a Wednesday
TODAY = ("2022-06-22", "2022-06-23")
YESTERDAY = ("2022-06-21", "2022-06-22")
THIS_WEEK = ("2022-06-20", "2022-06-23")
LAST_WEEK = ("2022-06-13", "2022-06-20")
THIS_MONTH = ("2022-06-01", "2022-06-23")
LAST_MONTH = ("2022-05-01", "2022-06-01")
THIS_YEAR = ("2022-01-01", "2022-06-23")
LAST_YEAR = ("2021-01-01", "2022-01-01")
LATEST = ("2022-05-24", "2022-06-23")

REPORTING = [
    ("What was reported last month about the ferry?", LAST_MONTH, "reported last month"),
    ("What has been reported so far this year about the mine?", THIS_YEAR, "reported so far this year"),
    ("Was it reported last month that the bridge would close?", LAST_MONTH, "reported last month"),
    ("Who was reported last week to have resigned?", LAST_WEEK, "reported last week"),
    ("Who leads the talks, as reported yesterday?", YESTERDAY, "as reported yesterday"),
    ("What was written last year about the mayor?", LAST_YEAR, "written last year"),
    ("What was published this month on the harbour?", THIS_MONTH, "published this month"),
    ("What did the newspapers write last week about the king?", LAST_WEEK, "newspapers write last week"),
    ("What was said in the press last month about the king?", LAST_MONTH, "in the press last month"),
    ("Who was in the news yesterday?", YESTERDAY, "in the news yesterday"),
    ("What's in the news today?", TODAY, "in the news today"),
    ("What happened this week in the news?", THIS_WEEK, "this week in the news"),
    ("What is the news from yesterday?", YESTERDAY, "news from yesterday"),
    ("Is there any news today about the flood?", TODAY, "news today"),
    ("What news since yesterday?", ("2022-06-21", "2022-06-23"), "news since yesterday"),
    ("What do articles published this week say about the bridge?", THIS_WEEK, "articles published this week"),
    ("Who leads according to articles published in the last 30 days?", LATEST, None),
    ("Has anything been written this year about the dam?", THIS_YEAR, "written this year"),
    ("What have the newspapers said this month about it?", THIS_MONTH, "newspapers said this month"),
    ("In the news this week, what was said about the dam?", THIS_WEEK, "In the news this week"),
    ("Please summarise the news of the last three days.", ("2022-06-20", "2022-06-23"), "news of the last three days"),
    ("What articles were published yesterday?", YESTERDAY, "articles were published yesterday"),
    ("Which articles from the last 7 days mention it?", ("2022-06-16", "2022-06-23"), "articles from the last 7 days"),
    ("Find articles from the past two weeks.", ("2022-06-09", "2022-06-23"), "articles from the past two weeks"),
    ("What do news stories from the last 24 hours say?", ("2022-06-21", "2022-06-23"), None),
    ("What do articles from the past year say?", ("2021-06-23", "2022-06-23"), "articles from the past year"),
    ("List the headlines from the past few days.", ("2022-06-16", "2022-06-23"), "headlines from the past few days"),
    ("According to reports this month, who leads the talks?", THIS_MONTH, "reports this month"),
    ("Who won, according to local media reports from last week?", LAST_WEEK, "local media reports from last week"),
    ("What are today's headlines?", TODAY, "today's headlines"),
    ("What’s in this morning’s news?", TODAY, "this morning’s news"),
    ("Who led the talks in last week's coverage?", LAST_WEEK, "last week's coverage"),
    ("In last month's coverage of the strike, who led the talks?", LAST_MONTH, "last month's coverage"),
    ("What do yesterday's reports say about last month's strike?", YESTERDAY, "yesterday's reports"),
    ("Summarise this year's news articles about the strike.", THIS_YEAR, "this year's news articles"),
    ("What did today's articles say about the 2019 fire?", TODAY, "today's articles"),
    ("What is the latest news on the strike?", LATEST, "latest news"),
    ("what's the latest local news", LATEST, "latest local news"),
    ("WHAT IS THE LATEST NEWS?", LATEST, "LATEST NEWS"),
    ("What does the latest report on the strike say?", LATEST, "latest report"),
    ("Summarise the most recent article on the port.", LATEST, "most recent article"),
    ("Who won according to recent reports?", LATEST, "recent reports"),
    ("What has recently been reported about the mine?", LATEST, "recently been reported"),
    ("What is the latest news this week?", THIS_WEEK, "latest news this week"),
    ("Welche Nachrichten von gestern erwähnen die Fähre?", YESTERDAY, "Nachrichten von gestern"),
    ("Was wurde letzte Woche über die Fähre berichtet?", LAST_WEEK, "letzte Woche über die Fähre berichtet"),
    ("Was wurde über die Fähre im letzten Monat berichtet?", LAST_MONTH, "im letzten Monat berichtet"),
    ("Was steht in Artikeln der letzten drei Tage?", ("2022-06-20", "2022-06-23"), "Artikeln der letzten drei Tage"),
    ("Was sind die neuesten Nachrichten über den Streik?", LATEST, "neuesten Nachrichten"),
    ("Was sagen die heutigen Schlagzeilen?", TODAY, "heutigen Schlagzeilen"),
    ("Quelles sont les dernières nouvelles de Kiev ?", LATEST, "dernières nouvelles"),
    ("Que disent les articles de la semaine dernière ?", LAST_WEEK, "articles de la semaine dernière"),
    ("Que dit-on dans la presse d'hier ?", YESTERDAY, "presse d'hier"),
    ("Qu'a-t-on écrit l'année dernière sur le maire ?", LAST_YEAR, "écrit l'année dernière"),
    ("¿Qué dicen las noticias de ayer sobre la huelga?", YESTERDAY, "noticias de ayer"),
    ("¿Cuáles son las últimas noticias sobre la huelga?", LATEST, "últimas noticias"),
    ("¿Qué se publicó la semana pasada sobre el alcalde?", LAST_WEEK, "publicó la semana pasada"),
]
EVENTS = """\
What happened last month?
Who won last year?
Where did the ferry sail yesterday?
how many ships sank in 2019
What has changed since the strike began?
What is the latest version of the software?
Who was the last king of Portugal?
Where were the recent earthquakes?
What did the mayor write last week about the port?
How many cases were reported last week?
What was reported to the police yesterday?
Which company reported last year a loss of a million?
What did the bank report last month?
Who gave a report to parliament last month?
Which novel published last year won the prize?
Which study published last month found this?
What was published last year by the bank?
What was written last year by the author?
Which newspaper was founded last year?
Who was the news agency's last director?
Who spoke at today's press conference?
How did the press conference last week end?
What did the press secretary say yesterday?
Who presented the news last night?
How did the mayor react to the news yesterday?
How did the mayor react to reports last month that the bridge was unsafe?
How many crime reports were there last month?
How do police reports from last year describe the suspect?
What was in the annual report last year?
What did last week's report say?
What do last year's reports on sales say?
What was last year's coverage of vaccines?
What was last year's reporting on emissions?
What is last week's paper on quantum gravity about?
What was last year's story of the year?
Which stories last year won the prize?
What story did he tell last week?
Which articles of the treaty were amended last year?
Which articles were found in the wreck last month?
Which reporter was arrested yesterday?
What did the media company buy last week?
Where did the press freedom index rank Norway this year?
What is the latest media law?
Who is the latest news anchor?
What does the latest IPCC report say?
What does the latest report by the committee on floods say?
What is his latest article about?
What are the latest articles by Jane Doe?
What are the two most recent articles on the port?
What were the recent reports by the auditors?
Was passierte letzte Woche?
Wer leitete die Nachrichtenagentur letztes Jahr?
Was wurde letzte Woche beschlossen?
Que s'est-il passé hier ?
Quelles nouvelles lois sont entrées en vigueur cette année ?
¿Qué pasó ayer?
¿Quién compró la prensa el año pasado?""".splitlines()
EITHER = """\
What did the report published by the bank in 2019 say?
What did the report published last month by the bank say?
What is said in the news from 2019?
What is the latest news from 2019?
What is the latest news from June?
What was in the news the last week in May?
When did the ferry sink, according to the latest news?
Which articles from the last week of the war survive?
What was the latest news the crew heard before the wreck?
What did news from last week's summit say?
What do articles from last month's magazine issue say?
Who sang Yesterday's News?
Who wrote the song "yesterday's news"?
Who wrote ‘today’s headlines’?
Who left Sky News last year?
who left sky news last year
Who hosted Last Week Tonight this year?
Wer gründete die Neuesten Nachrichten?
Qui dirige les Dernières Nouvelles d'Alsace ?
¿Quién dirige Últimas Noticias?
Compare this week's news with last week's news.
How do today's headlines differ from yesterday's?
Was the news this week worse than last week's?
What do articles from last month and this month say?
What do today's headlines and articles from last week say?
What did he do after yesterday's news?
Who can answer, not only in news from last week?
What is the age of the woman in the news yesterday?
How old is the mayor, who was in the news last week?
We heard in the news yesterday that the ferry sank; when was it built?
The ferry sank, as reported yesterday. When was it built?
What's the latest news? And how old is the mayor?
What do articles from the last 0 days say?
the day before yesterday's news""".splitlines()


@pytest.mark.parametrize(("question", "days", "wording"), REPORTING)
def test_a_time_of_reporting_is_a_window(question: str, days: tuple[str, str], wording: str | None) -> None:
    """A period that a noun or verb of reporting governs becomes a half-open window of UTC days."""
    window = publication_window(question, ASKED_AT)
    assert window is not None
    assert (window.published_from, window.published_to) == days
    assert wording is None or window.wording == wording


@pytest.mark.parametrize("question", EVENTS)
def test_a_time_of_an_event_is_no_window(question: str) -> None:
    """When something happened says nothing about when it was told."""
    assert publication_window(question, ASKED_AT) is None


@pytest.mark.parametrize("question", EITHER)
def test_what_can_be_read_in_two_ways_is_no_window(question: str) -> None:
    """Names, quotations, explicit dates, comparisons, authors and asides set no window."""
    assert publication_window(question, ASKED_AT) is None


@pytest.mark.parametrize(
    ("question", "asked_at", "days"),
    [
        ("What is the news from yesterday?", "2024-03-01", ("2024-02-29", "2024-03-01")),
        ("What is the news from yesterday?", "2023-03-01", ("2023-02-28", "2023-03-01")),
        ("What is the news from yesterday?", "2023-01-01T00:00:00Z", ("2022-12-31", "2023-01-01")),
        ("What is the news from yesterday?", "2022-06-20T23:30:00-05:00", ("2022-06-20", "2022-06-21")),
        ("What was reported last month?", "2024-03-31", ("2024-02-01", "2024-03-01")),
        ("What was reported last month?", "2023-01-15", ("2022-12-01", "2023-01-01")),
        ("What was reported last week?", "2023-01-02", ("2022-12-26", "2023-01-02")),
        ("What was reported last week?", "2023-01-01", ("2022-12-19", "2022-12-26")),
        ("What was reported this week?", "2021-01-01", ("2020-12-28", "2021-01-02")),
        ("What was reported this month?", "2024-02-29", ("2024-02-01", "2024-03-01")),
        ("What was reported last year?", "2024-02-29", ("2023-01-01", "2024-01-01")),
        ("What was reported in the last 2 months?", "2022-04-29", ("2022-02-28", "2022-04-30")),
        ("What was reported in the last 4 years?", "2024-02-28", ("2020-02-29", "2024-02-29")),
        ("What was reported in the last 9999 years?", "2022-06-22", ("0001-01-01", "2022-06-23")),
        ("What was reported in the last 9999 weeks?", "0009-06-22", ("0001-01-01", "0009-06-23")),
        ("What was reported this year?", "2022", ("2022-01-01", "2023-01-01")),
        ("What was reported last year?", "2022", ("2021-01-01", "2022-01-01")),
        ("What was reported last month?", "2022-06", ("2022-05-01", "2022-06-01")),
        ("What was reported yesterday?", "2022-06", ("2022-05-31", "2022-06-30")),
        ("What was reported last week?", "2022-06", ("2022-05-23", "2022-06-27")),
        ("What is the latest news?", "2022-06", ("2022-05-03", "2022-07-01")),
    ],
)
def test_calendars(question: str, asked_at: str, days: tuple[str, str]) -> None:
    """Weeks are ISO weeks, months and years those of the calendar; a coarse moment gives what each day of it would."""
    window = publication_window(question, asked_at)
    assert window is not None
    assert (window.published_from, window.published_to) == days


@pytest.mark.parametrize("word", ["yesterday", "last week", "last year"])
def test_there_is_nothing_before_the_first_day(word: str) -> None:
    """A window before the calendar's first day is none."""
    assert publication_window(f"What was reported {word}?", "0001-01-01") is None


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        ("What was reported last month about the ferry?", "What was reported about the ferry?"),
        ("What do articles published this week say about it?", "What do articles say about it?"),
        ("According to reports this month, who leads?", "Who leads?"),
        ("In yesterday's news, who leads?", "Who leads?"),
        ("Who won, according to the local news from last week?", "Who won?"),
        ("Who won in last week's coverage?", "Who won in coverage?"),
        ("What is the latest news on the strike?", "What is the news on the strike?"),
        ("Today's headlines", "Headlines"),
        ("today's news?", "news?"),
        ("According to today's news,", "According to today's news,"),
        ("Was sagen die heutigen Schlagzeilen?", "Was sagen die Schlagzeilen?"),
        ("Quelles sont les dernières nouvelles ?", "Quelles sont les nouvelles ?"),
    ],
)
def test_the_rest_of_the_question(question: str, rest: str) -> None:
    """The time can be left out, and so can the whole phrase where it only names a source."""
    window = publication_window(question, ASKED_AT)
    assert window is not None
    assert window.rest == rest


def test_a_window_in_words() -> None:
    """A window says from which day to before which."""
    window = Window("2022-05-01", "2022-06-01", "reported last month", "What was reported?")
    assert window.describe() == "published from 2022-05-01 to before 2022-06-01"


def test_a_moment_that_is_no_date_is_refused() -> None:
    """The moment of asking is checked whether or not the question needs it."""
    with pytest.raises(ValueError, match="now"):
        publication_window("Who won?", "now")


WORDS = [*" ".join(row[0] for row in REPORTING).split(), "last", "week", "'s", "(", "?", ".", "İ", "ß", "\0"]


@given(
    st.one_of(
        st.text(),
        st.lists(st.sampled_from(WORDS)).map(" ".join),
        st.tuples(st.text(), st.sampled_from(REPORTING), st.text()).map(
            lambda parts: parts[0] + parts[1][0] + parts[2]
        ),
    ),
    st.one_of(
        st.dates(date.min, date(9999, 12, 30)).map(date.isoformat),
        st.sampled_from(["0001", "0001-01", "2022", "2024-02", "9998", "9999-11", "2022-06-20T23:00:00-09:00"]),
    ),
)
def test_whatever_is_asked_a_window_is_sound(question: str, asked_at: str) -> None:
    """No question raises; a window holds days, none after the moment of asking, and leaves a question with words."""
    window = publication_window(question, asked_at)
    if window:
        start, end = utc_days(window.published_from)[0], utc_days(window.published_to)[0]
        assert start < end <= utc_days(asked_at)[1]
        assert any(character.isalnum() for character in window.rest)
        assert window.wording
