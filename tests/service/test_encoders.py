import hashlib
import json
import os
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from pydantic import SecretStr

from index.encoders import FakeEncoder, PassageText
from index.encoders.fake_embeddings import FakeWordEmbeddings
from index.encoders.sentence_transformer import SentenceTransformerEncoder
from index.errors import EncoderError, WeightsMissingError
from index.weights import HubSource, WeightFile, Weights, status
from service import encoders
from service.encoders import ENCODERS, make_encoder
from service.settings import Settings

FILES = {"modules.json": b"[]", "tokenizer.json": b"{}", "config.json": json.dumps({"hidden_size": 3}).encode()}


def fill(folder: Path) -> Path:
    """Write the least that looks like a sentence-transformers folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in FILES.items():
        (folder / name).write_bytes(data)
    return folder


def test_the_fake_is_made_by_name(settings: Settings) -> None:
    """`fake` needs no file."""
    assert isinstance(make_encoder(settings), FakeEncoder)


def test_the_default_is_one_that_is_pulled(tmp_path: Path) -> None:
    """The default encoder is known by name; where its files are missing the remedy is told."""
    settings = Settings(data_dir=tmp_path)
    assert settings.encoder in ENCODERS
    with pytest.raises(WeightsMissingError, match=r"model\.safetensors.*; run `pullquote models pull`"):
        make_encoder(settings)


def test_a_pulled_encoder_is_made_from_its_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once its files are there, and are the official ones, the encoder of that name is made; nothing is loaded yet."""
    tiny = Weights(
        "tests/tiny",
        "Apache-2.0",
        tuple(WeightFile(name, len(data), hashlib.sha256(data).hexdigest()) for name, data in FILES.items()),
        (HubSource("tests/tiny", "r1"),),
    )
    monkeypatch.setitem(encoders.ENCODERS, "tests/tiny", tiny)
    settings = Settings(data_dir=tmp_path, encoder="tests/tiny")
    fill(status(settings.models_folder, tiny).folder)
    encoder = make_encoder(settings)
    assert isinstance(encoder, SentenceTransformerEncoder)
    assert (encoder.name, encoder.dimension) == ("tests/tiny", 3)


@pytest.mark.parametrize("relative", [True, False])
def test_a_folder_is_an_encoder_by_its_last_name(tmp_path: Path, *, relative: bool) -> None:
    """A folder of one's own is named like the folder, however the setting wrote it."""
    folder = fill(tmp_path / "models" / "mine")
    name = os.path.relpath(folder) + "/../mine/" if relative else str(folder)
    encoder = make_encoder(Settings(data_dir=tmp_path, encoder=name))
    assert isinstance(encoder, SentenceTransformerEncoder)
    assert encoder.name == "mine"


@pytest.mark.parametrize("dtype", ["auto", "float32", "bfloat16"])
def test_the_numbers_of_the_model_are_as_set(tmp_path: Path, dtype: str) -> None:
    """The encoder is told in which kind of number it should reckon."""
    settings = Settings.model_validate({"encoder": str(fill(tmp_path / "mine")), "encoder_dtype": dtype})
    encoder = make_encoder(settings)
    assert isinstance(encoder, SentenceTransformerEncoder)
    assert encoder._dtype == dtype


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    """The message names the file that is missing."""
    with pytest.raises(EncoderError, match=r"has no modules\.json"):
        make_encoder(Settings(data_dir=tmp_path, encoder=str(tmp_path)))


@pytest.mark.parametrize("name", ["sentence-transformers/other", "nowhere", "FAKE"])
def test_an_unknown_name_is_refused_and_never_downloaded(tmp_path: Path, name: str) -> None:
    """What is neither known nor a folder is refused with the known names."""
    with pytest.raises(EncoderError, match=f"PULLQUOTE_ENCODER is '{name}', .*all-MiniLM-L6-v2; models are never"):
        make_encoder(Settings(data_dir=tmp_path, encoder=name))


class Provider(ThreadingHTTPServer):
    """A server of embeddings in the manner of OpenAI's, on loopback; `heard` keeps paths, keys and models."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.heard: list[tuple[str, str | None, str]] = []
        self.fails = False

    @property
    def options(self) -> SecretStr:
        """Return the options with which OpenAI's client asks this server."""
        return SecretStr(
            json.dumps(
                {
                    "base_url": f"http://127.0.0.1:{self.server_port}/v1",
                    "api_key": "sk-canary",
                    "check_embedding_ctx_length": False,
                    "max_retries": 0,
                }
            )
        )


