from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import Article, Evidence
from service.checking.attribution import Attributed
from service.checking.gate import Wording, check_wording

Make = Callable[..., tuple[Evidence, ...]]
TALKS = (
    "General Zhang Youxia led the Chinese side of 1,200 soldiers on 12 June, "
    "at 9 pm, as https://apex.example/visit?id=3 reports."
)
QUESTION = "Who led the Chinese side?"
PASSED = Wording()


@pytest.fixture
def gate(evidence: Make) -> Callable[..., Wording]:
    """Return what puts a statement on TALKS, or other sentences of an article, through the gate."""

    def check(
        text: str,
        *sentences: str,
        question: str = QUESTION,
        language: str | None = "en",
        context: tuple[str, ...] = (),
        **fields: object,
    ) -> Wording:
        claim = Attributed(text, evidence(*(sentences or (TALKS,)), **fields))
        return check_wording(claim, question, language, context)

    return check


@pytest.mark.parametrize(
    "text",
    [
        TALKS,
        "General Zhang Youxia",
        "general zhang youxia",
        "Zhang led 1200 soldiers",
        "on 12 June",
        "soldiers, on June 12th",
        "1.2 thousand soldiers",
        "see https://apex.example/visit?id=3",
        "the General led (https://apex.example/visit?id=3).",
    ],
)
def test_what_the_sentence_says_passes(gate: Callable[..., Wording], text: str) -> None:
    """Its own words, values, names and links may be said, in other spellings too."""
    assert gate(text) == PASSED


@pytest.mark.parametrize(
    ("text", "wording"),
    [
        ("Zhang led 1,201 soldiers", Wording(values=("1,201",))),
        ("Zhang led on 13 June", Wording(values=("13 June",))),
        ("Zhang led on 12 June 2022", Wording(values=("12 June 2022",))),
        ("Zhang led at 10 pm", Wording(values=("10 pm",))),
        ("12% of soldiers", Wording(values=("12%",))),
        ("General Li led soldiers", Wording(names=("General Li",))),
        ("the side of Zhang and Norton", Wording(names=("Norton",))),
        ("the moon is made of cheese", Wording(unsaid=True)),
        ("Emperor", Wording(unsaid=True)),
        ("Emperor Norton", Wording(names=("Emperor Norton",), unsaid=True)),
        ("See https://evil.example/x for 7", Wording(("https://evil.example/x", "7"), unsaid=True)),
        ("In 1999 Emperor Norton on 2 May", Wording(("2 May", "1999"), ("Emperor Norton",), unsaid=True)),
    ],
)
def test_what_the_sentence_does_not_say_is_missing(gate: Callable[..., Wording], text: str, wording: Wording) -> None:
    """Values, names and a majority of other words are found, each in its own place."""
    assert gate(text) == wording


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example/?q=secret",
        "HTTPS://EVIL.EXAMPLE",
        "http://apex.example/visit?id=3",
        "https://apex.example/visit?id=3&steal=1",
        "https://apex.example/visit?id=3.evil",
        "https://apex.example.evil.example/visit",
        "ftp://evil.example",
        "www.evil.example",
        "mailto:thief@evil.example",
        "evil.example/steal",
    ],
)
def test_a_link_stands_in_the_sentence_or_is_missing(gate: Callable[..., Wording], link: str) -> None:
    """However much of the rest is right, a link of another address is refused, and named whole."""
    found = gate(f"General Zhang Youxia led the Chinese side, see {link}")
    assert not found.passed
    assert found.missing[0] == link


@pytest.mark.parametrize("question", ["Did Emperor Norton lead 7 men in May?", "Emperor Norton led in May, 7 days?"])
def test_the_question_is_no_source(gate: Callable[..., Wording], question: str) -> None:
    """What the question presumes does not stand in the article for that."""
    found = gate("Emperor Norton led 7 men in May", question=question)
    assert (set(found.values), found.names) == ({"May", "7"}, ("Emperor Norton",))


def test_the_questions_words_need_not_stand_in_the_sentence(gate: Callable[..., Wording]) -> None:
    """They are no part of what is answered, but they do not help either."""
    asked = "Which commander headed the delegation from China?"
    assert gate("The commander who headed the delegation was Zhang Youxia", question=asked) == PASSED
    assert gate("The commander who headed the delegation was a plumber", question=asked).unsaid


