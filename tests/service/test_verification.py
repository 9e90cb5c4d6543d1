import asyncio
from collections.abc import Callable

import pytest

from index import Article, Evidence
from service.attribution import Attributed
from service.chat.base import Call
from service.chat.fake import FakeChatModel
from service.errors import ChatInvalidError
from service.verification import Check, check_support

ARTICLE = Article("a", "General Zhang\n led. It rained.")
ONE = Attributed("General Zhang led.", (Evidence(1, ARTICLE, 0, 19, 1.0),))
BOTH = Attributed("Zhang led in rain.", (*ONE.evidence, Evidence(2, ARTICLE, 20, 30, 0.5)))


def check(chat: object, answer: Attributed = ONE, threshold: float = 0.75) -> Check:
    """Check an answer to a question."""
    return asyncio.run(check_support(chat, "Who led?", answer, threshold=threshold))  # type: ignore[arg-type]


def test_the_prompt_holds_sentence_question_and_answer(scripted: Callable[..., object]) -> None:
    """The model is asked in a fresh prompt; cited sentences stand on one line."""
    chat = scripted("yes")
    check(chat, BOTH)
    (heard,) = chat.heard  # type: ignore[attr-defined]
    assert heard.user.splitlines()[:4] == [
        "Sentence: General Zhang led. It rained.",
        "",
        "Question: Who led?",
        "Answer: Zhang led in rain.",
    ]


@pytest.mark.parametrize(("threshold", "supported"), [(0.75, True), (0.9, True), (0.901, False), (0, True)])
def test_probabilities_are_compared_with_the_threshold(
    scripted: Callable[..., object], threshold: float, *, supported: bool
) -> None:
    """A probability at the threshold or above it is support."""
    found = check(scripted(FakeChatModel(behaviour="extract")), threshold=threshold)
    assert found.supported is supported
    assert found.probability == pytest.approx(0.9)
    assert found.call.prompt_tokens > 0
    assert found.degraded is None


@pytest.mark.parametrize(("said", "supported"), [("Yes", True), (" yes.\n", True), ("NO!", False)])
def test_a_plain_word_is_taken_and_said(scripted: Callable[..., object], said: str, *, supported: bool) -> None:
    """Without token probabilities the word decides, and the check says that it was so."""
    found = check(scripted(said))
    assert (found.probability, found.supported, found.call) == (float(supported), supported, Call())
    assert found.degraded == "the model gives no token probabilities; its plain yes or no was taken"


def test_neither_yes_nor_no_decides_nothing(scripted: Callable[..., object]) -> None:
    """Any other word is no verdict."""
    with pytest.raises(ChatInvalidError, match="neither yes nor no"):
        check(scripted("Yes, I think so"))
