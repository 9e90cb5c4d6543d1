"""The official `openai` client before a real server, streamed and not."""

from collections.abc import Callable
from urllib.parse import quote

import openai
import pytest
from openai.types.chat import ChatCompletionChunk

from service.chat.langchain_chat import LangChainChat
from service.contract import Answer
from service.errors import ChatInvalidError, ChatTimeoutError
from service.settings import Settings
from service.tokens import TokenStore

pytestmark = pytest.mark.slow

Make = Callable[..., openai.OpenAI]
Serve = Callable[..., object]
Stock = Callable[[object], None]
LED = "Who led the Chinese side?"
TWO = "Who led the Chinese side, and when did the army chief fly home?"
FLIGHT = "Which report says that Colonel Wu led the flight?"
MARKED = "Report [1] of the 🎈 society [2] says that Colonel Wu led the 🎈 flight."


def user(text: str) -> list[dict[str, str]]:
    """Return the messages of a question."""
    return [{"role": "user", "content": text}]


def ask(client: openai.OpenAI, question: str, **fields: object) -> object:
    """Ask, and return the completion or the stream."""
    return client.chat.completions.create(model="pullquote", messages=user(question), **fields)  # type: ignore[call-overload]


def pieces(chunks: list[ChatCompletionChunk]) -> str:
    """Return the contents of chunks, joined."""
    return "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)


def test_a_question_is_answered(library: object, openai_client: Make) -> None:
    """The completion is whole: content with markers, where they lead, usage, and our own answer."""
    done = ask(openai_client(library), LED)
    (choice,) = done.choices  # type: ignore[attr-defined]
    assert choice.message.content == "General Zhang Youxia led the Chinese side.[1]"
    assert (choice.message.role, choice.finish_reason, choice.message.refusal) == ("assistant", "stop", None)
    (annotation,) = choice.message.annotations
    place = annotation.url_citation
    assert choice.message.content[place.start_index : place.end_index] == "[1]"
    assert (place.url, place.title) == ("https://apex.example/visit", "Visit ends")
    whole = Answer.model_validate(done.pullquote)  # type: ignore[attr-defined]
    assert whole.answer == choice.message.content
    assert done.id == f"chatcmpl-{whole.id}"  # type: ignore[attr-defined]
    assert (done.object, done.model) == ("chat.completion", "pullquote")  # type: ignore[attr-defined]
    assert done.usage.total_tokens == whole.usage.prompt_tokens + whole.usage.completion_tokens > 0  # type: ignore[attr-defined]


@pytest.mark.parametrize("question", [LED, TWO, FLIGHT, "When was the purple bridge painted?"])
def test_a_stream_adds_up_to_the_plain_call(library: object, openai_client: Make, question: str) -> None:
    """One chunk for each statement between the first and the last, which has what the plain call has besides."""
    client = openai_client(library)
    plain = ask(client, question)
    message = plain.choices[0].message  # type: ignore[attr-defined]
    chunks = list(ask(client, question, stream=True))  # type: ignore[call-overload]
    assert pieces(chunks) == message.content
    assert len(chunks) == len(plain.pullquote["statements"]) + 2  # type: ignore[attr-defined]
    assert chunks[0].choices[0].delta.role == "assistant"
    assert [chunk.choices[0].finish_reason for chunk in chunks] == [None] * (len(chunks) - 1) + ["stop"]
    assert chunks[-1].choices[0].delta.annotations == [item.model_dump() for item in message.annotations]
    assert chunks[-1].pullquote["citations"] == plain.pullquote["citations"]  # type: ignore[attr-defined]
    assert len({chunk.id for chunk in chunks}) == 1
    assert all(chunk.usage is None for chunk in chunks)


def test_usage_follows_where_it_is_asked_for(library: object, openai_client: Make) -> None:
    """The last chunk has the usage and no choice, those before it none."""
    *chunks, last = ask(openai_client(library), LED, stream=True, stream_options={"include_usage": True})  # type: ignore[misc]
    assert last.choices == []
    assert last.usage.total_tokens == last.usage.prompt_tokens + last.usage.completion_tokens > 0
    assert pieces(chunks).endswith("[1]")
    assert all(chunk.usage is None for chunk in chunks)


