import asyncio
import hashlib
from pathlib import Path

import pytest
from pydantic import SecretStr

from index.weights import HubSource, WeightFile, Weights, status
from service.chat import factory
from service.chat.factory import make_chat
from service.errors import ChatUnavailableError, SettingsError
from service.local.catalogue import LOCAL_MODELS
from service.local.supervisor import State
from service.settings import Settings

LOCAL = f"local:{next(iter(LOCAL_MODELS))}"


@pytest.mark.parametrize("name", ["fake:extract", LOCAL, "openai:some-model", "nobody:anything:more"])
def test_making_a_chat_starts_nothing(settings: Settings, tmp_path: Path, name: str) -> None:
    """A chat is made by name, and neither a file, a process nor a server is touched."""
    chat = make_chat(settings.model_copy(update={"chat_model": name}))
    assert chat.name == name
    asyncio.run(chat.close())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["", "fake", "fake:", "gpt-4.1-mini"])
def test_a_name_without_provider_is_refused(settings: Settings, name: str) -> None:
    """The message shows how a model is named."""
    with pytest.raises(SettingsError, match=f"PULLQUOTE_CHAT_MODEL is '{name}'; write provider:name, .* or {LOCAL}"):
        make_chat(settings.model_copy(update={"chat_model": name}))


def test_unknown_models_of_ours_are_refused(settings: Settings) -> None:
    """A local or fake model that does not exist is refused with the known ones."""
    with pytest.raises(
        SettingsError, match=r"no local model 'local:other'; known ones are qwen2\.5-coder-1\.5b-instruct"
    ):
        make_chat(settings.model_copy(update={"chat_model": "local:other"}))
    with pytest.raises(SettingsError, match="no fake model 'other'"):
        make_chat(settings.model_copy(update={"chat_model": "fake:other"}))


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ("{", "PULLQUOTE_CHAT_OPTIONS is not JSON"),
        ("sk-canary", "PULLQUOTE_CHAT_OPTIONS is not JSON"),
        ('["sk-canary"]', "PULLQUOTE_CHAT_OPTIONS must be a JSON object"),
        ("null", "PULLQUOTE_CHAT_OPTIONS must be a JSON object"),
    ],
)
def test_options_that_are_no_object_are_refused_unquoted(settings: Settings, options: str, says: str) -> None:
    """The message names the variable, and repeats nothing of what may be secret."""
    wrong = settings.model_copy(update={"chat_model": "openai:x", "chat_options": SecretStr(options)})
    with pytest.raises(SettingsError, match=says) as caught:
        make_chat(wrong)
    assert "canary" not in str(caught.value)


def test_missing_files_of_the_local_model_are_told_by_the_first_call(settings: Settings) -> None:
    """A local model that was not pulled can be made; every call then names the remedy."""
    chat = make_chat(settings.model_copy(update={"chat_model": LOCAL}))
    for _ in range(2):
        with pytest.raises(ChatUnavailableError, match="run `pullquote models pull`"):
            asyncio.run(chat.check())
    asyncio.run(chat.close())


@pytest.mark.parametrize("threads", [3, None])
def test_a_pulled_local_model_gets_its_server(tmp_path: Path, threads: int | None) -> None:
    """The server is made for the file that was pulled, with the threads that are set, and is not started."""
    data = b"weights"
    tiny = Weights(
        "tests/tiny",
        "Apache-2.0",
        (WeightFile("tiny.gguf", len(data), hashlib.sha256(data).hexdigest()),),
        (HubSource("tests/tiny", "r1"),),
    )
    settings = Settings(data_dir=tmp_path, local_threads=threads)
    folder = status(settings.models_folder, tiny).folder
    folder.mkdir(parents=True)
    (folder / "tiny.gguf").write_bytes(data)
    prefixes = tmp_path / "prefixes"
    server = factory._server(settings, tiny, prefixes)
    assert server.state is State.DOWN
    assert server._config.model_path == folder / "tiny.gguf"
    assert (server._config.prefixes, prefixes.is_dir()) == (prefixes, True)
    assert server._config.threads == threads or (threads is None and server._config.threads >= 1)
