import asyncio
import json
import math
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from langchain_core.exceptions import OutputParserException
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatResult
from langchain_core.runnables import Runnable, RunnableLambda
from pydantic import Field

from index.errors import WeightsMissingError
from prompts import Example, Messages
from service.chat.base import Call, Draft, Reading, Reply, Support, Written
from service.chat.fake import FakeChatModel
from service.chat.langchain_chat import Kind, LangChainChat
from service.errors import ChatError, ChatInvalidError, ChatTimeoutError, ChatUnavailableError
from service.local.errors import LocalModelError

Scripted = Callable[..., LangChainChat]
ONE = {"answers": [{"evidence": ["1"], "answer": "Zhang."}]}
PLAIN = "the model gives no token probabilities; its plain words were taken"
MESSAGES = Messages("the system", "Question: who?", (Example("Question: what?", json.dumps(ONE)),))


class APITimeoutError(Exception):
    """What a provider's own client raises; it is no TimeoutError."""


class StructuredModel(FakeChatModel):
    """Give a prepared output where structured output is asked for."""

    output: object = None

    def with_structured_output(self, schema: object, **kwargs: object) -> Runnable[object, object]:  # type: ignore[override]
        """Return a runnable that gives the output."""
        del schema, kwargs
        return RunnableLambda(lambda _: self.output)


def likely(*tokens: tuple[str, float], text: str = "maybe") -> AIMessage:
    """Make a message whose first token might have been any of these."""
    top = [{"token": token, "logprob": math.log(probability)} for token, probability in tokens]
    content = [{"token": text, "logprob": 0.0, "top_logprobs": top}]
    return AIMessage(text, response_metadata={"logprobs": {"content": content}})


def answer(chat: LangChainChat) -> Reply:
    """Ask for an answer."""
    return asyncio.run(chat.answer(MESSAGES))


def support(chat: LangChainChat) -> Support:
    """Ask for yes or no."""
    return asyncio.run(chat.support(MESSAGES))


def reread(chat: LangChainChat) -> Reading:
    """Ask for a short answer."""
    return asyncio.run(chat.reread(MESSAGES))


def write(chat: LangChainChat) -> Written:
    """Ask for a short text."""
    return asyncio.run(chat.write(MESSAGES))


def test_a_structured_answer_is_read(scripted: Scripted) -> None:
    """The parsed output becomes the statements, and the raw message tells the cost."""
    usage = {"input_tokens": 7, "output_tokens": 3, "total_tokens": 10}
    raw = AIMessage("x", usage_metadata=usage)
    output = {"raw": raw, "parsed": ONE, "parsing_error": None}
    assert answer(scripted(StructuredModel(output=output))) == Reply((Draft(("1",), "Zhang."),), Call(7, 3))


@pytest.mark.parametrize(
    "output",
    [
        None,
        "Zhang.",
        {"raw": AIMessage("x"), "parsed": None, "parsing_error": ValueError("Zhang")},
        {"raw": AIMessage("x"), "parsed": None, "parsing_error": None},
        {"raw": AIMessage("x"), "parsed": {"evidence": ["1"], "answer": "Zhang."}, "parsing_error": None},
    ],
)
def test_a_structured_answer_of_another_form_is_invalid(scripted: Scripted, output: object) -> None:
    """What the provider could not parse decides nothing."""
    with pytest.raises(ChatInvalidError, match="the chat model gave something that is"):
        answer(scripted(StructuredModel(output=output)))


@pytest.mark.parametrize("said", ["Zhang. [1]", json.dumps(ONE)])
def test_a_model_without_structured_output_is_read_by_lines(scripted: Scripted, said: str) -> None:
    """Its lines are read, and that is said; without usage the cost is zero."""
    reply = answer(scripted(said))
    assert reply.drafts == (Draft(("1",), "Zhang."),)
    assert reply.call == Call(0, 0)
    assert reply.degraded == "the model has no structured output; its lines were read"


class Listening(FakeChatModel):
    """Keep what it is told."""

    told: list[list[BaseMessage]] = Field(default_factory=list)

    def _generate(self, messages: list[BaseMessage], *args: object, **kwargs: object) -> ChatResult:
        self.told.append(messages)
        return super()._generate(messages, *args, **kwargs)  # type: ignore[arg-type]


class PlainListening(Listening):
    """The same without structured output."""

    def with_structured_output(self, schema: object, **_: object) -> Runnable[object, object]:  # type: ignore[override]
        """Refuse, as models without it do."""
        raise NotImplementedError(str(schema))


