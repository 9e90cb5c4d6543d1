import asyncio
import json
from typing import get_args

import pytest
from langchain_core.messages import HumanMessage

from prompts import Messages, load_prompt
from service.chat.base import Draft
from service.chat.fake import Behaviour, FakeModels
from service.chat.langchain_chat import LangChainChat
from service.errors import ChatInvalidError, ChatTimeoutError, ChatUnavailableError, SettingsError

SENTENCES = [{"number": 1, "text": "It rained."}, {"number": 2, "text": "General Zhang led the Chinese side."}]


def prompt(question: str = "Who led the Chinese side?") -> Messages:
    """Render the answer prompt over two sentences."""
    return load_prompt("answer.v1").render(articles=[{"heading": "h", "sentences": SENTENCES}], question=question)


def chat(behaviour: str) -> LangChainChat:
    """Make the chat of a fake."""
    return LangChainChat(FakeModels(behaviour), timeout_s=0.1)


@pytest.mark.parametrize("behaviour", ["extract", "plain"])
def test_extract_quotes_the_sentence_that_shares_most(behaviour: str) -> None:
    """The best sentence is named and quoted; where too little is shared, nothing is."""
    answered = asyncio.run(chat(behaviour).answer(prompt()))
    assert answered.draft == Draft(("2",), "General Zhang led the Chinese side.")
    assert bool(answered.degraded) is (behaviour == "plain")
    assert asyncio.run(chat(behaviour).answer(prompt("When was the purple bridge painted?"))).draft is None
    support = asyncio.run(chat(behaviour).support(Messages("s", "Sentence: a")))
    assert support.probability == pytest.approx(1 if behaviour == "plain" else 0.9)


def test_extract_needs_a_question() -> None:
    """A prompt without a question is refused like one that nothing answers."""
    assert asyncio.run(chat("extract").answer(Messages("s", "It rained. [1]"))).draft is None


def test_invent_names_what_is_not_there() -> None:
    """The inventing fake makes up an answer, and denies it when asked."""
    answered = asyncio.run(chat("invent").answer(prompt()))
    assert answered.draft == Draft(("40",), "Emperor Norton the Ninth led them.")
    assert asyncio.run(chat("invent").support(Messages("s", "Sentence: a"))).probability == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("behaviour", "error"),
    [("nonsense", ChatInvalidError), ("down", ChatUnavailableError), ("hang", ChatTimeoutError)],
)
def test_broken_fakes_break(behaviour: str, error: type[Exception]) -> None:
    """Each fault ends in its error."""
    with pytest.raises(error):
        asyncio.run(chat(behaviour).answer(prompt()))


def test_calls_are_counted_with_their_words() -> None:
    """A fake counts its calls and tells how many words went in and out."""
    models = FakeModels("extract")
    said = asyncio.run(models.model.ainvoke([HumanMessage(prompt().user)]))
    assert models.model.calls == 1
    assert said.usage_metadata
    assert said.usage_metadata["input_tokens"] == len(prompt().user.split())
    assert json.loads(str(said.content))["evidence"] == ["2"]


def test_a_check_really_asks() -> None:
    """A fake that is down fails its check, one that is up answers by its name."""
    assert asyncio.run(chat("extract").check()) == "fake:extract answers"
    with pytest.raises(ChatUnavailableError):
        asyncio.run(chat("down").check())


def test_an_unknown_fake_is_refused() -> None:
    """The message names those that are known."""
    with pytest.raises(SettingsError, match=f"no fake model 'other'; known ones are {', '.join(get_args(Behaviour))}"):
        FakeModels("other")
