import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.asking.parts import Part, question_parts

SPLIT = [
    (
        "Why does the mill close, and how many people lose their work?",
        ["Why does the mill close?", "How many people lose their work?"],
    ),
    ("Who led the talks and when were they held?", ["Who led the talks?", "When were they held?"]),
    ("who led the talks and when were they held", ["who led the talks?", "when were they held?"]),
    ("Who won? How many votes did she get?", ["Who won?", "How many votes did she get?"]),
    ("When and where was the treaty signed?", ["When was the treaty signed?", "Where was the treaty signed?"]),
    (
        "Where, when and by whom was the treaty signed?",
        ["Where was the treaty signed?", "When was the treaty signed?", "By whom was the treaty signed?"],
    ),
    ("When was the treaty signed and where?", ["When was the treaty signed?", "Where was the treaty signed?"]),
    ("Did the mill close, and if so, why?", ["Did the mill close?", "Why did the mill close?"]),
    ("Did the mill close? Why?", ["Did the mill close?", "Why did the mill close?"]),
    ("What is AI and what is ML?", ["What is AI?", "What is ML?"]),
    ("Who won the prize and who came second?", ["Who won the prize?", "Who came second?"]),
    ("How did the fire start and what caused the blast?", ["How did the fire start?", "What caused the blast?"]),
    ("Is the mill closed and will it reopen?", ["Is the mill closed?", "Will it reopen?"]),
    (
        "According to the council, who paid for the bridge and how much did it cost?",
        ["According to the council, who paid for the bridge?", "How much did it cost?"],
    ),
    (
        "In which year did Aldbury win and in which year did Brenholt win?",
        ["In which year did Aldbury win?", "In which year did Brenholt win?"],
    ),
    (
        "How did it start, how did it spread and how many houses burnt down?",
        ["How did it start?", "How did it spread?", "How many houses burnt down?"],
    ),
    (
        'Who wrote "What is life? and what is death?" and when was it published?',
        ['Who wrote "What is life? and what is death?"?', "When was it published?"],
    ),
    (
        "The mill closed in 2019. Who owned it? Who worked there?",
        ["The mill closed in 2019. Who owned it?", "Who worked there?"],
    ),
    ("Who won? Who lost, right? Be brief.", ["Who won?", "Who lost, right? Be brief."]),
    ("Wer leitete die Gespräche? Wann fanden sie statt?", ["Wer leitete die Gespräche?", "Wann fanden sie statt?"]),
    ("谁赢了？在哪里？", ["谁赢了？", "在哪里？"]),
]
WHOLE = [
    "Who runs the mill?",
    "Which two treaties ended the war and founded the bank?",
    "What do Aldbury and Brenholt have in common?",
    "Who wrote and directed the film?",
    "Who founded the mill, and when?",
    "Who said what and when?",
    "What is the difference between what Anna said and what Ben said?",
    "What is the difference between how Anna sings and how does Ben?",
    "Are both the mill and the ferry closed?",
    "Who decides who pays and who gets paid?",
    "Who is the man who was blamed and who was jailed?",
    "Do you know who wrote it and when it was published?",
    "Do you know who won and when?",
    "Can you explain what it is and how it works?",
    "Explain why the mill closed and how many people lost their work.",
    "What determines how fast a car is and how much fuel it uses?",
    "Which city is old and is the capital?",
    "When the war ended, who was president?",
    "What is the name of the bridge, which is in Brenholt?",
    "How many people moved on the first morning, and how many by 19 October?",
    "He was late, right? Right?",
    "Is the mill closed? Isn't it?",
    "  Who   runs it ",
    "",
]


@pytest.mark.parametrize(("question", "texts"), SPLIT)
def test_a_question_that_asks_several_things_is_split(question: str, texts: list[str]) -> None:
    """Each part is a question as it was asked, written like one."""
    assert [part.text for part in question_parts(question)] == texts


@pytest.mark.parametrize("question", WHOLE)
def test_a_question_that_asks_one_thing_stays_as_it_is(question: str) -> None:
    """What could be one thing, or cannot be written as questions, is left whole."""
    assert question_parts(question) == (Part(question, question),)


def test_a_part_that_points_back_is_searched_for_with_the_first() -> None:
    """The words of the first part stand for the pronoun of another; a part that is whole is searched for as it is."""
    parts = question_parts("Who led the Brenholt talks, when were they held and what is a ferry?")
    assert [part.search for part in parts] == [
        "Who led the Brenholt talks?",
        "When were they held? led Brenholt talks",
        "What is a ferry?",
    ]


def test_there_are_four_parts_at_most() -> None:
    """What is asked beyond the third part stays together."""
    parts = question_parts("Who won? Who lost? Who paid? Who left? Who stayed?")
    assert [part.text for part in parts] == ["Who won?", "Who lost?", "Who paid?", "Who left? Who stayed?"]


def test_what_is_asked_twice_is_one_part() -> None:
    """The same sentence is not answered twice."""
    assert len(question_parts("Who won? Who won? Who lost?")) == 2


@given(st.text(max_size=300))
def test_any_text_has_parts(question: str) -> None:
    """Nothing that a person can write is an error, and each part has words to be searched for if the question has."""
    parts = question_parts(question)
    assert 1 <= len(parts) <= 4
    assert len(parts) == 1 or all(part.text.strip() for part in parts)