@pytest.mark.parametrize("call", ["answer", "support", "reread", "write"])
def test_examples_are_earlier_turns(scripted: Scripted, call: str) -> None:
    """Every kind of prompt is the system's message, each example as a turn with its reply, then the user's message."""
    model = Listening()
    asked = Messages("the system", "It rained. [1]\nQuestion: who?", MESSAGES.examples * 2)
    asyncio.run(getattr(scripted(model), call)(asked))
    turns = [("human", "Question: what?"), ("ai", json.dumps(ONE))] * 2
    assert [[(message.type, message.content) for message in told] for told in model.told] == [
        [("system", "the system"), *turns, ("human", asked.user)]
    ]


def test_examples_of_a_plain_model_are_lines(scripted: Scripted) -> None:
    """A model without structured output sees no JSON, and is told the form."""
    model = PlainListening()
    answer(scripted(model))
    (told,) = model.told
    assert [message.content for message in told[1:3]] == ["Question: what?", "Zhang. [1]"]
    assert str(told[0].content).endswith("ANSWER [NUMBER]")


@pytest.mark.parametrize("text", ["Who led?\n", "", '{"a": 1}', "Who?\nWhen?"])
def test_a_written_text_comes_as_it_is(scripted: Scripted, text: str) -> None:
    """Neither form nor length is looked at; the cost is counted."""
    usage = {"input_tokens": 7, "output_tokens": 3, "total_tokens": 10}
    assert write(scripted(AIMessage(text, usage_metadata=usage))) == Written(text, Call(7, 3))


def test_each_call_asks_for_its_own_model() -> None:
    """The kind of prompt is told, so that each may have a slot of its own."""
    asked: list[str] = []

    class Models:
        name = "kinds"

        @asynccontextmanager
        async def use(self, kind: Kind) -> AsyncIterator[BaseChatModel]:
            asked.append(kind)
            yield FakeChatModel()

    chat = LangChainChat(Models(), timeout_s=1)  # type: ignore[arg-type]
    write(chat)
    support(chat)
    reread(chat)
    asyncio.run(chat.answer(Messages("s", "It rained. [1]\nQuestion: rain?")))
    assert asked == ["write", "support", "reread", "answer"]


@pytest.mark.parametrize(
    ("tokens", "probability"),
    [
        ([("yes", 0.6), ("no", 0.2)], 0.75),
        ([("Yes", 0.3), (" yes", 0.3), ("YES", 0.1), ("No", 0.1), ("\nno", 0.2)], 0.7),
        ([("yes", 0.9)], 1.0),
        ([("no", 0.001), ("maybe", 0.9)], 0.0),
        ([("yes", 0.6), ("", 0.2), ("yesterday", 0.1), ("no", 0.2)], 0.75),
    ],
)
def test_the_probability_is_that_of_yes_among_yes_and_no(
    scripted: Scripted, tokens: list[tuple[str, float]], probability: float
) -> None:
    """Spellings of a word count together, and other tokens do not count."""
    found = support(scripted(likely(*tokens)))
    assert found.probability == pytest.approx(probability)
    assert found.degraded is None


@pytest.mark.parametrize(
    "message",
    [
        likely(("maybe", 0.9), text="Yes."),
        likely(text="yes"),
        AIMessage("yes!", response_metadata={"logprobs": None}),
        AIMessage("yes", response_metadata={"logprobs": {"content": []}}),
        AIMessage("yes", response_metadata={"logprobs": {"content": [{"token": "yes", "logprob": 0.0}]}}),
        AIMessage("yes", response_metadata={"logprobs": "unknown"}),
        AIMessage("yes", response_metadata={"logprobs": {"content": [{"top_logprobs": None}]}}),
        AIMessage([{"type": "text", "text": "Yes"}]),
    ],
)
def test_without_probabilities_the_word_is_taken(scripted: Scripted, message: AIMessage) -> None:
    """Where neither word is among the likeliest tokens, the text decides, and that is said."""
    found = support(scripted(message))
    assert found.probability == 1
    assert found.degraded == PLAIN


@pytest.mark.parametrize("text", ["", "perhaps", "yes and no", "yesterday"])
def test_neither_word_is_invalid(scripted: Scripted, text: str) -> None:
    """Any other text is no verdict."""
    with pytest.raises(ChatInvalidError, match="gave neither yes nor no when asked to check an answer"):
        support(scripted(AIMessage(text)))


