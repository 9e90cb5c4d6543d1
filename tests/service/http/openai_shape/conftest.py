"""Clients of OpenAI's before a real server, and answers to be put into their shape."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import httpx
import openai
import pytest

from service.contract import Answer
from service.http.examples import ANSWER

MARKED = "Report [1] of the 🎈 society [2] says that Colonel Wu led the 🎈 flight."
ARTICLES = {
    "visit": {
        "text": "The army chief flew home on Sunday. General Zhang Youxia led the Chinese side.",
        "url": "https://apex.example/visit",
        "title": "Visit ends",
        "outlet": "Apex",
        "published_at": "2022-06-13",
    },
    "flight:1#a~b": {"text": f"{MARKED} It landed at noon."},
}


@pytest.fixture(scope="module")
def library(live: object) -> object:
    """Return a real server that has two articles."""
    add_articles(live)
    return live


def add_articles(live: object) -> None:
    """Store the articles at a server."""
    with httpx.Client(base_url=f"http://127.0.0.1:{live.port}") as client:  # type: ignore[attr-defined]
        for name, article in ARTICLES.items():
            path = f"/api/articles/{name.replace('#', '%23')}"
            assert client.put(path, json={"language": "en", **article}).status_code == 201


@pytest.fixture(scope="session")
def stock() -> Callable[[object], None]:
    """Return what stores the articles at a server."""
    return add_articles


@pytest.fixture
def openai_client() -> Iterator[Callable[..., openai.OpenAI]]:
    """Return what makes the official client of a server; it never asks again, so that each error is seen."""
    with ExitStack() as stack:

        def make(live: object, key: str = "any") -> openai.OpenAI:
            address = f"http://127.0.0.1:{live.port}/v1"  # type: ignore[attr-defined]
            return stack.enter_context(openai.OpenAI(base_url=address, api_key=key, max_retries=0, timeout=30))

        yield make


@pytest.fixture(scope="session")
def answer() -> Callable[..., Answer]:
    """Return what makes an answer with these fields."""
    example = Answer.model_validate(ANSWER["content"]["application/json"]["example"])

    def make(**fields: object) -> Answer:
        return example.model_copy(update=fields)

    return make
