import pytest

from service.asking.singles import asks_one_value, asks_several


@pytest.mark.parametrize(
    "question",
    [
        "How many workers lost their work?",
        "how much did the repair cost",
        "When did the bridge open?",
        "Since when is it closed?",
        "In which year did the mill open?",
        "At what time does it sail?",
        "On which day did they leave?",
        "What percentage of workers stayed?",
        "What year was it?",
        "HOW OLD IS THE CAPTAIN?",
        "How far is it to Port Ellis?",
        "How often does it run?",
        "Wann öffnete die Brücke?",
        "Wie viele Arbeiter verlieren ihre Arbeit?",
        "Wie alt ist der Kapitän?",
        "Quand a-t-il ouvert ?",
        "Combien de personnes travaillent ici ?",
        "¿Cuándo abrió el puente?",
        "¿Cuántas personas trabajan aquí?",
    ],
)
def test_a_number_or_a_time_is_one_value(question: str) -> None:
    """A question of one number, date or time has one answer."""
    assert asks_one_value(question)


@pytest.mark.parametrize(
    "question",
    [
        "",
        "Who led the Chinese side?",
        "Why did the mill close?",
        "What happened on Sunday?",
        "What does the article say of how it works?",
        "Which clubs won the cup?",
        "Whenever it rains: who pays?",
        "Tell me about the bridge.",
        "Wer führte die chinesische Seite?",
    ],
)
def test_other_questions_may_have_several_answers(question: str) -> None:
    """Persons, reasons and events may be many."""
    assert not asks_one_value(question)


@pytest.mark.parametrize(
    "question",
    [
        "When did it open and close?",
        "How many left, how many stayed?",
        "How many workers or clerks were there?",
        "How many goals did each club score?",
        "When were the two bridges opened, respectively?",
        "How long are both bridges?",
        "At what times does it sail?",
        "When are the dates of the talks?",
        "How many and why?",
        "Wann öffnete und schloss die Brücke?",
        "Combien de personnes et de chiens ?",
        "¿Cuándo abrió y cerró?",
    ],
)
def test_several_things_are_not_one_value(question: str) -> None:
    """Where more than one thing is asked, more than one statement may answer."""
    assert not asks_one_value(question)


@pytest.mark.parametrize(
    "question",
    [
        "What are the three branches of government?",
        "Which companies were recalled?",
        "what types of rock are found here",
        "Who were the members of the board?",
        "Which two cities hosted it?",
        "List the winners.",
        "Name all ministers who resigned",
        "Welche Firmen haben zugestimmt?",
    ],
)
def test_a_list_is_several(question: str) -> None:
    """A plural that asks, a number of things, or an order to list them."""
    assert asks_several(question)


@pytest.mark.parametrize(
    "question",
    [
        "",
        "Who led the Chinese side?",
        "What does the mill have?",
        "What business does he run?",
        "What was the purpose of the suite?",
        "Which bus is late?",
        "How many companies were recalled?",
        "Who are you?",
    ],
)
def test_one_thing_is_not_several(question: str) -> None:
    """What asks for one name, number or reason is answered by one sentence."""
    assert not asks_several(question)
