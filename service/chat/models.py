"""Where LangChain models come from: any provider, or the local child process."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from functools import cached_property
from typing import Any

import httpx
from langchain_core.language_models import BaseChatModel

from service.chat.base import READING_TOKENS
from service.chat.langchain_chat import Kind
from service.chat.prefixes import Prefixes
from service.errors import ChatUnavailableError
from service.local.config import Endpoint
from service.local.supervisor import LocalServer
from service.prompt_names import ANSWER_PROMPT, ANSWERABLE_PROMPT, REREAD_PROMPT, REWRITE_PROMPT

__all__ = ["LocalModels", "ProviderModels"]

_MAX_TOKENS: Mapping[Kind, int] = {"answer": 256, "support": 1, "reread": READING_TOKENS, "write": 96}
_PROMPT: Mapping[Kind, str] = {
    "answer": ANSWER_PROMPT,
    "support": ANSWERABLE_PROMPT,
    "reread": REREAD_PROMPT,
    "write": REWRITE_PROMPT,
}
_CHECKED_FOR_S = 300.0


class ProviderModels:
    """One model of a LangChain provider, for every kind of prompt."""

    def __init__(self, name: str, options: Mapping[str, object]) -> None:
        self.name = name
        self._options = options
        self._model: BaseChatModel | None = None
        self._reached_at = -_CHECKED_FOR_S

    @asynccontextmanager
    async def use(self, kind: Kind) -> AsyncIterator[BaseChatModel]:  # noqa: ARG002
        """Yield the model. Raises ChatUnavailableError naming the package or the option that is missing."""
        if self._model is None:
            self._model = _init_chat_model(self.name, self._options)
        yield self._model

    async def check(self) -> str:
        """Ask the model for one word, at most every five minutes, since each time may cost."""
        if time.monotonic() - self._reached_at >= _CHECKED_FOR_S:
            async with self.use("answer") as model:
                await model.ainvoke("Reply with one word: ready")
            self._reached_at = time.monotonic()
        return f"{self.name} answers"

    async def warm(self) -> None:
        """Do nothing: each call of a provider may cost."""

    async def close(self) -> None:
        """Do nothing: providers keep no process."""


class LocalModels:
    """The model in the child process, one slot for each kind of prompt, so that each prefix stays cached."""

    _SLOTS: Mapping[Kind, int] = {"support": 0, "reread": 1, "answer": 2, "write": 3}

    def __init__(self, name: str, make_server: Callable[[], LocalServer], prefixes: Prefixes) -> None:
        self.name = name
        self._make_server = make_server
        self._prefixes = prefixes
        self._made: dict[Kind, tuple[Endpoint, BaseChatModel]] = {}
        self._locks = {kind: asyncio.Lock() for kind in self._SLOTS}

    @asynccontextmanager
    async def use(self, kind: Kind) -> AsyncIterator[BaseChatModel]:
        """Yield the model at the child's present address for one call; start the child where there is none.

        The child is given the static part of the kind's prompt the first time, and set back to it from then on, so
        that a reply does not depend on what was asked before.
        """
        async with self._locks[kind]:
            endpoint = await self._server.endpoint()
            made, slot = self._made.get(kind), self._SLOTS[kind]
            if made is None or made[0] != endpoint:
                await self._prefixes.bring(self._client, endpoint, _PROMPT[kind], slot)
                made = (endpoint, _local_model(endpoint, kind, slot, self._client))
                self._made[kind] = made
            else:
                await self._prefixes.rewind(self._client, endpoint, _PROMPT[kind], slot)
            yield made[1]

    async def warm(self) -> None:
        """Make ready for every kind of prompt, in the order in which a question takes them."""
        for kind in self._SLOTS:
            async with self.use(kind):
                pass

    @cached_property
    def _server(self) -> LocalServer:
        return self._make_server()

    @cached_property
    def _client(self) -> httpx.AsyncClient:
        # a proxy of the environment must not see what stays on this machine; the chat seam has the deadline
        # llama.cpp ends a connection after a stream, and a request that takes it up in that moment would be lost
        return httpx.AsyncClient(trust_env=False, timeout=None, limits=httpx.Limits(max_keepalive_connections=0))  # noqa: S113

    async def check(self) -> str:
        """Start the child where there is none, and ask for its health."""
        await self._server.endpoint()
        if not await self._server.healthy():
            raise ChatUnavailableError(f"the child process of {self.name} does not answer; it is being restarted")
        return f"{self.name} runs as process {self._server.pid}, restarted {self._server.restarts} times"

    async def close(self) -> None:
        """End the child process."""
        if "_server" in self.__dict__:
            await self._server.stop()
        if "_client" in self.__dict__:
            await self._client.aclose()


def _local_model(endpoint: Endpoint, kind: Kind, slot: int, client: httpx.AsyncClient) -> BaseChatModel:
    """Return the model at `endpoint`.

    It streams under the hood: llama.cpp stops at once for a client that leaves a stream, but goes on with a plain
    request while another stream runs beside it.
    """
    return _init_chat_model(
        "openai:local",
        {
            "base_url": endpoint.base_url,
            "api_key": endpoint.api_key,
            "max_completion_tokens": _MAX_TOKENS[kind],
            "streaming": True,
            "stream_usage": True,
            "http_async_client": client,
            "extra_body": {"id_slot": slot, "cache_prompt": True},
        },
    )


def _init_chat_model(name: str, options: Mapping[str, object]) -> BaseChatModel:
    from langchain.chat_models import init_chat_model  # noqa: PLC0415  (1.5 s that a search does not need)

    kwargs: dict[str, Any] = {"temperature": 0, "max_retries": 0, **options}
    try:
        model: BaseChatModel = init_chat_model(name, **kwargs)
    except ImportError as exc:
        raise ChatUnavailableError(
            f"{name} needs a package that is not installed: {exc}; the local model needs `pullquote[local]`"
        ) from exc
    except Exception as exc:  # every provider has its own error tree
        raise ChatUnavailableError(
            f"{name} cannot be set up ({type(exc).__name__}); "
            "check PULLQUOTE_CHAT_MODEL, PULLQUOTE_CHAT_OPTIONS and the provider's key"
        ) from exc
    return model
