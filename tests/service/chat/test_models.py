import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import get_args

import pytest
from langchain_core.language_models import BaseChatModel
from langchain_openai import ChatOpenAI

from service.chat.langchain_chat import Kind, LangChainChat
from service.chat.models import LocalModels, ProviderModels
from service.chat.prefixes import Prefixes
from service.errors import ChatUnavailableError
from service.local.config import LocalConfig, Pace
from service.local.supervisor import LocalServer

KINDS: tuple[Kind, ...] = get_args(Kind)
PACE = Pace(health_timeout_s=0.2, health_interval_s=30)


def make_server(**faults: int) -> LocalServer:
    """Make a server whose child is the fake."""
    config = LocalConfig(Path("fake.gguf"), threads=1, start_timeout_s=20)
    return LocalServer(config, module="service.local.fake_child", options=faults, pace=PACE)


async def got(models: LocalModels | ProviderModels, kind: Kind) -> BaseChatModel:
    """Return the model of a kind, and let it go."""
    async with models.use(kind) as model:
        return model


def with_models(story: Callable[[LocalModels], Awaitable[None]], **faults: int) -> None:
    """Run a story over the local models, and close them."""

    async def told() -> None:
        models = LocalModels("local:fake", lambda: make_server(**faults), Prefixes(None, "fake"))
        try:
            await story(models)
        finally:
            await models.close()

    asyncio.run(told())


def test_a_local_model_is_made_once_for_each_kind_and_child() -> None:
    """Each kind has a slot of its own at the child's address; after a restart they are made anew."""

    async def story(models: LocalModels) -> None:
        made = [await got(models, kind) for kind in KINDS]
        found = [model for model in made if isinstance(model, ChatOpenAI)]
        assert len({id(model) for model in found}) == len(KINDS)
        assert len({model.openai_api_base for model in found}) == 1
        assert str(found[0].openai_api_base).startswith("http://127.0.0.1:")
        assert [model.extra_body["id_slot"] for model in found] == [2, 0, 1, 3]  # type: ignore[index]
        assert [model.max_tokens for model in found] == [256, 1, 24, 96]
        assert {(model.temperature, model.max_retries) for model in found} == {(0, 0)}
        assert [await got(models, kind) for kind in KINDS] == made
        said = await models.check()
        pid = int(said.split("process ")[1].split(",")[0])
        assert said == f"local:fake runs as process {pid}, restarted 0 times"
        os.kill(pid, signal.SIGKILL)
        await asyncio.sleep(0.05)
        again = await got(models, "answer")
        assert again is not made[0]
        assert (await models.check()).endswith("restarted 1 times")

    with_models(story)


def test_the_child_has_a_slot_for_every_kind() -> None:
    """No two kinds share a slot, and none is outside of what the child is started with."""
    slots = LocalModels._SLOTS
    assert set(slots) == set(KINDS)
    assert sorted(slots.values()) == list(range(LocalConfig(Path("fake.gguf")).slots))


def test_warming_makes_every_kind_ready() -> None:
    """Each kind has its model before the first question, which then gets the same ones."""

    async def story(models: LocalModels) -> None:
        await models.warm()
        assert set(models._made) == set(KINDS)
        ready = {kind: model for kind, (_, model) in models._made.items()}
        assert {kind: await got(models, kind) for kind in KINDS} == ready

    with_models(story)


def test_a_slot_is_set_back_and_held_for_each_call() -> None:
    """The first call brings the prompt, later ones set the slot back; two of one kind wait for each other."""
    done: list[str] = []

    class Told(Prefixes):
        async def bring(self, *_: object) -> None:
            done.append("bring")

        async def rewind(self, *_: object) -> None:
            done.append("rewind")

    async def call(models: LocalModels, kind: Kind) -> None:
        async with models.use(kind):
            done.append("begin")
            await asyncio.sleep(0.01)
            done.append("end")

    async def story() -> None:
        models = LocalModels("local:fake", make_server, Told(None, "fake"))
        try:
            await asyncio.gather(call(models, "answer"), call(models, "answer"))
            assert done == ["bring", "begin", "end", "rewind", "begin", "end"]
            done.clear()
            await models.warm()
            assert done == ["bring", "bring", "rewind", "bring"]
            done.clear()
            await asyncio.gather(call(models, "answer"), call(models, "write"))
            assert done == ["rewind", "begin", "rewind", "begin", "end", "end"]
        finally:
            await models.close()

    asyncio.run(story())