class _Handler(BaseHTTPRequestHandler):
    server: Provider

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.heard.append((self.path, self.headers["Authorization"], body["model"]))
        vectors = FakeWordEmbeddings(dimension=16).embed_documents(body["input"])
        data = [{"object": "embedding", "index": i, "embedding": vector} for i, vector in enumerate(vectors)]
        usage = {"prompt_tokens": 1, "total_tokens": 1}
        reply = json.dumps({"object": "list", "model": body["model"], "data": data, "usage": usage}).encode()
        self.send_response(500 if self.server.fails else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(reply)))
        self.end_headers()
        self.wfile.write(reply)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def provider() -> Iterator[Provider]:
    """Return a server of embeddings that ends with the test."""
    server = Provider()
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_encoder_of_any_provider(tmp_path: Path, provider: Provider) -> None:
    """It is made by LangChain's own factory with the options set, and nothing is asked before a text comes."""
    name = "langchain:openai:nomic:v1.5"
    encoder = make_encoder(Settings(data_dir=tmp_path, encoder=name, encoder_options=provider.options))
    assert provider.heard == []
    assert (encoder.name, encoder.max_tokens) == (name, 254)
    (found,) = encoder.encode_passages([PassageText("The bridge opened. It is long.", ((0, 18), (19, 30)))])
    bridge, long = found.sentences @ encoder.encode_query("bridge opened")
    assert bridge > long
    assert encoder.dimension == 16
    assert provider.heard == [("/v1/embeddings", "Bearer sk-canary", "nomic:v1.5")] * 2


def test_a_provider_that_fails(tmp_path: Path, provider: Provider) -> None:
    """The error names the encoder as it was set, and repeats no key."""
    provider.fails = True
    settings = Settings(data_dir=tmp_path, encoder="langchain:openai:some", encoder_options=provider.options)
    with pytest.raises(
        EncoderError, match=r"'langchain:openai:some' gave no vectors \(InternalServerError\)"
    ) as caught:
        make_encoder(settings).encode_query("bridge")
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize("name", ["langchain:", "langchain:openai", "langchain:openai:", "langchain::model"])
def test_a_name_without_provider_or_model_is_refused(tmp_path: Path, name: str) -> None:
    """The message shows how such an encoder is named."""
    with pytest.raises(EncoderError, match=f"PULLQUOTE_ENCODER is '{name}'; write langchain:PROVIDER:MODEL, such as"):
        make_encoder(Settings(data_dir=tmp_path, encoder=name))


@pytest.mark.parametrize("options", ["sk-canary", '["sk-canary"]'])
def test_options_that_are_no_object_are_refused_unquoted(tmp_path: Path, options: str) -> None:
    """The message names the variable, and repeats nothing of what may be secret."""
    settings = Settings(data_dir=tmp_path, encoder="langchain:openai:some", encoder_options=SecretStr(options))
    with pytest.raises(EncoderError, match=r"PULLQUOTE_ENCODER_OPTIONS (is not JSON|must be a JSON object)") as caught:
        make_encoder(settings)
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize(
    ("provider_name", "options"), [("nobody", {}), ("openai", {"api_key": ["sk-canary"]}), ("openai", {"model": "x"})]
)
def test_a_provider_that_cannot_be_set_up(tmp_path: Path, provider_name: str, options: dict[str, object]) -> None:
    """An unknown provider or a wrong option is told with what to check, and not repeated."""
    settings = Settings(
        data_dir=tmp_path, encoder=f"langchain:{provider_name}:some", encoder_options=SecretStr(json.dumps(options))
    )
    with pytest.raises(
        EncoderError, match=rf"langchain:{provider_name}:some cannot be set up \(.*Error\); check"
    ) as caught:
        make_encoder(settings)
    assert "canary" not in str(caught.value)


def test_a_provider_whose_package_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The package is named."""
    monkeypatch.setitem(sys.modules, "langchain_ollama", None)
    with pytest.raises(
        EncoderError, match=r"langchain:ollama:some needs a package that is not installed: .*langchain-ollama"
    ):
        make_encoder(Settings(data_dir=tmp_path, encoder="langchain:ollama:some"))
