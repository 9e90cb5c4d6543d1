import json
from collections.abc import Callable
from pathlib import Path

import pytest

from index.cross_encoders import PairModel, config_of, fault_of

pytestmark = pytest.mark.slow

WHOLE: dict[str, object] = {"config": {"architectures": ["BertForSequenceClassification"]}, "tokenizer": {}}
SAVED: dict[str, object] = {
    "modules": [],
    "config_sentence_transformers": {"model_type": "CrossEncoder"},
    "tokenizer": {},
}
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return what writes JSON files, by their names without the suffix, into a folder."""

    def add(**files: object) -> Path:
        for name, content in files.items():
            (tmp_path / f"{name}.json").write_text(content if isinstance(content, str) else json.dumps(content))
        return tmp_path

    return add


@pytest.mark.parametrize("files", [WHOLE, SAVED, {**SAVED, "config": {"architectures": ["BertModel"]}}], ids=str)
def test_a_whole_folder_has_no_fault(write: Write, files: dict[str, object]) -> None:
    """A model for classification, or what sentence-transformers saved as a cross-encoder, is one."""
    assert fault_of(write(**files)) is None


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"config": "{"},
        {"config": []},
        {"config": {}},
        {"config": {"architectures": None}},
        {"config": {"architectures": "BertForSequenceClassification"}},
        {"config": {"architectures": []}},
        {"config": {"architectures": ["BertModel", "BertForSequenceClassification"]}},
        {"config": {"architectures": ["Qwen3ForCausalLM"]}},
        {"modules": [], "config": {"architectures": ["BertForSequenceClassification"]}},
        {"modules": [], "config_sentence_transformers": {"model_type": "SentenceTransformer"}},
        {"modules": [], "config_sentence_transformers": ["CrossEncoder"]},
    ],
    ids=str,
)
def test_another_model_is_none(write: Write, files: dict[str, object]) -> None:
    """What does not say of itself that it is a cross-encoder would get a last layer of random numbers."""
    assert fault_of(write(**{"tokenizer": {}, **files})) == "holds no cross-encoder"


@pytest.mark.parametrize(
    "file", ["tokenizer.json", "vocab.txt", "vocab.json", "sentencepiece.bpe.model", "spiece.model"]
)
def test_a_tokenizer_is_needed(write: Write, file: str) -> None:
    """Without any file of one, every word would be unknown."""
    folder = write(config=WHOLE["config"])
    assert fault_of(folder) == "has no tokenizer.json"
    (folder / file).touch()
    assert fault_of(folder) is None


def test_what_is_no_folder_is_said(tmp_path: Path) -> None:
    """A missing folder and a file are no folders."""
    (tmp_path / "file").touch()
    assert fault_of(tmp_path / "file") == fault_of(tmp_path / "missing") == "is not a folder"


@pytest.mark.parametrize("content", [None, "", "{", "[1]", "5", b"\xff\xfe"])
def test_a_config_that_cannot_be_read_is_empty(tmp_path: Path, content: str | bytes | None) -> None:
    """Neither a missing nor a garbled file raises."""
    if content is not None:
        (tmp_path / "config.json").write_bytes(content.encode() if isinstance(content, str) else content)
    assert config_of(tmp_path) == {}


def test_a_config_is_read(write: Write) -> None:
    """Its fields come as they are."""
    assert config_of(write(config={"id2label": {"0": "yes"}})) == {"id2label": {"0": "yes"}}


@pytest.fixture(scope="module")
def make_model(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Path]:
    """Return what makes the folder of a tiny model of so many labels: random numbers, but real files."""

    def make(labels: int) -> Path:
        import torch  # noqa: PLC0415  (seconds that other tests need not wait for)
        import transformers  # noqa: PLC0415

        torch.manual_seed(0)
        folder = tmp_path_factory.mktemp("cross-encoder")
        words = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "bridge", "opened", "ferry", "stopped")
        config = transformers.BertConfig(
            vocab_size=len(words),
            hidden_size=16,
            num_hidden_layers=1,
            num_attention_heads=2,
            intermediate_size=32,
            max_position_embeddings=32,
            initializer_range=0.5,
            id2label={number: f"LABEL_{number}" for number in range(labels)},
        )
        transformers.BertForSequenceClassification(config).save_pretrained(folder)
        transformers.BertTokenizer(vocab={word: number for number, word in enumerate(words)}).save_pretrained(folder)
        return folder

    return make


PAIRS = [("the bridge", "opened"), ("the ferry stopped", "the bridge opened"), ("ferry", ""), ("the bridge", "opened")]


@pytest.mark.parametrize("labels", [1, 2, 3])
def test_a_pair_has_a_number_for_each_label(make_model: Callable[[int], Path], labels: int) -> None:
    """Rows come in the order of the pairs, each the same as when its pair is asked alone."""
    folder = make_model(labels)
    assert fault_of(folder) is None
    model = PairModel(folder)
    assert model.n_labels == labels
    rows = model.logits(PAIRS)
    assert [len(row) for row in rows] == [labels] * len(PAIRS)
    assert rows[0] == pytest.approx(rows[3], abs=1e-5)
    assert rows[0] != pytest.approx(rows[1], abs=1e-3)
    for pair, row in zip(PAIRS, rows, strict=True):
        assert model.logits([pair]) == [pytest.approx(row, abs=1e-5)]


def test_numbers_are_raw(make_model: Callable[[int], Path]) -> None:
    """Neither a sigmoid nor a softmax has squeezed them between 0 and 1."""
    rows = PairModel(make_model(3)).logits(PAIRS)
    assert not all(0 <= number <= 1 for row in rows for number in row)


def test_which_text_is_first_matters(make_model: Callable[[int], Path]) -> None:
    """A pair is read in its order."""
    model = PairModel(make_model(1))
    assert model.logits([("the bridge", "ferry")]) != model.logits([("ferry", "the bridge")])


def test_a_folder_without_weights_cannot_be_made(write: Write) -> None:
    """Whatever the libraries raise passes on; nothing is fetched from a hub instead."""
    with pytest.raises((OSError, ValueError)):
        PairModel(write(**WHOLE))
