import asyncio
from collections.abc import Callable

import pytest

from prompts import Messages, load_prompt
from service.chat.base import Call, Reading, Support
from service.chat.fake import FakeChatModel
from service.chat.langchain_chat import LangChainChat
from service.checking.support import ChatVerifier, Claim
from service.errors import ChatInvalidError, ChatUnavailableError
from service.prompt_names import ANSWERABLE_PROMPT, CLAIM_PROMPT, REREAD_PROMPT

Scripted = Callable[..., LangChainChat]
ONE = Claim("General Zhang", ("General Zhang led.",), "Who led?")
PLAIN = "the model gives no token probabilities; its plain words were taken"


def check(chat: LangChainChat, claim: Claim = ONE) -> Support:
    """Check a claim."""
    return asyncio.run(ChatVerifier(chat).support(claim))


def reread(chat: LangChainChat, claim: Claim = ONE) -> Reading:
    """Ask the question of a claim anew."""
    return asyncio.run(ChatVerifier(chat).reread(claim))


def heard(chat: LangChainChat) -> Messages:
    """Return the one prompt that a chat was given."""
    (messages,) = chat.heard  # type: ignore[attr-defined]
    assert isinstance(messages, Messages)
    return messages


@pytest.mark.parametrize(("ask", "prompt"), [(check, ANSWERABLE_PROMPT), (reread, REREAD_PROMPT)])
@pytest.mark.parametrize("text", ["Zhang led in rain.", "Emperor Norton"])
def test_the_prompts_hold_sentences_and_question_and_no_answer(
    scripted: Scripted, ask: Callable[..., object], prompt: str, text: str
) -> None:
    """The model is asked in fresh prompts; what is cited stands on one line, and so does the question."""
    chat = scripted("yes")
    ask(chat, Claim(text, ("General Zhang led.", "It rained."), "Who\n led\u200b?", "The\n visit"))
    assert heard(chat) == load_prompt(prompt).render(
        heading="The visit", sentence="General Zhang led. It rained.", question="Who led?"
    )
    assert text not in heard(chat).user


@pytest.mark.parametrize(
    ("heading", "shown"), [("", "untitled"), ("\u200b\n", "untitled"), ("Long " * 90, "Long " * 40)]
)
def test_a_heading_is_short(scripted: Scripted, heading: str, shown: str) -> None:
    """What tells the article stands above its sentence, cut where it is long; that there is none is told too."""
    chat = scripted("yes")
    check(chat, Claim("Zhang", ("He led.",), "Who led?", heading))
    assert heard(chat).user.startswith(f"Article: {shown}\nSentence: He led.\n")


def test_a_claim_without_a_question_is_checked_by_itself(scripted: Scripted) -> None:
    """Its prompt asks whether the sentences state all of it."""
    chat = scripted("no")
    assert check(chat, Claim("Zhang led.", ("General Zhang led.", "It rained."))).probability == 0
    assert heard(chat) == load_prompt(CLAIM_PROMPT).render(sentence="General Zhang led. It rained.", claim="Zhang led.")
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
    assert check(scripted(said)) == Support(probability, Call(), PLAIN)


def test_what_is_read_is_given(scripted: Scripted) -> None:
    """Without token probabilities the words are what there is, and it is said that it was so."""
    assert reread(scripted("General\n Zhang")) == Reading("General Zhang", (), Call(), PLAIN)


def test_neither_yes_nor_no_decides_nothing(scripted: Scripted) -> None:
    """Any other word is no verdict."""
    with pytest.raises(ChatInvalidError, match="neither yes nor no"):
        check(scripted("Yes, I think so"))


@pytest.mark.parametrize("ask", [check, reread])
def test_a_model_that_is_down_decides_nothing(scripted: Scripted, ask: Callable[..., object]) -> None:
    """Its error passes on."""
    with pytest.raises(ChatUnavailableError):
        ask(scripted(FakeChatModel(behaviour="down")))


def test_it_is_named_by_model_and_prompts(scripted: Scripted) -> None:
    """A calibration holds for all of them together, so that with a changed prompt it has another name."""
    answerable, anew = (load_prompt(name).fingerprint for name in (ANSWERABLE_PROMPT, REREAD_PROMPT))
    assert ChatVerifier(scripted("yes")).name == f"scripted {ANSWERABLE_PROMPT} {answerable} {REREAD_PROMPT} {anew}"


def test_closing_leaves_the_chat_model_to_its_owner(scripted: Scripted) -> None:
    """The model answers after its verifier was closed."""

    async def story() -> None:
        chat = scripted("yes", "yes")
        verifier = ChatVerifier(chat)
        await verifier.close()
        assert (await verifier.support(ONE)).probability == 1

    asyncio.run(story())
