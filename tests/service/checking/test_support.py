import asyncio
from collections.abc import Callable

import pytest

from prompts import Messages, load_prompt
from service.chat.base import Call, Support
from service.chat.fake import FakeChatModel
from service.chat.langchain_chat import LangChainChat
from service.checking.support import SUPPORT_PROMPT, ChatVerifier, Claim
from service.errors import ChatInvalidError, ChatUnavailableError

Scripted = Callable[..., LangChainChat]
ONE = Claim("General Zhang", ["General Zhang led."], "Who led?")


def check(chat: LangChainChat, claim: Claim = ONE) -> Support:
    """Check a claim."""
    return asyncio.run(ChatVerifier(chat).support(claim))


def heard(chat: LangChainChat) -> Messages:
    """Return the one prompt that a chat was given."""
    (messages,) = chat.heard  # type: ignore[attr-defined]
    assert isinstance(messages, Messages)
    return messages


def test_the_prompt_holds_sentences_question_and_answer(scripted: Scripted) -> None:
    """The model is asked in a fresh prompt; what is cited stands on one line, and so does the question."""
    chat = scripted("yes")
    check(chat, Claim("Zhang led in rain.", ["General Zhang led.", "It rained."], "Who\n led?"))
    assert heard(chat) == load_prompt(SUPPORT_PROMPT).render(
        sentence="General Zhang led. It rained.", question="Who led?", answer="Zhang led in rain."
    )


@pytest.mark.parametrize("question", [None, "", " \n"])
def test_a_claim_without_a_question_is_checked_by_itself(scripted: Scripted, question: str | None) -> None:
    """The prompt then asks whether the sentence states the claim."""
    chat = scripted("no")
    assert check(chat, Claim("Zhang led.", ["General Zhang led."], question)).probability == 0
    assert heard(chat).user.splitlines()[:3] == ["Sentence: General Zhang led.", "", "Claim: Zhang led."]
    assert "Question: " not in heard(chat).user


def test_the_raw_probability_is_given(scripted: Scripted) -> None:
    """It is compared with no threshold here, and its cost is told."""
    found = check(scripted(FakeChatModel(behaviour="extract")))
    assert found.probability == pytest.approx(0.9)
    assert found.call.prompt_tokens > 0
    assert found.degraded is None


@pytest.mark.parametrize(("said", "probability"), [("Yes", 1), (" yes.\n", 1), ("NO!", 0)])
def test_a_plain_word_is_taken_and_said(scripted: Scripted, said: str, probability: float) -> None:
    """Without token probabilities the word decides, and it is said that it was so."""
    found = check(scripted(said))
    assert (found.probability, found.call) == (probability, Call())
    assert found.degraded == "the model gives no token probabilities; its plain yes or no was taken"


def test_neither_yes_nor_no_decides_nothing(scripted: Scripted) -> None:
    """Any other word is no verdict."""
    with pytest.raises(ChatInvalidError, match="neither yes nor no"):
        check(scripted("Yes, I think so"))


def test_a_model_that_is_down_decides_nothing(scripted: Scripted) -> None:
    """Its error passes on."""
    with pytest.raises(ChatUnavailableError):
        check(scripted(FakeChatModel(behaviour="down")))


def test_it_is_named_by_model_and_prompt(scripted: Scripted) -> None:
    """A calibration holds for both, so that a changed prompt has another name."""
    fingerprint = load_prompt(SUPPORT_PROMPT).fingerprint
    assert ChatVerifier(scripted("yes")).name == f"scripted {SUPPORT_PROMPT} {fingerprint}"


def test_closing_leaves_the_chat_model_to_its_owner(scripted: Scripted) -> None:
    """The model answers after its verifier was closed."""

    async def story() -> None:
        chat = scripted("yes", "yes")
        verifier = ChatVerifier(chat)
        await verifier.close()
        assert (await verifier.support(ONE)).probability == 1

    asyncio.run(story())