def test_what_looks_like_a_marker_in_an_article_is_left_alone(library: object, openai_client: Make) -> None:
    """An article that has "[1]" and characters beyond the basic plane: the one annotation is on our marker."""
    done = ask(openai_client(library), FLIGHT)
    message = done.choices[0].message  # type: ignore[attr-defined]
    assert message.content == f"{MARKED}[1]"
    (annotation,) = message.annotations
    place = annotation.url_citation
    assert (place.start_index, place.end_index) == (len(MARKED), len(MARKED) + 3)
    (cited,) = done.model_extra["pullquote"]["citations"]  # type: ignore[attr-defined]
    fragment = f"v={cited['version']}&q={quote(MARKED, safe='')}"
    assert place.url == f"http://127.0.0.1:8000/articles/flight%3A1%23a~b?start=0&end={len(MARKED)}#{fragment}"
    assert place.title == "flight:1#a~b"


def test_links_lead_to_the_address_that_is_set(serve: Serve, stock: Stock, openai_client: Make) -> None:
    """Articles without an address of their own are linked to where others reach the service."""
    live = serve(public_url="https://news.example/quotes")
    stock(live)
    done = ask(openai_client(live), FLIGHT)
    (annotation,) = done.choices[0].message.annotations  # type: ignore[attr-defined]
    assert annotation.url_citation.url.startswith("https://news.example/quotes/articles/flight%3A1%23a~b?start=0")


def test_a_part_that_is_missing_is_said(library: object, openai_client: Make) -> None:
    """What is not in the articles comes behind the answer, streamed or not, and moves no annotation."""
    question = f"{LED[:-1]}, and when was the purple bridge painted?"
    done = ask(openai_client(library), question)
    assert done.pullquote["outcome"] == "partial"  # type: ignore[attr-defined]
    text = done.choices[0].message.content  # type: ignore[attr-defined]
    (missing,) = done.pullquote["missing"]  # type: ignore[attr-defined]
    assert text.endswith(f"[1]\n\nNot in these articles: {missing}")
    place = done.choices[0].message.annotations[0].url_citation  # type: ignore[attr-defined]
    assert text[place.start_index : place.end_index] == "[1]"
    assert pieces(list(ask(openai_client(library), question, stream=True))) == text  # type: ignore[call-overload]


def test_what_is_not_found_is_said_in_words(library: object, openai_client: Make) -> None:
    """An answer that there is not is a sentence without annotations, and no error."""
    done = ask(openai_client(library), "When was the purple bridge painted?")
    message = done.choices[0].message  # type: ignore[attr-defined]
    assert (message.content, message.annotations) == ("Not in these articles.", [])
    assert done.pullquote["nearest"]  # type: ignore[attr-defined]


def test_a_conversation_goes_on(library: object, openai_client: Make) -> None:
    """An answer is sent back as it came, instructions beside it, and the next question is understood from it."""
    client = openai_client(library)
    messages: list[object] = [{"role": "system", "content": "Answer in French."}, *user("When did the army chief fly?")]
    first = client.chat.completions.create(model="pullquote", messages=messages)  # type: ignore[arg-type]
    messages += [first.choices[0].message, *user("And where did he fly?")]
    second = client.chat.completions.create(model="pullquote", messages=messages)  # type: ignore[arg-type]
    assert second.pullquote["searched"][0] == "When did the army chief fly: And where did he fly?"  # type: ignore[attr-defined]


def test_extra_body_reaches_the_options(library: object, openai_client: Make) -> None:
    """Filters, queries and limit are those of the service."""
    client = openai_client(library)
    options = {"filters": {"outlets": ["Other"]}, "limit": 1}
    done = ask(client, LED, extra_body={"pullquote": options})
    assert done.choices[0].message.content == "No article passes the filters."  # type: ignore[attr-defined]
    options = {"search_as": ["army chief"], "asked_at": "2024-01-01"}
    *_, last = ask(client, LED, stream=True, extra_body={"pullquote": options})  # type: ignore[misc]
    assert last.pullquote["searched"] == ["army chief"]


