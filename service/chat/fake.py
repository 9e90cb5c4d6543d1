"""Chat models without a model, for speed and faults: `fake:extract` and its broken relatives.

`extract` quotes the sentence that shares most words with the question; `plain` does so without structured output
or token probabilities; `invent` names evidence that does not exist and makes up an answer; `nonsense` gives words that
are no JSON; `down` refuses; `hang` never answers.
"""

import asyncio
import json
import math
import re
from typing import Literal, get_args

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable, RunnableLambda

from service.chat.langchain_chat import Kind
from service.errors import SettingsError

__all__ = ["FakeChatModel", "FakeModels"]

Behaviour = Literal["extract", "plain", "invent", "nonsense", "down", "hang"]
_LONG_WORD = 4
_SENTENCE = re.compile(r"^(?P<text>.+) \[(?P<number>\d+)\]$", re.MULTILINE)
_QUESTION = re.compile(r"^Question: (.*)\Z", re.DOTALL | re.MULTILINE)


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

    async def get(self, kind: Kind) -> BaseChatModel:  # noqa: ARG002
        """Return the model."""
        return self.model

    async def check(self) -> str:
        """Ask for one word."""
        await self.model.ainvoke("ready?")
        return f"{self.name} answers"

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
        text = self._reply(prompt)
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

    def _reply(self, prompt: str) -> str:
        if self.behaviour == "nonsense":
            return "¯\\_(ツ)_/¯"
        if prompt.startswith("Sentence: "):
            return "Yes" if self.behaviour != "invent" else "No"
        if self.behaviour == "invent":
            return json.dumps({"evidence": ["40"], "answer": "Emperor Norton the Ninth led them."})
        return json.dumps(_extract(prompt))


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


def _parsed(message: BaseMessage) -> dict[str, object]:
    try:
        return {"raw": message, "parsed": json.loads(str(message.content)), "parsing_error": None}
    except ValueError as exc:
        return {"raw": message, "parsed": None, "parsing_error": exc}


def _extract(prompt: str) -> dict[str, object]:
    asked = _QUESTION.search(prompt)
    question = {word for word in re.findall(r"\w+", asked[1].lower()) if len(word) >= _LONG_WORD} if asked else set()
    best, shared = None, 0
    for found in _SENTENCE.finditer(prompt):
        common = len(question & set(re.findall(r"\w+", found["text"].lower())))
        if common > shared:
            best, shared = found, common
    if best is None or shared * 2 < len(question):
        return {"evidence": ["1"], "answer": "not found"}
    return {"evidence": [best["number"]], "answer": best["text"]}


def _probabilities(text: str) -> dict[str, object]:
    likely, unlikely = math.log(0.9), math.log(0.1)
    first = "yes" if text.lower() == "yes" else "no"
    other = "no" if first == "yes" else "yes"
    tokens = [{"token": first, "logprob": likely}, {"token": other, "logprob": unlikely}]
    return {"logprobs": {"content": [{"token": first, "logprob": likely, "top_logprobs": tokens}]}}
