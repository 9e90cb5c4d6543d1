import re
from pathlib import Path

import pytest

from prompts import load_prompt
from service.checking.secrecy import repeats_the_prompt
from service.prompt_names import PROMPTS


@pytest.mark.parametrize("name", PROMPTS)
def test_every_instruction_is_known(name: str) -> None:
    """Any six words in a row of a prompt in use are recognised, whatever stands around them."""
    words = re.findall(r"\w+", load_prompt(name).system)
    assert len(words) > 6
    for at in range(len(words) - 5):
        assert repeats_the_prompt(f"I was told: {' '.join(words[at : at + 6])} and more")


@pytest.mark.parametrize(
    "text",
    [
        "YOU ANSWER QUESTIONS FROM NUMBERED SENTENCES",
        "you answer: questions - from\n'numbered' (sentences)!",
        "you check whether a sentence of an article answers a question",
        "Answer the question from the sentence alone",
    ],
)
def test_case_and_signs_do_not_hide_it(text: str) -> None:
    """Only the words count."""
    assert repeats_the_prompt(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "not found",
        "You answer questions from numbered",
        "General Zhang led the Chinese side of the talks in Beijing on Sunday.",
        "You answer many questions from numbered sentences in articles",
        "Captain Rosa Lind",
    ],
)
def test_other_text_is_none(text: str) -> None:
    """Shorter runs, words in between, what the examples say and what articles say pass."""
    assert not repeats_the_prompt(text)


def test_sentences_of_the_samples_pass(samples: Path) -> None:
    """No line of the sample articles happens to repeat an instruction."""
    lines = [line for file in samples.iterdir() for line in file.read_text("utf-8").splitlines()]
    assert len(lines) > 100
    assert [line for line in lines if repeats_the_prompt(line)] == []
