from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.asking.hops import hop_kind

BRIDGES = [
    "Who produced the film that was shot in Aldbury?",
    "How many people live in the city where Marta Quill was born?",
    "Which company was founded by the man who chaired Saltmere Albion?",
    "How much did the flood damage the plant which the council paid for?",
    "When was the bridge built, whose engineer led the inquiry?",
    "Where did the director of the Gannet documentary study?",
    "Why did the former owner of the mill resign?",
    "By how many votes did the lawyer of the buyers win?",
    "Who bought the company of the founder of the school in Brenholt?",
    "Why did the employer of Cindercell's founder lose the contract?",
    "What was the officer who leads the inquiry in charge of before?",
    "Who sold the novel written by Dario Quennell?",
    "Low Water is a film with an actress who was born in which town?",
    "Saltmere has a museum in a building designed by what architect?",
    "The Gannet is the ship that sank in which year?",
]
COMPARISONS = [
    "Are Marta Quill and Dario Quennell members of the same party?",
    "Were both Cindercell and Saltmere General founded in Brenholt?",
    "Which mill is larger, the Aldbury Mill or the Brenholt Mill?",
    "Which newspaper was published first, Saltmere News or The Gannet?",
    "Which lawyer is Norwegian, Marta Quill or Petra Lindqvast?",
    "Who is older, Marta Quill or Petra Lindqvast?",
    "who is older marta quill or petra lindqvast",
    "Is Aldbury older than Brenholt?",
    "What do Aldbury and Brenholt have in common?",
    "Which of Aldbury and Brenholt has a ferry?",
    "What do Marta Quill and Petra Lindqvast do in their respective firms?",
    "Did Aldbury have more floods than Brenholt?",
]
SINGLE = [
    "Who runs the mill in Aldbury?",
    "Who is the woman who runs the mill?",
    "What is the name of the man who runs the mill?",
    "What is the film that won the prize?",
    "Who is the president of the council?",
    "Who is Marta Quill's brother?",
    "Where is the museum that was robbed?",
    "What did the council say that the bridge would cost?",
    "What is the capital of Norway?",
    "Who wrote and directed the film?",
    "How many people who live in Aldbury work there?",
    "What did Marta Quill and Petra Lindqvast sign?",
    "When did Norway and Sweden end the union?",
    "Why are vaccines safe?",
    "What happens when the dam fails?",
    "Wer leitet die Mühle in Aldbury?",
    "",
]


@pytest.mark.parametrize("question", BRIDGES)
def test_a_description_in_place_of_a_name_is_a_bridge(question: str) -> None:
    """What is described, and not what is asked for, must be found first."""
    assert hop_kind(question) == "bridge"


@pytest.mark.parametrize("question", COMPARISONS)
def test_two_things_held_against_each_other_are_a_comparison(question: str) -> None:
    """Two names with a word that compares, or a choice of two, take a fact of each."""
    assert hop_kind(question) == "comparison"


@pytest.mark.parametrize("question", SINGLE)
def test_other_questions_take_one_fact(question: str) -> None:
    """What is asked for may be described, and two names may do one thing together."""
    assert hop_kind(question) == "single"


@pytest.mark.parametrize("unit", ["by a film ", "A and B ", "the film that ", "'s "])
def test_a_long_question_takes_no_longer(unit: str, grows_linearly: Callable[..., bool]) -> None:
    """The time to read a question grows with its length alone, whatever stands in it."""
    assert grows_linearly(hop_kind, unit)


@given(st.text(max_size=300))
def test_any_text_is_read(question: str) -> None:
    """Nothing that a person can write is an error, and spaces between words make no difference."""
    assert hop_kind(question) == hop_kind(f"  {question.replace(' ', '  ')}")
