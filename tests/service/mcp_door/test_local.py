"""Who does the work of a process that lives as long as an assistant does."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

import pytest

from index import Ownership
from index.errors import ArticleNotFoundError, LibraryBusyError
from service.contract import AskIn, SearchIn
from service.errors import RemoteError, SettingsError
from service.mcp_door import local
from service.mcp_door.local import LocalSource
from service.settings import Settings

if TYPE_CHECKING:
    from tests.service.mcp_door.conftest import Live

T = TypeVar("T")
VISIT = {"text": "General Zhang Youxia led the Chinese side.", "title": "Visit ends", "language": "en"}


def tell(settings: Settings, story: Callable[[LocalSource], Awaitable[T]], rest_s: float = 60) -> T:
    """Tell a source a story, close it, and return the story's end."""

    async def told() -> T:
        source = LocalSource(settings, rest_s)
        try:
            return await story(source)
        finally:
            await source.close()

    return asyncio.run(told())


def free(settings: Settings) -> bool:
    """Tell whether nobody owns the folder."""
    try:
        Ownership(settings.data_dir).release()
    except LibraryBusyError:
        return False
    return True


async def freed(settings: Settings) -> None:
    """Wait until nobody owns the folder."""
    for _ in range(100):
        if await asyncio.to_thread(free, settings):
            return
        await asyncio.sleep(0.05)
    pytest.fail("the folder is still owned")


@contextmanager
def busy(settings: Settings) -> Iterator[None]:
    """Own the folder meanwhile."""
    ownership = Ownership(settings.data_dir)
    try:
        yield
    finally:
        ownership.release()


def test_the_folder_is_owned_only_while_it_is_asked(settings: Settings, put: Callable[..., object]) -> None:
    """Nothing is owned before the first call; after a while without one the folder is free, and taken up again."""
    put("visit", **VISIT)

    async def story(source: LocalSource) -> None:
        assert free(settings)
        for _ in range(2):
            assert (await source.article("visit")).title == "Visit ends"
            assert not await asyncio.to_thread(free, settings)
            await freed(settings)

    tell(settings, story, rest_s=2)
    assert free(settings)


def test_calls_beside_each_other_share_one_desk(settings: Settings, put: Callable[..., object]) -> None:
    """Calls at once open the folder once, and closing waits for none of them to be left."""
    put("visit", **VISIT)

    async def story(source: LocalSource) -> list[str]:
        articles = await asyncio.gather(*(source.article("visit") for _ in range(20)))
        return [article.id for article in articles]

    assert tell(settings, story, rest_s=0) == ["visit"] * 20
    assert free(settings)


def test_a_call_that_is_cancelled_while_the_folder_opens(settings: Settings, put: Callable[..., object]) -> None:
    """It leaves no folder that is owned by nobody: the next call uses what was opened, and the end frees it."""
    put("visit", **VISIT)

    async def story(source: LocalSource) -> None:
        first = asyncio.ensure_future(source.article("visit"))
        await asyncio.sleep(0.05)
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        assert (await source.article("visit")).id == "visit"

    tell(settings, story)
    assert free(settings)


def test_a_folder_that_another_command_owns(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The call says so after a while, and a later one succeeds."""
    monkeypatch.setattr(local, "_BUSY_WAIT_S", 0.1)

    async def story(source: LocalSource) -> int:
        with busy(settings), pytest.raises(LibraryBusyError, match="in use by another pullquote command"):
            await source.articles(offset=0, limit=1)
        return (await source.articles(offset=0, limit=1)).total

    assert tell(settings, story) == 0


def test_a_model_that_cannot_be(settings: Settings) -> None:
    """The call says so, and the folder is free."""

    async def story(source: LocalSource) -> None:
        with pytest.raises(SettingsError, match="there is no fake model 'nosuch'"):
            await source.articles(offset=0, limit=1)
        assert free(settings)

    tell(settings.model_copy(update={"chat_model": "fake:nosuch"}), story)


def test_a_server_that_comes_and_goes(
    serve: Callable[..., "Live"], settings: Settings, put: Callable[..., object]
) -> None:
    """Once the folder was let go a server is used, and errors come through it as they are."""
    put("visit", **VISIT)

    async def story(source: LocalSource) -> None:
        assert (await source.article("visit")).id == "visit"
        await freed(settings)
        await asyncio.to_thread(serve)
        found = await source.search(SearchIn(question="Chinese side"))
        assert found.passages[0].article_id == "visit"
        for unknown in ("nosuch", "../../healthz"):
            with pytest.raises(ArticleNotFoundError, match="there is no article"):
                await source.article(unknown)
        with pytest.raises(RemoteError, match="the question is empty") as refused:
            await source.ask(AskIn(question=""), print)
        assert refused.value.status == 422

    tell(settings, story, rest_s=0.1)


def test_a_server_that_does_not_answer(settings: Settings, free_port: int) -> None:
    """It is an error in words."""
    ownership = Ownership(settings.data_dir)
    ownership.announce(f"http://127.0.0.1:{free_port}")

    async def story(source: LocalSource) -> None:
        with pytest.raises(RemoteError, match=r"cannot be reached .*; is it stopping\?"):
            await source.articles(offset=0, limit=1)

    tell(settings, story)
    ownership.release()
