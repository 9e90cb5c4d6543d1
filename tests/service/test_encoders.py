import hashlib
import json
import os
from pathlib import Path

import pytest

from index.encoders import FakeEncoder
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


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    """The message names the file that is missing."""
    with pytest.raises(EncoderError, match=r"has no modules\.json"):
        make_encoder(Settings(data_dir=tmp_path, encoder=str(tmp_path)))


@pytest.mark.parametrize("name", ["sentence-transformers/other", "nowhere", "FAKE"])
def test_an_unknown_name_is_refused_and_never_downloaded(tmp_path: Path, name: str) -> None:
    """What is neither known nor a folder is refused with the known names."""
    with pytest.raises(EncoderError, match=f"PULLQUOTE_ENCODER is '{name}', .*all-MiniLM-L6-v2; models are never"):
        make_encoder(Settings(data_dir=tmp_path, encoder=name))
