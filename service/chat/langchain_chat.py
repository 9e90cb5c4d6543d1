"""The seam over any LangChain chat model."""

import asyncio
import math
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from itertools import chain
from typing import Any, Literal, Protocol

from langchain_core.exceptions import OutputParserException
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage

from index.errors import WeightsError
from prompts import Messages
from service.chat.base import Call, Reading, Reply, Support, Written
from service.chat.schema import ANSWER_SCHEMA, parse_drafts, parse_plain, plain
from service.errors import ChatError, ChatInvalidError, ChatTimeoutError, ChatUnavailableError
from service.local.errors import LocalModelError

__all__ = ["Kind", "LangChainChat", "Models"]

_Token = dict[str, Any]
Kind = Literal["answer", "support", "reread", "write"]
_PLAIN = "the model has no structured output; its lines were read"
_NO_PROBABILITIES = "the model gives no token probabilities; its plain words were taken"
_LIKELIEST = 20  # tokens of which the probabilities are asked for; providers give no more
_LEAST = 0.001  # probability of a token that is worth keeping


class Models(Protocol):
    """Where the LangChain models come from."""

    name: str

    def use(self, kind: Kind) -> AbstractAsyncContextManager[BaseChatModel]:
        """Yield the model for one call of one kind of prompt. Raises ChatUnavailableError or LocalModelError."""
        ...

    async def check(self) -> str:
        """Really reach the model; return words on its state. Raises ChatError or LocalModelError."""
        ...

    async def warm(self) -> None:
        """Make ready for every kind of prompt; do nothing where that would cost."""
        ...

    async def close(self) -> None:
        """Release what the models hold."""
        ...


class LangChainChat:
    """Ask a LangChain model; what it cannot do is done without, and said."""

    def __init__(self, models: Models, *, timeout_s: float) -> None:
        self._models = models
        self._timeout_s = timeout_s

    @property
    def name(self) -> str:
        """Return the model's name, as it was set."""
        return self._models.name

    async def answer(self, messages: Messages) -> Reply:
        """Ask for statements by structured output, or in lines with markers where the model has none."""
        async with self._errors(), self._models.use("answer") as model:
            try:
                structured = model.with_structured_output(dict(ANSWER_SCHEMA), include_raw=True)
            except NotImplementedError:
                said = await model.ainvoke(_chat_messages(plain(messages)))
                return Reply(parse_plain(_text(said)), _call(said), _PLAIN)
            output = await structured.ainvoke(_chat_messages(messages))
            if not isinstance(output, dict) or output.get("parsing_error") is not None:
                raise ChatInvalidError("the chat model gave something that is not the JSON asked for")
            return Reply(parse_drafts(output["parsed"]), _call(output["raw"]))

    async def support(self, messages: Messages) -> Support:
        """Read yes or no from the probabilities of the first token, or from the text where there are none."""
        async with self._errors():
            said = await self._first_tokens("support", messages)
            probability = _yes_probability(_tokens(said))
            if probability is not None:
                return Support(probability, _call(said))
            word = _text(said).strip().lower().rstrip(".!")
            if word not in ("yes", "no"):
                raise ChatInvalidError("the chat model gave neither yes nor no when asked to check an answer")
            return Support(float(word == "yes"), _call(said), _NO_PROBABILITIES)

    async def reread(self, messages: Messages) -> Reading:
        """Ask for a short answer, with the probabilities of its tokens where the model gives them."""
        async with self._errors():
            said = await self._first_tokens("reread", messages)
            places = tuple(map(_likeliest, _tokens(said)))
            text = " ".join(_text(said).split())
            return Reading(text, places, _call(said), None if places else _NO_PROBABILITIES)

    async def _first_tokens(self, kind: Kind, messages: Messages) -> AIMessage:
        async with self._models.use(kind) as model:
            told = "logprobs" in type(model).model_fields
            asked = model.bind(logprobs=True, top_logprobs=_LIKELIEST) if told else model
            said: AIMessage = await asked.ainvoke(_chat_messages(messages))
            return said

    async def write(self, messages: Messages) -> Written:
        """Ask for a short text."""
        async with self._errors(), self._models.use("write") as model:
            said = await model.ainvoke(_chat_messages(messages))
            return Written(_text(said), _call(said))

    async def check(self) -> str:
        """Really reach the model; return words on its state."""
        async with self._errors():
            return await self._models.check()

    async def warm(self) -> None:
        """Have a local model read the static parts of its prompts."""
        async with self._errors():
            await self._models.warm()

    async def close(self) -> None:
        """Release what the model holds."""
        await self._models.close()

    @asynccontextmanager
    async def _errors(self) -> AsyncIterator[None]:
        """Translate whatever a provider raises. A provider's own words may quote a key, so they are not repeated."""
        try:
            async with asyncio.timeout(self._timeout_s):
                yield
        except ChatError:
            raise
        except (LocalModelError, WeightsError) as exc:
            raise ChatUnavailableError(str(exc)) from exc
        except OutputParserException as exc:
            raise ChatInvalidError("the chat model gave something that is not the JSON asked for") from exc
        except Exception as exc:  # every provider has its own error tree
            if isinstance(exc, TimeoutError) or "Timeout" in type(exc).__name__:
                raise ChatTimeoutError(f"{self.name} gave no answer within {self._timeout_s:g} seconds") from exc
            raise ChatUnavailableError(f"{self.name} cannot be asked ({type(exc).__name__})") from exc


def _chat_messages(messages: Messages) -> list[BaseMessage]:
    examples = [(HumanMessage(example.user), AIMessage(example.reply)) for example in messages.examples]
    return [SystemMessage(messages.system), *chain.from_iterable(examples), HumanMessage(messages.user)]


def _text(message: BaseMessage) -> str:
    return str(message.text)


def _call(message: BaseMessage) -> Call:
    usage = message.usage_metadata if isinstance(message, AIMessage) else None
    return Call(usage["input_tokens"], usage["output_tokens"]) if usage else Call()


def _tokens(message: AIMessage) -> Sequence[_Token]:
    """Return the tokens of a reply with the likeliest in their places; none where the provider tells none."""
    found: object = message.response_metadata.get("logprobs")
    content = (found.get("content") if isinstance(found, dict) else None) or ()
    return [token for token in content if token.get("top_logprobs")]


def _yes_probability(tokens: Sequence[_Token]) -> float | None:
    """Return P(yes) / (P(yes) + P(no)) of the first token, or None where neither is among the likeliest."""
    yes, no = (_mass(tokens[0], word.__eq__) if tokens else 0.0 for word in ("yes", "no"))
    return yes / (yes + no) if yes + no else None


def _likeliest(token: _Token) -> tuple[tuple[str, float], ...]:
    """Return the tokens that could stand in a place with their probabilities, the one that was taken first."""
    probabilities = {str(one["token"]): math.exp(float(str(one["logprob"]))) for one in (token, *token["top_logprobs"])}
    taken = str(token["token"])
    others = (word for word, probability in probabilities.items() if word != taken and probability >= _LEAST)
    return tuple((word, round(probabilities[word], 6)) for word in (taken, *others))


def _mass(token: _Token, wanted: Callable[[str], bool]) -> float:
    """Return how likely in its place a token is that is wanted, white space and case apart."""
    likeliest = ((str(one["token"]).strip().lower(), float(str(one["logprob"]))) for one in token["top_logprobs"])
    return min(1.0, sum(math.exp(logprob) for word, logprob in likeliest if word and wanted(word)))
