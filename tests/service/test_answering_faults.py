"""A model that is down, slow or raving decides nothing, and says nothing that it should not."""

import asyncio
import logging
from collections.abc import Callable

import pytest
from langchain_core.messages import BaseMessage
from langchain_core.outputs import ChatResult
from pydantic import SecretStr
from structlog.testing import capture_logs

from index import Article, Evidence, Found
from service.answering import Answerer
from service.chat.fake import FakeChatModel
from service.contract import Answer, ArticleBody, AskIn

Ask = Callable[..., Answer]
TEXT = "General Zhang led the Chinese side. It rained on Sunday."
QUESTION = "Who led the Chinese side?"


class HangsWhenChecking(FakeChatModel):
    """Answer at once, and never say whether the answer is supported."""

    async def _agenerate(self, messages: list[BaseMessage], *args: object, **kwargs: object) -> ChatResult:
        if str(messages[-1].content).startswith("Sentence: "):
            await asyncio.Event().wait()
        return await super()._agenerate(messages, *args, **kwargs)  # type: ignore[arg-type]


@pytest.fixture
def article(put: Callable[..., ArticleBody]) -> ArticleBody:
    """Store one article."""
    return put("visit", TEXT)


@pytest.mark.usefixtures("article")
@pytest.mark.parametrize(
    ("model", "reason", "says"),
    [
        ("fake:down", "model_unavailable", "fake:down cannot be asked (ConnectionError)"),
        ("fake:hang", "model_timeout", "fake:hang gave no answer within 0.05 seconds"),
        ("fake:nonsense", "model_invalid", "the chat model gave something that is not the JSON asked for"),
    ],
)
def test_a_broken_model_fails_the_answer_and_nothing_else(ask: Ask, model: str, reason: str, says: str) -> None:
    """Nothing is decided: the outcome is `failed`, with the reason, what is nearest, and no answer."""
    found = ask(QUESTION, model, changes={"chat_timeout_s": 0.05})
    assert (found.outcome, found.reason, found.answer, found.as_of) == ("failed", reason, "", None)
    assert (found.statements, found.citations, found.dropped) == ([], [], [])
    assert found.nearest[0].quote == "General Zhang led the Chinese side."
    assert [(item.part, item.reason) for item in found.degraded] == [("chat", says)]
    assert set(found.timings_ms) == {"retrieve", "answer", "total"}


@pytest.mark.usefixtures("article")
def test_a_providers_secret_is_repeated_nowhere(
    ask: Ask, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """What a provider's error quotes stands neither in the answer nor in any log."""
    caplog.set_level(logging.DEBUG)
    with capture_logs() as logs:
        found = ask(QUESTION, "fake:down")
    printed = capfd.readouterr()
    assert "sk-canary" not in found.model_dump_json() + caplog.text + str(logs) + printed.out + printed.err


@pytest.mark.parametrize(
    ("replies", "outcome", "reason", "calls"),
    [
        (['{"evidence": ["1"], "answer": "General Zhang"}', "perhaps"], "failed", "model_invalid", 1),
        (['{"evidence": ["1"], "answer": "General Zhang"}', "no"], "not_found", "unsupported", 2),
        (['{"evidence": ["1"], "answer": "General Zhang"}', "yes"], "answered", None, 2),
        (['{"evidence": ["1"], "answer": "Not found."}'], "not_found", "no_evidence", 1),
        (['{"evidence": ["1"], "answer": " "}'], "not_found", "no_evidence", 1),
        (['{"evidence": [], "answer": "General Zhang"}', "yes"], "answered", None, 2),
        (['{"evidence": [1], "answer": "General Zhang"}'], "failed", "model_invalid", 0),
        (["Zhang"], "failed", "model_invalid", 0),
        ([""], "failed", "model_invalid", 0),
    ],
)
def test_each_reply_has_its_outcome(
    scripted: Callable[..., object], *, replies: list[str], outcome: str, reason: str | None, calls: int
) -> None:
    """A fault of the check fails the answer like one of the answering; the calls that were made are counted."""
    found = answer(scripted(*replies))
    assert (found.outcome, found.reason, found.usage.calls) == (outcome, reason, calls)
    assert bool(found.nearest) is (outcome != "answered")


def test_a_check_that_times_out_fails_the_answer(scripted: Callable[..., object]) -> None:
    """An answer that could not be checked is not given."""
    found = answer(scripted(HangsWhenChecking(behaviour="extract"), timeout_s=0.1))
    assert (found.outcome, found.reason, found.answer) == ("failed", "model_timeout", "")
    assert "check" in found.timings_ms


@pytest.mark.usefixtures("article")
def test_missing_model_files_are_told_with_the_remedy(ask: Ask) -> None:
    """Where the local model was never pulled, the answer fails and names the command that mends it."""
    found = ask(QUESTION, "local:qwen2.5-coder-1.5b-instruct")
    assert (found.outcome, found.reason) == ("failed", "model_unavailable")
    (degraded,) = found.degraded
    assert degraded.part == "chat"
    assert "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf" in degraded.reason
    assert degraded.reason.endswith("run `pullquote models pull`")
    assert found.nearest


@pytest.mark.usefixtures("article")
def test_a_provider_that_refuses_repeats_no_key(ask: Ask, free_port: int) -> None:
    """A real provider's client without its server: failed, told by the kind of error, and without the key."""
    options = SecretStr(f'{{"base_url": "http://127.0.0.1:{free_port}/v1", "api_key": "sk-canary"}}')
    found = ask(QUESTION, "openai:some-model", changes={"chat_options": options})
    assert (found.outcome, found.reason) == ("failed", "model_unavailable")
    assert found.degraded[0].reason.startswith("openai:some-model cannot be asked (")
    assert "sk-canary" not in found.model_dump_json()


def answer(chat: object) -> Answer:
    """Answer over one article, without a library."""
    article = Article("visit", TEXT)
    evidence = (Evidence(1, article, 0, 35, 0.9), Evidence(2, article, 36, 56, 0.1))

    async def search(request: AskIn) -> Found:
        return Found((), evidence, (request.question,), 1, 1)

    answerer = Answerer(chat, search, threshold=0.75, encoder="fake")  # type: ignore[arg-type]
    return asyncio.run(answerer.ask(AskIn(question=QUESTION)))