def test_a_reading_keeps_the_likeliest_tokens_of_each_place(scripted: Scripted) -> None:
    """The one that was taken stands first, whatever its probability; what is unlikely is left out."""
    content = [
        {"token": token, "logprob": math.log(own), "top_logprobs": [_likely(*one) for one in ((token, own), *more)]}
        for token, own, *more in [("Gen", 0.4, ("none", 0.5)), (". Li", 0.9, ("Zhang", 0.0005))]
    ]
    found = reread(scripted(AIMessage(" Gen.\n Li", response_metadata={"logprobs": {"content": content}})))
    assert found.text == "Gen. Li"
    assert found.places == ((("Gen", 0.4), ("none", 0.5)), ((". Li", 0.9),))
    assert found.degraded is None


def _likely(token: str, probability: float) -> dict[str, object]:
    return {"token": token, "logprob": math.log(probability)}


@pytest.mark.parametrize(
    "logprobs", [None, "unknown", {"content": []}, {"content": [{"token": "General", "top_logprobs": []}]}]
)
def test_without_probabilities_the_words_are_read(scripted: Scripted, logprobs: object) -> None:
    """The reply itself is kept, its cost too, and that it was so is said."""
    usage = {"input_tokens": 7, "output_tokens": 3, "total_tokens": 10}
    metadata = {"logprobs": logprobs}
    found = reread(scripted(AIMessage("General\n Zhang", usage_metadata=usage, response_metadata=metadata)))
    assert found == Reading("General Zhang", (), Call(7, 3), PLAIN)


@pytest.mark.parametrize(
    ("raised", "error", "says"),
    [
        (ChatInvalidError("as it is"), ChatInvalidError, "as it is"),
        (LocalModelError("start it"), ChatUnavailableError, "start it"),
        (WeightsMissingError("pull it"), ChatUnavailableError, "pull it"),
        (OutputParserException("sk-canary"), ChatInvalidError, "not the JSON asked for"),
        (TimeoutError("sk-canary"), ChatTimeoutError, "scripted gave no answer within 5 seconds"),
        (APITimeoutError("sk-canary"), ChatTimeoutError, "scripted gave no answer within 5 seconds"),
        (ValueError("sk-canary"), ChatUnavailableError, r"scripted cannot be asked \(ValueError\)"),
        (KeyError("sk-canary"), ChatUnavailableError, r"scripted cannot be asked \(KeyError\)"),
    ],
)
def test_whatever_a_provider_raises_is_translated(
    scripted: Scripted, raised: Exception, error: type[ChatError], says: str
) -> None:
    """Every call ends in one of three errors; a provider's own words are not repeated."""
    checked, warmed = (lambda chat: asyncio.run(chat.check())), (lambda chat: asyncio.run(chat.warm()))
    for call in (answer, support, reread, write, checked, warmed):
        with pytest.raises(error, match=says) as caught:
            call(scripted(raised))
        assert type(caught.value) is error
        assert "sk-canary" not in str(caught.value)


def test_a_model_that_hangs_is_given_up(scripted: Scripted) -> None:
    """Every call has the deadline that is set."""
    chat = scripted(FakeChatModel(behaviour="hang"), timeout_s=0.03)
    for call in (answer, support, reread, write):
        with pytest.raises(ChatTimeoutError, match=r"gave no answer within 0\.03 seconds"):
            call(chat)


def test_a_caller_that_goes_cancels_the_call(scripted: Scripted) -> None:
    """Cancelling is no error of the model."""

    async def story() -> None:
        task = asyncio.ensure_future(scripted(FakeChatModel(behaviour="hang")).answer(MESSAGES))
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(story())


@pytest.mark.parametrize(("ask", "kind"), [(support, "support"), (reread, "reread")])
def test_probabilities_are_asked_of_models_that_can_give_them(
    ask: Callable[[LangChainChat], Support], kind: str
) -> None:
    """Only a model with such a parameter is bound to it, since others refuse it."""
    asked: list[dict[str, object]] = []

    class Bound(FakeChatModel):
        def bind(self, **kwargs: object) -> Runnable[object, AIMessage]:  # type: ignore[override]
            asked.append(kwargs)
            return super().bind(**kwargs)

    model: BaseChatModel = Bound(behaviour="extract")

    class Models:
        name = "bound"

        @asynccontextmanager
        async def use(self, wanted: str) -> AsyncIterator[BaseChatModel]:
            assert wanted == kind
            yield model

    ask(LangChainChat(Models(), timeout_s=1))  # type: ignore[arg-type]
    assert asked == [{"logprobs": True, "top_logprobs": 20}]


def test_warming_and_closing_pass_on(scripted: Scripted) -> None:
    """The models are made ready and closed without a call of them; the name is their own."""
    chat = scripted("yes")
    asyncio.run(chat.warm())
    assert chat._models.warmed == 1  # type: ignore[attr-defined]
    assert chat.name == "scripted"
    asyncio.run(chat.close())