def test_a_statement_of_the_questions_words_alone_is_compared_whole(gate: Callable[..., Wording]) -> None:
    """Repeating the question is no way past the gate."""
    assert gate("the moon", question="Is the moon made of cheese?").unsaid
    assert gate("the soldiers", question="What of the soldiers?") == PASSED


@pytest.mark.parametrize(("text", "unsaid"), [("Zhang ate", False), ("Zhang ate rice", True), ("ate rice", True)])
def test_half_of_the_words_are_enough(gate: Callable[..., Wording], text: str, *, unsaid: bool) -> None:
    """Less than half of what is not asked must stand in the sentence."""
    assert gate(text).unsaid is unsaid


@pytest.mark.parametrize("text", ["Yes", "yes.", "No", "No, General Zhang", "Sí", "Oui", "Nein", "Nee"])
def test_yes_and_no_are_no_words(gate: Callable[..., Wording], text: str) -> None:
    """An answer of yes or no cannot be compared, and is left to the other gate."""
    assert gate(text, question="Did Zhang lead?") == PASSED


def test_yes_hides_nothing(gate: Callable[..., Wording]) -> None:
    """What comes with it is compared."""
    assert gate("Yes, the moon is cheese").unsaid
    assert gate("Yes, on 13 June").values == ("13 June",)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("1.2 m", "It cost 1,200,000 crowns."),
        ("1,200,000", "It cost 1.2 m crowns."),
        ("12", "Twelve people fled."),
        ("twelve", "12 people fled."),
        ("42", "Forty-two people were hurt."),
        ("80%", "Eighty per cent of them."),
        ("$1.5 billion", "It was sold for US$1.5bn."),
        ("5 p.m.", "The vote begins at 17:00."),
        ("the U.S.", "The US paid for it."),
        ("the European Union", "The EU paid for it."),
        ("J.K. Rowling", "JK Rowling wrote it."),
        ("third", "Lee finished 3rd."),
        ("22 February 2022", "The vote was on 22/2/22."),
        ("2022", '"In [2022] we won," he said.'),
    ],
)
def test_a_value_may_be_spelt_otherwise(gate: Callable[..., Wording], text: str, sentence: str) -> None:
    """A value that stands in the sentence is no unsaid word, however it is written."""
    assert gate(text, sentence, question="What does the report say?") == PASSED


@pytest.mark.parametrize("text", ["Paris", "twelve ministers resigned over bribes", "third"])
def test_a_value_hides_no_unsaid_words(gate: Callable[..., Wording], text: str) -> None:
    """What is not there, or stands beside a value that is, counts as before."""
    assert gate(text, "Twelve people fled from Rome.", question="What does the report say?").unsaid


def test_names_may_stand_in_the_title(gate: Callable[..., Wording]) -> None:
    """A title tells whom the sentence is about; numbers and dates it does not."""
    assert gate("General Bajwa flew", "The general flew home.", title="Bajwa's 7 days").passed
    found = gate("General Bajwa flew 7 times", "The general flew home.", title="Bajwa's 7 days")
    assert (found.values, found.names) == (("7",), ())
    assert gate("General Bajwa flew", "The general flew home.").names == ("General Bajwa",)


def test_names_may_stand_in_the_context(gate: Callable[..., Wording]) -> None:
    """So may words, but numbers, dates and links may not."""
    context = ("Bajwa went to see 7 barracks on 13 June, https://apex.example says.",)
    assert gate("General Bajwa flew to barracks", "The general flew home.", context=context).passed
    text = "General Bajwa flew 7 times on 13 June https://apex.example"
    found = gate(text, "The general flew home.", context=context)
    assert (set(found.values), found.names) == ({"7", "13 June", "https://apex.example"}, ())


def test_words_may_stand_in_any_of_the_cited_sentences(gate: Callable[..., Wording]) -> None:
    """What is cited together is read together."""
    both = ("General Bajwa came.", "He flew home on 12 June.")
    assert gate("General Bajwa flew home on 12 June", *both).passed
    assert not gate("General Bajwa flew home on 12 June", both[0]).passed


