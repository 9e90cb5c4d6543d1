"""LangChain's `ChatOpenAI` before a real server."""

import pytest
from langchain_core.messages import AIMessageChunk, HumanMessage, SystemMessage
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

LED = "Who led the Chinese side?"
TWO = "Who led the Chinese side, and when did the army chief fly home?"


@pytest.fixture
def chain(library: object) -> ChatOpenAI:
    """Return a chat model that is the server."""
    return ChatOpenAI(
        model="pullquote",
        base_url=f"http://127.0.0.1:{library.port}/v1",  # type: ignore[attr-defined]
        api_key=SecretStr("any"),
        max_retries=0,
        temperature=0,
        stream_usage=True,
    )


def test_a_question_is_answered(chain: ChatOpenAI) -> None:
    """Content, usage and model arrive where LangChain has them."""
    message = chain.invoke([SystemMessage("Be brief."), HumanMessage(LED)])
    assert message.content == "General Zhang Youxia led the Chinese side.[1]"
    assert message.usage_metadata
    assert message.usage_metadata["total_tokens"] > 0
    assert message.response_metadata["model_name"] == "pullquote"
    assert message.response_metadata["finish_reason"] == "stop"


def test_a_stream_adds_up(chain: ChatOpenAI) -> None:
    """A chunk for each statement, which joined are the answer, with its usage."""
    whole = AIMessageChunk(content="")
    contents = []
    for chunk in chain.stream(TWO):
        assert isinstance(chunk, AIMessageChunk)
        contents.append(chunk.content)
        whole += chunk  # type: ignore[assignment]
    assert [content for content in contents if content] == [
        "Who led the Chinese side? General Zhang Youxia led the Chinese side.[1]",
        " When did the army chief fly home? The army chief flew home on Sunday.[2]",
    ]
    assert whole.content == chain.invoke(TWO).content
    assert whole.usage_metadata
    assert whole.usage_metadata["total_tokens"] > 0


def test_a_conversation_goes_on(chain: ChatOpenAI) -> None:
    """An answer is sent back as LangChain keeps it."""
    asked = HumanMessage("When did the army chief fly home?")
    first = chain.invoke([asked])
    second = chain.invoke([asked, first, HumanMessage([{"type": "text", "text": LED}])])
    assert second.content == "General Zhang Youxia led the Chinese side.[1]"


def test_options_go_by_extra_body(chain: ChatOpenAI) -> None:
    """What only this service has is reached too."""
    options = {"pullquote": {"filters": {"outlets": ["Other"]}}}
    assert chain.invoke(LED, extra_body=options).content == "No article passes the filters."


def test_tools_are_refused(chain: ChatOpenAI) -> None:
    """A chain that wants tools called is told that none are."""
    with pytest.raises(Exception, match="no tools are called here"):
        chain.bind_tools([{"type": "function", "function": {"name": "f", "parameters": {}}}]).invoke(LED)
