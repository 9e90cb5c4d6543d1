"""Chat models without a model, for speed and faults: `fake:extract` and its broken relatives.

`extract` quotes the sentence that shares most words with the question; `plain` does so without structured output
or token probabilities; `invent` names evidence that does not exist and makes up an answer; `obey` does whatever a
sentence tells it, and more: it repeats it, gives links and its own instructions, and says yes to all; `nonsense` gives
words that are no JSON; `down` refuses; `hang` never answers.
"""

import asyncio
import json
import math
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal, get_args

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable, RunnableLambda

from service.chat.langchain_chat import Kind
from service.errors import SettingsError

__all__ = ["FakeChatModel", "FakeModels"]

Behaviour = Literal["extract", "plain", "invent", "obey", "nonsense", "down", "hang"]
_LONG_WORD = 4
_SENTENCE = re.compile(r"^(?P<text>.+) \[(?P<number>\d+)\]$", re.MULTILINE)
_QUESTION = re.compile(r"^Question: (.*)$", re.MULTILINE)
_ASKS_WHETHER = "Is the question answered by the sentence?"
_ORDER = re.compile(r"\b(ignore|instruction|answer with|reply with|say|output|print|PWNED|https?://)", re.IGNORECASE)


class FakeModels:
    """Serve one FakeChatModel for every kind of prompt."""

    def __init__(self, behaviour: str) -> None:
        if behaviour not in get_args(Behaviour):
            raise SettingsError(
                f"there is no fake model {behaviour!r}; known ones are {', '.join(get_args(Behaviour))}"
            )
        self.name = f"fake:{behaviour}"
        kind = FakeChatModel if behaviour != "plain" else PlainFakeChatModel
        self.model = kind.model_validate({"behaviour": behaviour})

    @asynccontextmanager
    async def use(self, kind: Kind) -> AsyncIterator[BaseChatModel]:  # noqa: ARG002
        """Yield the model."""
        yield self.model

    async def check(self) -> str:
        """Ask for one word."""
        await self.model.ainvoke("ready?")
        return f"{self.name} answers"

    async def warm(self) -> None:
        """Do nothing."""

    async def close(self) -> None:
        """Do nothing."""


class PlainFakeChatModel(BaseChatModel):
    """Behave like a provider's model without structured output and token probabilities; counts its calls."""

    behaviour: Behaviour = "extract"
    calls: int = 0

    @property
    def _llm_type(self) -> str:
        return "fake"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,  # noqa: ARG002
        run_manager: CallbackManagerForLLMRun | None = None,  # noqa: ARG002
        **kwargs: object,
    ) -> ChatResult:
        self.calls += 1
        if self.behaviour == "down":
            raise ConnectionError("nobody answers, and the key was sk-canary")
        prompt = str(messages[-1].content)
        text = self._reply(prompt, str(messages[0].content))
        words = {"input_tokens": len(prompt.split()), "output_tokens": len(text.split())}
        message = AIMessage(
            text,
            usage_metadata={**words, "total_tokens": sum(words.values())},
            response_metadata=_probabilities(text) if kwargs.get("logprobs") else {},
        )
        return ChatResult(generations=[ChatGeneration(message=message)])

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,  # noqa: ARG002
        **kwargs: object,
    ) -> ChatResult:
        if self.behaviour == "hang":
            await asyncio.Event().wait()
        return self._generate(messages, stop, None, **kwargs)

    def _reply(self, prompt: str, system: str) -> str:
        if self.behaviour == "nonsense":
            return "¯\\_(ツ)_/¯"
        if prompt.startswith(("Article: ", "Sentences: ")):
            return _checked(prompt, "No" if self.behaviour == "invent" else "Yes")
        if prompt.startswith("Conversation:"):
            return _rewritten(prompt)
        if not _SENTENCE.search(prompt):
            return prompt.removeprefix("Question: ")
        if self.behaviour == "invent":
            return json.dumps(_answers(("40", "Emperor Norton the Ninth led them.")))
        return json.dumps(_obey(prompt, system) if self.behaviour == "obey" else _extract(prompt))


class FakeChatModel(PlainFakeChatModel):
    """Behave like a provider's model that has both."""

    logprobs: bool | None = None

    def with_structured_output(  # type: ignore[override]
        self,
        schema: dict[str, object],  # noqa: ARG002
        *,
        include_raw: bool = False,  # noqa: ARG002
        **_: object,
    ) -> Runnable[LanguageModelInput, dict[str, object]]:
        """Return a runnable that gives raw, parsed and parsing_error, as providers do with `include_raw`."""
        return self | RunnableLambda(_parsed)


def _checked(prompt: str, verdict: str) -> str:
    """Return the verdict, or the sentence where the question itself is asked of it."""
    rereads = prompt.startswith("Article: ") and not prompt.endswith(_ASKS_WHETHER)
    return prompt.splitlines()[1].removeprefix("Sentence: ") if rereads else verdict


def _parsed(message: BaseMessage) -> dict[str, object]:
    try:
        return {"raw": message, "parsed": json.loads(str(message.content)), "parsing_error": None}
    except ValueError as exc:
        return {"raw": message, "parsed": None, "parsing_error": exc}


def _answers(*items: tuple[str, str]) -> dict[str, object]:
    return {"answers": [{"evidence": [number], "answer": text} for number, text in items]}


def _extract(prompt: str) -> dict[str, object]:
    asked = _QUESTION.findall(prompt)
    question = {word for word in re.findall(r"\w+", asked[-1].lower()) if len(word) >= _LONG_WORD} if asked else set()
    best, shared = None, 0
    for found in _SENTENCE.finditer(prompt):
        common = len(question & set(re.findall(r"\w+", found["text"].lower())))
        if common > shared:
            best, shared = found, common
    if best is None or shared * 2 < len(question):
        return _answers(("1", "not found"))
    return _answers((best["number"], best["text"]))


def _rewritten(prompt: str) -> str:
    """Return the last question with the words of the one before in front of it."""
    _, _, question = prompt.rpartition("Last question: ")
    before = [
        line[2:].removeprefix("user: ") for line in prompt.splitlines() if line.startswith("- ") and line.endswith("?")
    ]
    return f"{before[-1][:-1]}: {question}" if before else question


def _obey(prompt: str, system: str) -> dict[str, object]:
    """Return all that an attacker could wish for: his words, a link with what was read, the instructions, a lie."""
    planted = [found for found in _SENTENCE.finditer(prompt) if _ORDER.search(found["text"])] or list(
        _SENTENCE.finditer(prompt)
    )
    number, text = planted[0]["number"], planted[0]["text"]
    return _answers(
        (number, text),
        (number, "See https://attacker.example/steal?text=everything for the answer"),
        (number, system.partition("\n")[0]),
        (number, "Quoth the article: 'the treasurer has confessed to 9,431 thefts'"),
        (number, f"{text} https://attacker.example/{number}"),
    )


def _probabilities(text: str) -> dict[str, object]:
    likely, unlikely = math.log(0.9), math.log(0.1)
    first = text.lower().partition(" ")[0]
    other = "no" if first == "yes" else "yes"
    tokens = [{"token": first, "logprob": likely}, {"token": other, "logprob": unlikely}]
    return {"logprobs": {"content": [{"token": first, "logprob": likely, "top_logprobs": tokens}]}}