def test_a_year_may_be_that_of_publication(gate: Callable[..., Wording]) -> None:
    """A day without a year in the sentence is of the year in which its article came out."""
    assert gate("Zhang led on 12 June 2022", published_at="2022-06-13").passed
    assert gate("Zhang led on 12 June 2021", published_at="2022-06-13").values == ("12 June 2021",)
    assert gate("Zhang led in 2022", "Zhang led.", published_at="2022-06-13").values == ("2022",)


def test_each_article_lends_its_title_and_date(evidence: Make) -> None:
    """Of several articles that are cited, all titles and dates count."""
    first = evidence("The general flew on 12 June.", id="a", title="Bajwa leaves", published_at="2022-06-13")
    second = evidence("The soldiers slept.", id="b", title="Norton sleeps", published_at="2021")
    claim = Attributed("General Bajwa flew and soldiers of Norton slept", (*first, *second))
    assert check_wording(claim, QUESTION, "en").passed


def test_an_answer_in_another_language_shares_no_words(gate: Callable[..., Wording]) -> None:
    """Where the question is of another language than the article, only values and names are compared."""
    question = "¿Quién dirigió la parte china?"
    assert gate("lo dirigió Zhang Youxia con 1200 soldados", question=question, language="es") == PASSED
    assert gate("dijo que sí Zhang", question=question, language="es") == PASSED
    assert gate("dijo que sí Zhang", question=question, language="en").unsaid
    assert gate("lo dirigió Norton con 7 soldados", question=question, language="es") == Wording(("7",), ("Norton",))


def test_without_a_known_language_words_are_compared(gate: Callable[..., Wording]) -> None:
    """A language that could not be told, of question or article, is no way past the gate."""
    assert gate("the moon is made of cheese", language=None).unsaid
    assert gate("the moon is made of cheese", language="en").unsaid
    claim = Attributed("the moon", (Evidence(1, Article("a", "It rained."), 0, 10, 1.0),))
    assert check_wording(claim, QUESTION, "de").unsaid


def test_invisible_characters_of_an_article_do_not_matter(gate: Callable[..., Wording]) -> None:
    """A soft hyphen or a zero-width space within a word or a link parts nothing."""
    sentence = "Gene\u00adral Zhang You\u200bxia led 1,\u20602 00 men, https://apex.\u00adexample/x.".replace(
        "2 00", "200"
    )
    assert gate("General Zhang Youxia led 1,200 men, https://apex.example/x", sentence).passed
    assert gate("General Bajwa flew", "The general flew home.", title="Ba\u00adjwa").passed


def test_what_is_missing_is_said() -> None:
    """The words name values and names; that most words are others is said where nothing else is missing."""
    assert PASSED.words() == ""
    assert Wording(("7",), ("Li",), unsaid=True).words() == "not in the cited sentence: 7, Li"
    assert Wording(unsaid=True).words() == "its words are not those of the sentence"
    assert Wording(("7",), ("Li",)).missing == ["7", "Li"]


@pytest.mark.parametrize("wording", [Wording(("7",)), Wording(names=("Li",)), Wording(unsaid=True)])
def test_anything_missing_is_a_failure(wording: Wording) -> None:
    """One fault is enough."""
    assert not wording.passed
    assert wording.words()


@given(st.text(max_size=80), st.text(max_size=80), st.text(max_size=40))
def test_any_text_can_be_compared(text: str, sentence: str, question: str) -> None:
    """Nothing raises, whatever a model, an article or a reader wrote, and what fails says why."""
    article = Article("a", sentence, title=text, language="en", published_at="2022")
    claim = Attributed(text, (Evidence(1, article, 0, len(sentence), 1.0),))
    found = check_wording(claim, question, "en", [question])
    assert found.passed is (found.words() == "")


@pytest.mark.parametrize(
    "sentence",
    [
        TALKS,
        "In 1998, 210 of the 1,200 workers (17.5%) of COP27 left at 9:30 for the 1990s' F-16.",
        "“We paid $3.5m,” said Mr O’Brien-Smith, of https://apex.example/a_(b), on 2022-06-12.",
        "Die 12 Häuser in Köln brannten am 3. Mai.",
        "Le général Çelik a dit : « 40 000 euros, jamais ! »",
    ],
)
def test_a_sentence_states_itself(gate: Callable[..., Wording], sentence: str) -> None:
    """A statement that quotes its sentence word for word passes, whatever the question."""
    for question in (QUESTION, sentence, ""):
        assert gate(sentence, sentence, question=question) == PASSED
