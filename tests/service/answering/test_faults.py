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
from service.answering import Answerer, Spending, Wanted
from service.chat.base import Reading, Support
from service.chat.fake import FakeChatModel
from service.checking.judging import Judge
from service.checking.support import ChatVerifier, Claim, Verifier
from service.contract import Answer, ArticleBody, AskIn
from service.errors import ChatUnavailableError

Ask = Callable[..., Answer]
TEXT = "General Zhang led the Chinese side. It rained on Sunday."
QUESTION = "Who led the Chinese side?"


class HangsWhenChecking(FakeChatModel):
    """Answer at once, and never say whether the answer is supported."""

    async def _agenerate(self, messages: list[BaseMessage], *args: object, **kwargs: object) -> ChatResult:
        if str(messages[-1].content).startswith("Article: "):
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
    assert {"retrieve", "answer", "total"} <= set(found.timings_ms)


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


SAID = '{"answers": [{"evidence": ["1"], "answer": "General Zhang"}]}'


@pytest.mark.parametrize(
    ("replies", "outcome", "reason", "calls"),
    [
        ([SAID, "perhaps"], "failed", "model_invalid", 1),
        ([SAID, "no"], "not_found", "unsupported", 2),
        ([SAID, "yes"], "answered", None, 2),
        (["General Zhang [1]", "yes"], "answered", None, 2),
        (["General Zhang", "yes"], "answered", None, 2),
        (["Emperor Norton [1]"], "not_found", "unsupported", 1),
        (["not found"], "not_found", "no_evidence", 1),
        (['{"answers": [{"evidence": ["1"], "answer": "Not found."}]}'], "not_found", "no_evidence", 1),
        (['{"answers": [{"evidence": ["1"], "answer": " "}]}'], "not_found", "no_evidence", 1),
        (['{"answers": [{"evidence": ["40"], "answer": "General Zhang"}]}', "yes"], "answered", None, 2),
        (['{"answers": [{"evidence": [1], "answer": "General Zhang"}]}'], "failed", "model_invalid", 0),
        (['{"statements": []}'], "failed", "model_invalid", 0),
        (["{"], "failed", "model_invalid", 0),
        (["Zhang\n" * 50], "failed", "model_invalid", 0),
    ],
)
def test_each_reply_has_its_outcome(
    scripted: Callable[..., object], *, replies: list[str], outcome: str, reason: str | None, calls: int
) -> None:
    """A fault of the check fails the answer like one of the answering; the calls that were made are counted."""
    found = answer(scripted(*replies))
    assert (found.outcome, found.reason, found.usage.calls) == (outcome, reason, calls)
    assert bool(found.nearest) is (outcome != "answered")
    assert ("General Zhang" in found.answer) is (outcome == "answered")


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


class BrokenVerifier:
    """A verifier of its own that fails as it is told to."""

    name = "broken"
    reads = False

    def __init__(self, error: Exception) -> None:
        self._error = error

    async def support(self, claim: Claim) -> Support:  # noqa: ARG002
        """Fail."""
        raise self._error

    async def reread(self, claim: Claim) -> Reading:
        """Fail."""
        raise AssertionError(claim)

    async def close(self) -> None:
        """Do nothing."""


def test_a_verifier_that_fails_fails_the_answer(scripted: Callable[..., object]) -> None:
    """Where the chat model answers and its checker is broken, nothing is said, and the reason is told."""
    found = answer(scripted(SAID), BrokenVerifier(ChatUnavailableError("the verifier cannot be loaded")))
    assert (found.outcome, found.reason, found.answer, found.statements) == ("failed", "model_unavailable", "", [])
    assert [(item.part, item.reason) for item in found.degraded][-1] == ("chat", "the verifier cannot be loaded")
    assert "General Zhang" not in "".join(item.text for item in found.dropped)
    assert found.nearest


