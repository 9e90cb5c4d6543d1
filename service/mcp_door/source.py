"""The seam that tools and resources stand on: the desk in a server, and whatever reaches one from another process."""

from collections.abc import Callable
from typing import Protocol

from service.contract import Answer, ArticleBody, ArticleList, AskIn, SearchBody, SearchIn
from service.contract.events import Event

__all__ = ["Source", "Tell"]

Tell = Callable[[Event], None]


class Source(Protocol):
    """What tools and resources ask for; bodies are those of the contract, errors those of index and service."""

    async def ask(self, request: AskIn, tell: Tell) -> Answer:
        """Answer a question; `tell` hears at least the stages, and must not block."""
        ...

    async def search(self, request: SearchIn) -> SearchBody:
        """Search for passages and evidence."""
        ...

    async def article(self, article_id: str) -> ArticleBody:
        """Return an article. Raises ArticleNotFoundError for an unknown id."""
        ...

    async def articles(self, *, offset: int, limit: int) -> ArticleList:
        """Return one page of articles by id."""
        ...
