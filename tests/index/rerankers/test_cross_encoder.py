import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from index.errors import RerankerError
from index.rerankers.cross_encoder import CrossEncoderReranker

Make = Callable[..., Path]
REMEDY = "name a folder with a sentence-transformers CrossEncoder of one label"


def write(folder: Path, **files: object) -> Path:
    """Write JSON files by their names without the suffix."""
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / f"{name}.json").write_text(content if isinstance(content, str) else json.dumps(content))
    return folder


@pytest.mark.parametrize("name", ["missing", "file", "cross-encoder/ms-marco-MiniLM-L6-v2"])
def test_what_is_no_folder_is_refused(tmp_path: Path, name: str) -> None:
    """A name of a hub or a file is refused at once, with the remedy; nothing is downloaded."""
    (tmp_path / "file").touch()
    with pytest.raises(RerankerError, match=rf"reranker 'mine': .*{name} is not a folder; {REMEDY}"):
        CrossEncoderReranker(tmp_path / name, name="mine")


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"config": "{"},
        {"config": []},
        {"config": {}},
        {"config": {"architectures": None}},
        {"config": {"architectures": []}},
        {"config": {"architectures": ["BertModel"]}},
        {"config": {"architectures": ["Qwen3ForCausalLM"]}},
        {"modules": [], "config": {"architectures": ["BertForSequenceClassification"]}},
        {"modules": [], "config_sentence_transformers": {"model_type": "SentenceTransformer"}},
    ],
    ids=str,
)
def test_a_folder_without_a_cross_encoder_is_refused(tmp_path: Path, files: dict[str, object]) -> None:
    """A folder whose model would get a last layer of random numbers is refused at once, with the remedy."""
    with pytest.raises(RerankerError, match=rf"reranker 'mine': .*model holds no cross-encoder; {REMEDY}"):
        CrossEncoderReranker(write(tmp_path / "model", **files), name="mine")


@pytest.mark.model
def test_a_sentence_encoder_is_refused(encoder_folder: Path) -> None:
    """The default encoder's folder, which sentence-transformers would load without an error, is refused."""
    with pytest.raises(RerankerError, match="holds no cross-encoder"):
        CrossEncoderReranker(encoder_folder, name="mine")


def test_making_one_loads_nothing(tmp_path: Path) -> None:
    """Neither torch nor the model is touched before the first texts come, and none is for no texts."""
    write(tmp_path / "model", config={"architectures": ["BertForSequenceClassification"]}, tokenizer={})
    story = (
        "import sys; from pathlib import Path; from index.rerankers.cross_encoder import CrossEncoderReranker; "
        "assert CrossEncoderReranker(Path(sys.argv[1]), name='mine').scores('bridge', []) == []; "
        "assert 'torch' not in sys.modules"
    )
    root = Path(__file__).parents[3]
    subprocess.run([sys.executable, "-c", story, tmp_path / "model"], check=True, cwd=root)  # noqa: S603


def test_a_folder_without_a_tokenizer_is_refused(tmp_path: Path) -> None:
    """A folder whose every word would be unknown is refused at once, with the remedy."""
    folder = write(tmp_path / "model", config={"architectures": ["BertForSequenceClassification"]})
    with pytest.raises(RerankerError, match=rf"reranker 'mine': .*model has no tokenizer\.json; {REMEDY}"):
        CrossEncoderReranker(folder, name="mine")
    (folder / "vocab.txt").touch()
    assert CrossEncoderReranker(folder, name="mine").name == "mine"


def test_a_model_that_cannot_be_loaded(tmp_path: Path, make_cross_encoder: Make) -> None:
    """A folder that lacks its weights is named with the reason, by every call."""
    folder = make_cross_encoder(tmp_path / "broken")
    (folder / "model.safetensors").unlink()
    reranker = CrossEncoderReranker(folder, name="mine")
    for _ in range(2):
        with pytest.raises(RerankerError, match=rf"(?s)reranker 'mine' in .*broken cannot be loaded: .*{REMEDY}"):
            reranker.scores("bridge", ["ferry"])


def test_garbled_weights(tmp_path: Path, make_cross_encoder: Make) -> None:
    """Weights that are no weights are an error of ours too."""
    folder = make_cross_encoder(tmp_path / "garbled")
    (folder / "model.safetensors").write_bytes(b"no weights" * 10)
    with pytest.raises(RerankerError, match="garbled cannot be loaded"):
        CrossEncoderReranker(folder, name="mine").scores("bridge", ["ferry"])


@pytest.mark.parametrize("labels", [2, 3])
def test_several_labels_are_refused(tmp_path: Path, make_cross_encoder: Make, labels: int) -> None:
    """A model of natural language inference has no one score to rank by."""
    reranker = CrossEncoderReranker(make_cross_encoder(tmp_path / "nli", labels=labels), name="mine")
    with pytest.raises(RerankerError, match=rf"the model in .*nli gives {labels} labels for a pair, .*{REMEDY}"):
        reranker.scores("bridge", ["ferry"])


def test_a_folder_that_sentence_transformers_saved(tmp_path: Path, cross_encoder_folder: Path) -> None:
    """What CrossEncoder.save wrote gives the scores of the model that it was."""
    from sentence_transformers import CrossEncoder  # noqa: PLC0415

    CrossEncoder(str(cross_encoder_folder), device="cpu", local_files_only=True).save(str(tmp_path / "saved"))
    assert (tmp_path / "saved" / "modules.json").is_file()
    texts = ["the bridge opened", "ferry"]
    before, after = (
        CrossEncoderReranker(folder, name="mine").scores("bridge", texts)
        for folder in (cross_encoder_folder, tmp_path / "saved")
    )
    assert after == pytest.approx(before, abs=1e-6)


def test_high_scores_stay_apart(tmp_path: Path, make_cross_encoder: Make) -> None:
    """Scores are the model's own numbers, which no sigmoid has made 1."""
    import torch  # noqa: PLC0415
    import transformers  # noqa: PLC0415

    folder = make_cross_encoder(tmp_path / "sure")
    model = transformers.AutoModelForSequenceClassification.from_pretrained(folder)
    with torch.no_grad():
        model.classifier.bias.fill_(50)
    model.save_pretrained(folder)
    first, second = CrossEncoderReranker(folder, name="sure").scores("bridge", ["bridge", "the ferry stopped"])
    assert first > 40
    assert first != second


def test_a_score_that_is_no_number_is_refused(tmp_path: Path, make_cross_encoder: Make) -> None:
    """Damaged weights end in an error, not in an order of nothing."""
    import torch  # noqa: PLC0415
    import transformers  # noqa: PLC0415

    folder = make_cross_encoder(tmp_path / "damaged")
    model = transformers.AutoModelForSequenceClassification.from_pretrained(folder)
    with torch.no_grad():
        model.classifier.bias.fill_(float("nan"))
    model.save_pretrained(folder)
    with pytest.raises(RerankerError, match="damaged gave a score that is no number"):
        CrossEncoderReranker(folder, name="mine").scores("bridge", ["ferry"])
