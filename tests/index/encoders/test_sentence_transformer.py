import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tokenizers import Tokenizer, models, pre_tokenizers

from index.articles import Article
from index.encoders import PassageText
from index.encoders.sentence_transformer import SentenceTransformerEncoder
from index.errors import EncoderError
from index.library import Library


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with all that can be read without torch: a tokenizer that cuts at four, and settings."""
    folder = tmp_path / "model"
    folder.mkdir()
    tokenizer = Tokenizer(models.WordLevel({"[UNK]": 0, "bridge": 1}, unk_token="[UNK]"))  # noqa: S106
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.enable_truncation(4)
    tokenizer.enable_padding(length=4)
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "config.json").write_text(json.dumps({"hidden_size": 12}))
    (folder / "modules.json").write_text("[]")
    return folder


@pytest.mark.parametrize("missing", ["modules.json", "tokenizer.json", "config.json"])
def test_a_folder_without_a_model_is_refused(folder: Path, missing: str) -> None:
    """A folder that lacks a file is refused by the file's name, before torch is loaded."""
    (folder / missing).unlink()
    with pytest.raises(EncoderError, match=rf"encoder 'mine': .* has no {missing}; name a sentence-transformers"):
        SentenceTransformerEncoder(folder, name="mine")


def test_settings_are_read_from_the_folder(folder: Path) -> None:
    """Dimension and length come from the model's own settings, less the special tokens."""
    encoder = SentenceTransformerEncoder(folder, name="mine")
    assert (encoder.name, encoder.dimension, encoder.max_tokens) == ("mine", 12, 510)
    for settings, length in ({"max_seq_length": 256}, 254), ({"max_seq_length": None}, 510):
        (folder / "sentence_bert_config.json").write_text(json.dumps(settings))
        assert SentenceTransformerEncoder(folder, name="mine").max_tokens == length


def test_the_tokenizers_own_limit_is_switched_off(folder: Path) -> None:
    """Offsets are given past the length at which the tokenizer truncates, and padding gives none."""
    encoder = SentenceTransformerEncoder(folder, name="mine")
    assert encoder.token_spans("a bridge") == [(0, 1), (2, 8)]
    assert len(encoder.token_spans("bridge " * 9)) == 9


@pytest.mark.parametrize("name", ["config.json", "modules.json", "tokenizer.json"])
def test_the_revision_follows_the_files(folder: Path, name: str) -> None:
    """Another configuration or tokenizer is another revision; the same files elsewhere are not."""
    revision = SentenceTransformerEncoder(folder, name="mine").revision
    copy = folder.with_name("copy")
    shutil.copytree(folder, copy)
    assert SentenceTransformerEncoder(copy, name="other").revision == revision
    (copy / name).write_text((copy / name).read_text() + " ")
    assert SentenceTransformerEncoder(copy, name="mine").revision != revision
    assert len(revision) == 12


@pytest.mark.model
def test_a_model_that_cannot_be_loaded(encoder_folder: Path, tmp_path: Path) -> None:
    """A folder whose weights are broken is named with the reason."""
    shutil.copytree(encoder_folder, tmp_path / "broken", ignore=shutil.ignore_patterns("*.safetensors", "*.bin"))
    encoder = SentenceTransformerEncoder(tmp_path / "broken", name="broken")
    assert encoder.token_spans("a bridge")
    with pytest.raises(EncoderError, match=r"encoder 'broken' in .*broken cannot be loaded"):
        encoder.encode_query("bridge")


@pytest.mark.model
def test_a_sentence_past_the_limit_is_refused(encoder_folder: Path) -> None:
    """A sentence of which the model reads no token is an error, not a vector of something else."""
    encoder = SentenceTransformerEncoder(encoder_folder, name="model")
    text = "word " * 300 + "End."
    with pytest.raises(EncoderError, match="no token within the encoder's limit: 'End\\.'"):
        encoder.encode_passages([PassageText(text, ((0, 1499), (1500, 1504)))])


@pytest.mark.model
@pytest.mark.parametrize(
    "text",
    [
        "One paragraph.\n\n" + "-" * 400 + "\n\nAnother one.",
        "\n".join(["The title", "-" * 130, "-" * 200, "-" * 60, "and a last line"]),
        "a" * 100_000,
        "word " * 600,
        "语言模型" * 100,
        "x1! " * 100,
        "a" * 2_050 + " the cat sat" * 84 + ". It slept.",
    ],
    ids=["ruler", "rulers", "one word", "words", "no spaces", "short", "long word and many"],
)
def test_any_article_fits_the_model(
    encoder_folder: Path, open_library: Callable[..., Library], article: Callable[..., Article], text: str
) -> None:
    """Whatever the text, every sentence of it is within what the model reads."""
    library = open_library(SentenceTransformerEncoder(encoder_folder, name="model"))
    library.add(article("a", text))
    assert library.check()