def test_no_connection_is_kept() -> None:
    """The child may end one after a reply, and what came over it next would be lost: each request has its own."""
    opened: list[asyncio.StreamWriter] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        opened.append(writer)
        while (await reader.readline()).strip():
            while (await reader.readline()).strip():
                pass
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            await writer.drain()

    async def story(models: LocalModels) -> None:
        async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            for _ in range(3):
                assert (await models._client.get(f"http://127.0.0.1:{port}/")).is_success
        assert len(opened) == 3
        for writer in opened:
            writer.close()
            await writer.wait_closed()

    with_models(story)


def test_a_provider_is_not_paid_for_warmth() -> None:
    """Warming makes no model and asks nobody: one that could not even be set up is no error."""
    asyncio.run(ProviderModels("nobody:some", {}).warm())


def test_a_child_that_does_not_answer_is_told() -> None:
    """A child that runs but is deaf to its health check is not ready."""

    async def story(models: LocalModels) -> None:
        with pytest.raises(ChatUnavailableError, match="the child process of local:fake does not answer"):
            await models.check()

    with_models(story, hang_health=1)


def test_closing_models_that_were_never_asked_starts_nothing() -> None:
    """Without a question there is no server to end."""
    made: list[LocalServer] = []

    def never() -> LocalServer:
        made.append(make_server())
        return made[0]

    asyncio.run(LocalModels("local:fake", never, Prefixes(None, "fake")).close())
    assert made == []


def test_a_provider_is_asked_once_in_a_while() -> None:
    """A check asks the provider for one word, and not again within minutes; the model is made once."""

    async def story(models: LocalModels) -> None:
        endpoint = await models._server.endpoint()
        provider = ProviderModels("openai:some", {"base_url": endpoint.base_url, "api_key": endpoint.api_key})
        model = await got(provider, "answer")
        assert isinstance(model, ChatOpenAI)
        assert (model.temperature, model.max_retries, model.model_name) == (0, 0, "some")
        assert [await got(provider, kind) for kind in KINDS] == [model] * len(KINDS)
        assert await provider.check() == "openai:some answers"
        await models._server.stop()
        assert await provider.check() == "openai:some answers"
        await provider.close()
        await _close(model)

    with_models(story)


def test_a_provider_that_refuses_is_not_remembered_as_reached(free_port: int) -> None:
    """A check that failed is made again by the next one."""

    async def story() -> None:
        options = {"base_url": f"http://127.0.0.1:{free_port}/v1", "api_key": "sk-canary"}
        provider = ProviderModels("openai:some", options)
        chat = LangChainChat(provider, timeout_s=5)
        for _ in range(2):
            with pytest.raises(ChatUnavailableError, match=r"^openai:some cannot be asked \(\w+\)$"):
                await chat.check()
        await _close(await got(provider, "answer"))

    asyncio.run(story())


@pytest.mark.parametrize(
    ("name", "options", "says"),
    [
        ("nobody:some", {}, r"nobody:some cannot be set up \(ValueError\); check PULLQUOTE_CHAT_MODEL"),
        ("openai:some", {"api_key": 5}, r"openai:some cannot be set up \(\w+\)"),
        ("mistralai:some", {}, "mistralai:some needs a package that is not installed: .*langchain-mistralai"),
    ],
)
def test_a_provider_that_cannot_be_set_up_is_told(name: str, options: dict[str, object], says: str) -> None:
    """The message names what is missing: the package, or the settings to look at."""
    provider = ProviderModels(name, options)
    with pytest.raises(ChatUnavailableError, match=says):
        asyncio.run(got(provider, "answer"))


def test_options_win_over_what_is_given() -> None:
    """A setting of one's own takes the place of ours."""

    async def story() -> None:
        options = {"api_key": "sk-canary", "temperature": 0.5, "max_retries": 2}
        model = await got(ProviderModels("openai:some", options), "answer")
        assert isinstance(model, ChatOpenAI)
        assert (model.temperature, model.max_retries) == (0.5, 2)
        await _close(model)

    asyncio.run(story())


async def _close(model: object) -> None:
    """Close the connections of a provider's client."""
    assert isinstance(model, ChatOpenAI)
    await model.root_async_client.close()
    model.root_client.close()