def test_models_are_listed(library: object, openai_client: Make) -> None:
    """There is one, and no other."""
    client = openai_client(library)
    (model,) = client.models.list()
    assert (model.id, model.object, model.owned_by) == ("pullquote", "model", "pullquote")
    assert client.models.retrieve("pullquote") == model
    with pytest.raises(openai.NotFoundError) as refused:
        client.models.retrieve("gpt-x")
    assert (refused.value.code, refused.value.param) == ("model_not_found", "model")


def test_refusals_are_errors_of_the_client(library: object, openai_client: Make) -> None:
    """The client tells them apart, and shows words, code and parameter."""
    client = openai_client(library)
    with pytest.raises(openai.NotFoundError, match="send 'pullquote'") as unknown:
        client.chat.completions.create(model="gpt-x", messages=user("Who?"))  # type: ignore[arg-type]
    assert (unknown.value.code, unknown.value.type) == ("model_not_found", "invalid_request_error")
    for fields in ({"n": 2}, {"logprobs": True}, {"response_format": {"type": "json_object"}}, {"verbosity": "low"}):
        for stream in (False, True):
            with pytest.raises(openai.BadRequestError, match="out") as refused:
                ask(client, LED, stream=stream, **fields)
            assert str(refused.value.param).partition(".")[0] == next(iter(fields))


def test_tokens_are_the_clients_key(serve: Serve, settings: Settings, openai_client: Make) -> None:
    """The key is an access token, as everywhere; a wrong one is refused."""
    secret = TokenStore(settings.tokens_path).create("reader", "ask")
    live = serve()
    assert ask(openai_client(live, secret), LED).choices[0].message.content == "There are no articles yet."  # type: ignore[attr-defined]
    for stream in (False, True):
        with pytest.raises(openai.AuthenticationError) as refused:
            ask(openai_client(live, "wrong"), LED, stream=stream)
        assert refused.value.code == "invalid_api_key"


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (ChatTimeoutError("it took too long"), (504, "model_timeout")),
        (ChatInvalidError("it said no"), (502, "model_invalid")),
    ],
)
def test_an_answer_that_failed_is_an_error(
    library: object, openai_client: Make, monkeypatch: pytest.MonkeyPatch, error: Exception, expected: tuple[int, str]
) -> None:
    """Nothing decided is no completion: an error with its status, and in a stream an event that the client raises."""

    async def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(LangChainChat, "answer", fail)
    monkeypatch.setattr(LangChainChat, "support", fail)
    client = openai_client(library)
    with pytest.raises(openai.InternalServerError, match=str(error)) as plain:
        ask(client, LED)
    assert (plain.value.status_code, plain.value.code) == expected
    stream = ask(client, LED, stream=True)
    with pytest.raises(openai.APIError, match=str(error)) as streamed:
        list(stream)  # type: ignore[call-overload]
    assert (streamed.value.code, streamed.value.type) == (expected[1], "server_error")


def test_a_model_that_is_down_is_503(serve: Serve, stock: Stock, openai_client: Make) -> None:
    """The client may ask again in a moment, and learns nothing of the provider."""
    live = serve(chat_model="fake:down")
    stock(live)
    with pytest.raises(openai.InternalServerError) as refused:
        ask(openai_client(live), LED)
    assert (refused.value.status_code, refused.value.code) == (503, "model_unavailable")
    assert refused.value.response.headers["Retry-After"]
    assert "sk-canary" not in refused.value.response.text


def test_spent_tokens_are_an_exceeded_quota(serve: Serve, stock: Stock, openai_client: Make) -> None:
    """429 with the code that clients know, and no call to ask again."""
    live = serve(max_day_tokens=1)
    stock(live)
    with pytest.raises(openai.RateLimitError) as refused:
        ask(openai_client(live), LED)
    assert (refused.value.code, refused.value.type) == ("insufficient_quota", "insufficient_quota")
    assert refused.value.response.headers["x-should-retry"] == "false"
