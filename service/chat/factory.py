"""The chat model that the settings name."""

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from index.storage import storage_errors
from index.weights import Weights, require
from service.chat.base import Chat
from service.chat.fake import FakeModels
from service.chat.langchain_chat import LangChainChat, Models
from service.chat.models import LocalModels, ProviderModels
from service.chat.prefixes import Prefixes
from service.errors import SettingsError
from service.local.catalogue import LOCAL_MODELS
from service.local.config import LocalConfig
from service.local.cores import usable_cores
from service.local.supervisor import LocalServer
from service.options import read_options
from service.settings import Settings

__all__ = ["make_chat"]


def make_chat(settings: Settings) -> Chat:
    """Make the chat model of the settings; nothing is started or reached yet.

    Raises SettingsError for a name or options that cannot be. Missing model files are told by the first call.
    """
    provider, colon, name = settings.chat_model.partition(":")
    if not colon or not name:
        raise SettingsError(
            f"PULLQUOTE_CHAT_MODEL is {settings.chat_model!r}; write provider:name, such as openai:gpt-4.1-mini, "
            f"or local:{next(iter(LOCAL_MODELS))}"
        )
    models: Models
    if provider == "local":
        models = _local(settings, name)
    elif provider == "fake":
        models = FakeModels(name)
    else:
        models = ProviderModels(settings.chat_model, read_options("PULLQUOTE_CHAT_OPTIONS", settings.chat_options))
    return LangChainChat(models, timeout_s=settings.chat_timeout_s)


def _local(settings: Settings, name: str) -> LocalModels:
    if name not in LOCAL_MODELS:
        raise SettingsError(
            f"there is no local model {settings.chat_model!r}; known ones are {', '.join(LOCAL_MODELS)}"
        )
    weights, folder = LOCAL_MODELS[name], settings.data_dir / "prefixes"
    prefixes = Prefixes(folder, f"{weights.files[0].sha256} {_engine_version()}")
    return LocalModels(settings.chat_model, lambda: _server(settings, weights, folder), prefixes)


def _server(settings: Settings, weights: Weights, prefixes: Path) -> LocalServer:
    path = require(settings.models_folder, weights) / weights.files[0].path
    threads = settings.local_threads or usable_cores()
    with storage_errors(prefixes):
        prefixes.mkdir(parents=True, exist_ok=True, mode=0o700)
    return LocalServer(LocalConfig(model_path=path, threads=threads, prefixes=prefixes))


def _engine_version() -> str:
    try:
        return version("xllamacpp")
    except PackageNotFoundError:
        return ""
