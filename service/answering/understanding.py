"""Understanding a question: what it means in its conversation, and which window of publication its words ask for."""

from collections.abc import Callable
from dataclasses import dataclass

from prompts import load_prompt
from service.answering.work import Work
from service.asking.followups import accept_rewrite, depends_on_history, history_lines
from service.asking.windows import Window, publication_window
from service.characters import visible
from service.chat.base import Chat
from service.contract import FiltersIn
from service.errors import ChatError
from service.prompt_names import REWRITE_PROMPT

__all__ = ["Understood", "understand"]

_HISTORY_CHARS = 1_200  # about 300 tokens, four seconds of the default model


@dataclass(frozen=True)
class Understood:
    """The question as it is answered, what is searched for, and the filters with the window that it asked for."""

    question: str
    queries: tuple[str, ...]
    filters: FiltersIn
    window: Window | None = None


async def understand(work: Work, chat: Chat, now: Callable[[], str]) -> Understood:
    """Return what the request asks; a follow-up is rewritten by the chat model where it depends on what was said.

    `search_as` overrides all of it. A model that fails here costs the rewrite, not the answer.
    """
    request = work.request
    if request.search_as:
        question = " ".join(request.search_as) if request.history else request.question
        return Understood(question, tuple(request.search_as), request.filters)
    question = request.question
    if request.history:
        with work.timed("rewrite"):
            question = await _standing_alone(work, chat)
    window = publication_window(question, request.asked_at or now())
    if window is None or request.filters.published_from or request.filters.published_to:
        return Understood(question, (question,), request.filters)
    dates = {"published_from": window.published_from, "published_to": window.published_to}
    return Understood(window.rest, (window.rest,), request.filters.model_copy(update=dates), window)


async def _standing_alone(work: Work, chat: Chat) -> str:
    question = work.request.question
    turns = [visible(turn.content) for turn in work.request.history]
    if not depends_on_history(question, turns):
        return question
    try:
        rewritten = await _rewrite(work, chat, question)
    except ChatError as exc:
        work.degrade("history", f"the question was searched as it stands: {exc}")
        return question
    if not accept_rewrite(rewritten, question, turns):
        work.degrade("history", "the question was searched as it stands: no rewrite of it could be trusted")
        return question
    return rewritten


async def _rewrite(work: Work, chat: Chat, question: str) -> str:
    turns = [(turn.role, visible(turn.content)) for turn in work.request.history]
    lines = history_lines(turns, max_chars=_HISTORY_CHARS)
    work.may_call()
    written = await chat.write(load_prompt(REWRITE_PROMPT).render(history=lines, question=" ".join(question.split())))
    work.spend(written.call)
    return " ".join(written.text.split())
