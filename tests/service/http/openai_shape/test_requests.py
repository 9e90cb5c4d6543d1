import asyncio

import pytest
from pydantic import ValidationError

from service.contract import AskIn
from service.http.openai_shape.asking import TURNS, Asked, asked
from service.http.openai_shape.errors import OpenAIError
from service.http.openai_shape.requests import IGNORED, REMEDIES, ChatIn, OptionsIn

Body = dict[str, object]


def user(content: object) -> Body:
    """Return a message of a user."""
    return {"role": "user", "content": content}


def asking(*messages: Body, **fields: object) -> Asked:
    """Return what is asked by a body with these messages."""
    body = ChatIn.model_validate({"model": "pullquote", "messages": list(messages), **fields})
    return asyncio.run(asked(body))


def test_the_last_message_is_the_question_and_those_before_it_the_history() -> None:
    """Roles and order stay; system and developer messages, and empty ones, are ignored wherever they stand."""
    question = asking(
        {"role": "system", "content": "Answer in rhymes."},
        user("Who led?"),
        {"role": "assistant", "content": "Zhang.[1]", "refusal": None, "annotations": [{"type": "url_citation"}]},
        {"role": "assistant", "content": None},
        user("When?"),
        {"role": "developer", "content": [{"type": "text", "text": "Be brief."}]},
    ).question
    assert question.question == "When?"
    assert [(turn.role, turn.content) for turn in question.history] == [
        ("user", "Who led?"),
        ("assistant", "Zhang.[1]"),
    ]


def test_parts_of_text_are_joined() -> None:
    """Content in parts is the same as content in one piece."""
    parts = [{"type": "text", "text": "Who"}, {"type": "text", "text": "led?"}]
    question = asking(user(parts), {"role": "assistant", "content": parts}, user(parts)).question
    assert {question.question, *(turn.content for turn in question.history)} == {"Who\nled?"}


@pytest.mark.parametrize(
    "part",
    [
        {"type": "image_url", "image_url": {"url": "data:,"}},
        {"type": "input_audio", "input_audio": {"data": "", "format": "wav"}},
        {"type": "file", "file": {}},
        {"type": "text"},
        {"type": "text", "text": 5},
        {},
        "text",
        None,
    ],
)
def test_other_parts_are_refused(part: object) -> None:
    """A picture is not left out in silence, in whichever message it stands."""
    with pytest.raises(ValidationError, match=r"cannot be read; send text, or parts of type 'text'"):
        asking(user([{"type": "text", "text": "What is this?"}, part]), user("And?"))


def test_a_long_history_is_cut_to_its_last_turns() -> None:
    """As many turns as the contract takes are sent on; what came before, however long, is not."""
    question = asking(user("x" * 20_001), *[user(str(i)) for i in range(150)], user("Who?")).question
    assert [turn.content for turn in question.history] == [str(i) for i in range(150 - TURNS, 150)]
    with pytest.raises(ValidationError):
        AskIn(question="Who?", history=[*question.history, question.history[0]])


def test_a_turn_above_the_limit_is_named() -> None:
    """The parameter is the place of the message as it was sent."""
    with pytest.raises(OpenAIError, match="at most 20000 characters") as refused:
        asking({"role": "system", "content": "x"}, user("x" * 20_001), user("Who?"))
    assert refused.value.body.error.param == "messages[1].content"


@pytest.mark.parametrize(
    "messages",
    [
        [{"role": "assistant", "content": "Hello."}],
        [user("Who?"), {"role": "assistant", "content": "Zhang."}],
        [{"role": "system", "content": "Who led?"}],
    ],
)
def test_the_last_message_has_to_be_a_users(messages: list[Body]) -> None:
    """There is a question, or the request is refused."""
    with pytest.raises(OpenAIError, match="the last one has to be of role `user`") as refused:
        asking(*messages)
    assert (refused.value.status, refused.value.body.error.param) == (400, "messages")


def test_another_model_is_refused() -> None:
    """The name of the one that there is, is told."""
    with pytest.raises(OpenAIError, match="no model 'gpt-x'; send 'pullquote'") as refused:
        asking(user("Who?"), model="gpt-x")
    assert (refused.value.status, refused.value.body.error.code) == (404, "model_not_found")


def test_options_are_those_of_a_question() -> None:
    """What the extra object takes is what a question takes beside question and history, defaults included."""
    ours, theirs = (kind.model_json_schema()["properties"] for kind in (OptionsIn, AskIn))
    assert ours == {name: field for name, field in theirs.items() if name not in ("question", "history")}
    options = {"filters": {"outlets": ["Apex"]}, "asked_at": "2024", "search_as": ["talks"], "limit": 3}
    question = asking(user("Who?"), pullquote=options).question
    assert question == AskIn.model_validate({"question": "Who?", **options})
    assert asking(user("Who?")).question == AskIn(question="Who?")


def test_streaming_is_as_asked_for() -> None:
    """Usage comes with a stream where it is asked for."""
    assert (asking(user("Who?")).streamed, asking(user("Who?"), stream=None).streamed) == (False, False)
    streamed = asking(user("Who?"), stream=True, stream_options={"include_usage": True, "include_obfuscation": False})
    assert (streamed.streamed, streamed.include_usage) == (True, True)
    assert not asking(user("Who?"), stream=True, stream_options={}).include_usage


def test_every_parameter_is_used_ignored_or_refused_with_a_remedy() -> None:
    """No parameter is taken of which nobody said what becomes of it; null is the same as nothing."""
    used = {"model", "messages", "pullquote", "stream", "stream_options"}
    assert set(ChatIn.model_fields) == used | set(IGNORED) | set(REMEDIES)
    assert asking(user("Who?"), **dict.fromkeys([*IGNORED, *REMEDIES])).question == AskIn(question="Who?")