@pytest.mark.parametrize(
    ("limits", "kinds"),
    [
        ({"answer_limit": 5}, ["answer"]),
        ({"answer_limit": 20}, ["answer", "support"]),
        ({"day_limit": 5}, ["answer"]),
    ],
)
def test_spent_tokens_fail_the_answer(script: Callable[..., object], limits: dict[str, int], kinds: list[str]) -> None:
    """Where the next call may not be made, nothing is decided; the calls that were made are counted."""
    chat = script({QUESTION: [("It rained", "rained"), ("General Zhang", "Zhang")]}, supports={"rained": 0.1})
    found = answer(chat, spending=Spending(**limits))
    assert (found.outcome, found.reason, found.answer) == ("failed", "token_limit", "")
    assert "PULLQUOTE_MAX_" in found.degraded[0].reason
    assert chat.kinds == kinds  # type: ignore[attr-defined]
    assert found.usage.calls == len(kinds)
    assert found.usage.today == 15 * len(kinds)
    assert (found.usage.answer_limit, found.usage.day_limit) == (limits.get("answer_limit"), limits.get("day_limit"))


def test_a_spent_day_asks_nobody(script: Callable[..., object]) -> None:
    """The tokens of all answers count together: once they are spent, the next question fails without a call."""
    chat, spending = script({QUESTION: [("General Zhang", "Zhang")]}), Spending(day_limit=30)
    first, second = answer(chat, spending=spending), answer(chat, spending=spending)
    assert (first.outcome, first.usage.today) == ("answered", 30)
    assert (second.outcome, second.reason, second.usage.today) == ("failed", "token_limit", 30)
    assert (second.usage.calls, len(chat.heard)) == (0, 2)  # type: ignore[attr-defined]
    assert second.nearest


def test_limits_of_the_settings_hold(asked: Callable[..., list[Answer]], script: Callable[..., object]) -> None:
    """What the settings allow is told in every answer, with the tokens of the day so far."""
    chat = script({QUESTION: [("General Zhang", "Zhang")]})
    request = {"question": QUESTION}
    found = asked(chat, [{"id": "visit", "text": TEXT}], *[request] * 3, max_answer_tokens=100, max_day_tokens=60)
    assert [(item.outcome, item.usage.today) for item in found] == [("answered", 30), ("answered", 60), ("failed", 60)]
    assert {(item.usage.answer_limit, item.usage.day_limit) for item in found} == {(100, 60)}
    assert [item.reason for item in found] == [None, None, "token_limit"]


@pytest.mark.parametrize("fails", ["answer", "support"])
def test_nothing_of_a_failed_answer_is_shown(script: Callable[..., object], fails: str) -> None:
    """Whatever the model said before it failed stands in no field."""
    said, error = "General Zhang led the xylophone side", ChatUnavailableError("gone")
    chat = script({QUESTION: error if fails == "answer" else [(said, "Zhang")]}, supports={"Zhang": error})
    found = answer(chat)
    assert (found.outcome, found.reason) == ("failed", "model_unavailable")
    assert "xylophone" not in found.model_dump_json()


def test_what_does_not_hold_is_shown_as_left_out_alone(script: Callable[..., object]) -> None:
    """A statement that failed the check stands among the dropped, and in no other field."""
    said = "General Zhang led the xylophone side"
    found = answer(script({QUESTION: [(said, "Zhang")]}, supports={"General Zhang": 0.1}))
    assert [item.text for item in found.dropped] == [said]
    assert "xylophone" not in found.model_copy(update={"dropped": []}).model_dump_json()


def answer(chat: object, verifier: Verifier | None = None, spending: Spending | None = None) -> Answer:
    """Answer over one article, without a library."""
    article = Article("visit", TEXT)
    evidence = (Evidence(1, article, 0, 35, 0.9), Evidence(2, article, 36, 56, 0.1))

    async def search(wanted: Wanted) -> Found:
        return Found((), evidence, wanted.queries, 1, 1)

    judge = Judge(verifier or ChatVerifier(chat), None, threshold=0.75)  # type: ignore[arg-type]
    answerer = Answerer(chat, search, judge, encoder="fake", spending=spending)  # type: ignore[arg-type]
    return asyncio.run(answerer.ask(AskIn(question=QUESTION)))
