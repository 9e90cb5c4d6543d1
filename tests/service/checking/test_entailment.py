"""A verifier over models of a few kilobytes, made here: random numbers, but real files of a real architecture."""

import asyncio
import json
import math
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from index import Evidence
from service.chat.base import Call, Draft, Support
from service.checking.calibration import Calibration
from service.checking.checks import Checks
from service.checking.entailment import EntailmentVerifier
from service.checking.judging import Judge, Judged
from service.checking.support import Claim, Verifier
from service.errors import ChatInvalidError, ChatUnavailableError, SettingsError

VOCABULARY = (
    "[PAD]",
    "[UNK]",
    "[CLS]",
    "[SEP]",
    "[MASK]",
    *["the", "bridge", "opened", "on", "monday", "ferry", "stopped", "cost", "when", "what", ".", "?"],
)
THREE = ("contradiction", "entailment", "neutral")
CLAIM = Claim("on Monday", ("The bridge opened on Monday.", "The ferry stopped."), "When opened the bridge?")
PREMISE = "The bridge opened on Monday. The ferry stopped."
HYPOTHESIS = "When opened the bridge? on Monday"
REMEDY = "name a folder with a sentence-transformers CrossEncoder for entailment"
NAMING = 'write the names of its labels into "id2label" of its config.json, as its model card gives them'
WHOLE = {"architectures": ["BertForSequenceClassification"], "id2label": dict(enumerate(THREE))}

Make = Callable[..., Path]


@pytest.fixture(scope="module")
def make_model() -> Make:
    """Return what writes a model with these labels into a folder; the numbers are the same for as many labels."""

    def make(folder: Path, labels: Sequence[str] = THREE) -> Path:
        import torch  # noqa: PLC0415  (seconds that other tests need not wait for)
        import transformers  # noqa: PLC0415

        torch.manual_seed(0)
        config = transformers.BertConfig(
            vocab_size=len(VOCABULARY),
            hidden_size=16,
            num_hidden_layers=1,
            num_attention_heads=2,
            intermediate_size=32,
            max_position_embeddings=64,
            initializer_range=0.5,  # so that its numbers lie far apart
            id2label=dict(enumerate(labels)),
        )
        transformers.BertForSequenceClassification(config).save_pretrained(folder)
        transformers.BertTokenizer(vocab={token: n for n, token in enumerate(VOCABULARY)}).save_pretrained(folder)
        return folder

    return make


@pytest.fixture(scope="module")
def model(make_model: Make, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a model of three labels, which nobody changes."""
    return make_model(tmp_path_factory.mktemp("nli"))


def logits(folder: Path, premise: str, hypothesis: str) -> list[float]:
    """Return the model's numbers by transformers alone."""
    import torch  # noqa: PLC0415
    import transformers  # noqa: PLC0415

    tokens = transformers.AutoTokenizer.from_pretrained(folder)(premise, hypothesis, return_tensors="pt")
    with torch.no_grad():
        found = transformers.AutoModelForSequenceClassification.from_pretrained(folder).eval()(**tokens).logits
    row: list[float] = found[0].tolist()
    return row


def shares(numbers: Sequence[float]) -> list[float]:
    """Return their softmax."""
    return [math.exp(number) / sum(math.exp(other) for other in numbers) for number in numbers]


def support(folder: Path, *claims: Claim) -> list[Support]:
    """Return what a verifier says of claims put to it at once."""

    async def story() -> list[Support]:
        verifier: Verifier = EntailmentVerifier(folder, name="mine")
        try:
            return await asyncio.gather(*map(verifier.support, claims))
        finally:
            await verifier.close()

    return asyncio.run(story())


def probability(folder: Path, claim: Claim = CLAIM) -> float:
    """Return the probability of one claim."""
    (found,) = support(folder, claim)
    return found.probability


def write(folder: Path, **files: object) -> Path:
    """Write JSON files by their names without the suffix."""
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / f"{name}.json").write_text(content if isinstance(content, str) else json.dumps(content))
    return folder


def set_bias(folder: Path, value: float) -> Path:
    """Give every label of a model this bias."""
    import torch  # noqa: PLC0415
    import transformers  # noqa: PLC0415

    found = transformers.AutoModelForSequenceClassification.from_pretrained(folder)
    with torch.no_grad():
        found.classifier.bias.fill_(value)
    found.save_pretrained(folder)
    return folder


def test_support_is_the_share_of_entailment(model: Path) -> None:
    """It is the softmax of the model's numbers at entailment; it costs no tokens and lacks nothing."""
    (found,) = support(model, CLAIM)
    expected = shares(logits(model, PREMISE, HYPOTHESIS))
    assert max(expected) - min(expected) > 0.1
    assert found == Support(pytest.approx(expected[1], abs=1e-5), Call(), None)


def test_nothing_is_read_anew(tmp_path: Path) -> None:
    """A model for entailment answers no question, and says so; it is not even loaded."""
    verifier = EntailmentVerifier(write(tmp_path / "model", config=WHOLE, tokenizer={}), name="mine")
    assert not verifier.reads
    with pytest.raises(ChatInvalidError, match="'mine' reads no answers"):
        asyncio.run(verifier.reread(CLAIM))
    assert "_model" not in verifier.__dict__
    asyncio.run(verifier.close())


@pytest.mark.parametrize("thorough", [True, False])
@pytest.mark.parametrize("agreement", [None, 0.5])
def test_a_statement_is_judged_by_support_alone(
    model: Path, evidence: Callable[..., tuple[Evidence, ...]], *, agreement: float | None, thorough: bool
) -> None:
    """Even where a calibration weighs what is read anew, or all is asked, there is one call and no such feature."""
    weights = {"support": 1.0} if agreement is None else {"support": 1.0, "agreement": agreement}
    calibration = Calibration(verifier="mine", encoder="e", weights=weights, intercept=0.0, made={})
    told: list[object] = []

    async def story() -> Judged:
        verifier = EntailmentVerifier(model, name="mine")
        judging = Judge(verifier, calibration, threshold=0, thorough=thorough)
        shown = evidence("The bridge opened on Monday.")
        try:
            checks = Checks(verifier, before=lambda: None, after=told.append)
            return await judging.judge(Draft(("1",), "on Monday"), "When opened the bridge?", shown, checks)
        finally:
            await verifier.close()

    found = asyncio.run(story())
    assert told == [found.support]
    assert "agreement" not in found.features
    assert found.score == calibration.probability(found.features)


@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("word", ["entailment", "ENTAILMENT", "Entail", "supported", "SUPPORTS"])
def test_the_label_is_found_by_its_name(tmp_path: Path, model: Path, place: int, word: str) -> None:
    """Wherever entailment stands among the labels, and however it is written, its own number is taken."""
    names = ["neutral", "not_entailment"]
    names.insert(place, word)
    config = json.loads((model / "config.json").read_text())
    folder = tmp_path / "renamed"
    folder.mkdir()
    for file in model.iterdir():
        (folder / file.name).symlink_to(file)
    (folder / "config.json").unlink()
    write(folder, config={**config, "id2label": dict(enumerate(names)), "label2id": {}})
    assert probability(folder) == pytest.approx(shares(logits(model, PREMISE, HYPOTHESIS))[place], abs=1e-5)


@pytest.mark.parametrize("labels", [("entailment", "not_entailment"), ("not_entailment", "entailment")])
def test_two_labels(tmp_path: Path, make_model: Make, labels: tuple[str, str]) -> None:
    """A model that tells entailment from everything else serves too."""
    folder = make_model(tmp_path / "two", labels)
    expected = shares(logits(folder, PREMISE, HYPOTHESIS))[labels.index("entailment")]
    assert probability(folder) == pytest.approx(expected, abs=1e-5)


def test_one_label(tmp_path: Path, make_model: Make) -> None:
    """The one number of a model is a logit, whatever its label is called."""
    folder = make_model(tmp_path / "one", ["LABEL_0"])
    (logit,) = logits(folder, PREMISE, HYPOTHESIS)
    assert probability(folder) == pytest.approx(1 / (1 + math.exp(-logit)), abs=1e-5)


@pytest.mark.parametrize(("bias", "expected"), [(2_000, 1), (-2_000, 0)])
def test_a_very_sure_model(tmp_path: Path, make_model: Make, bias: float, expected: float) -> None:
    """A number that no exponential can hold is a probability all the same."""
    assert probability(set_bias(make_model(tmp_path / "sure", ["LABEL_0"]), bias)) == expected


def test_the_question_stands_before_the_answer(model: Path) -> None:
    """A claim without a question is read by itself; line breaks count for nothing."""
    bare = probability(model, Claim("on\n Monday", CLAIM.sentences))
    assert bare == pytest.approx(shares(logits(model, PREMISE, "on Monday"))[1], abs=1e-5)
    asked = probability(model, Claim("on Monday", CLAIM.sentences, " When opened\nthe bridge?"))
    assert asked == pytest.approx(shares(logits(model, PREMISE, HYPOTHESIS))[1], abs=1e-5)
    assert abs(bare - asked) > 1e-3


@pytest.mark.parametrize(
    "text", ["", " \n", "?", "bridge " * 5_000, "a" * 50_000, "👨‍👩‍👧‍👦 שלום 你好", "\x07\u200b\ufffd"]
)
def test_any_text_has_a_probability(model: Path, text: str) -> None:
    """What is empty, or longer than the limit, or of other characters is read, as claim, sentence and question."""
    claims = Claim(text, ("The bridge opened.",)), Claim("The bridge", (text,)), Claim("on Monday", (), text)
    for found in support(model, *claims):
        assert type(found.probability) is float
        assert 0 <= found.probability <= 1


def test_a_long_premise_leaves_the_claim_whole(model: Path) -> None:
    """Where both do not fit, the sentences are cut and the claim is not."""
    sentences = ("The bridge opened on Monday.",) * 30
    assert probability(model, Claim("Ferry stopped", sentences)) != probability(model, Claim("Ferry cost", sentences))


def test_many_claims_at_once(model: Path) -> None:
    """Claims put at the same time, the first of which loads the model, get what each gets alone."""
    claims = [Claim(f"ferry {'monday ' * (n % 5)}", (f"The bridge {'opened ' * (n % 3)}",)) for n in range(20)]
    together = [found.probability for found in support(model, *claims)]
    assert together[:3] == pytest.approx([probability(model, claim) for claim in claims[:3]], abs=1e-6)
    assert len({round(found, 6) for found in together}) == 15


class _SlowModel:
    """Take its time, and remember the threads that it was asked in and how many asked at once."""

    def __init__(self) -> None:
        self.threads: set[int] = set()
        self.most = 0
        self._inside = 0

    def logits(self, pairs: Sequence[tuple[str, str]]) -> list[list[float]]:
        self._inside += 1
        self.most = max(self.most, self._inside)
        self.threads.add(threading.get_ident())
        time.sleep(0.02)
        self._inside -= 1
        return [[0.0, 0.0, 0.0] for _ in pairs]


def test_the_event_loop_stays_free(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Claims are read one after the other in one thread, which is not the loop's; closing ends it."""
    verifier = EntailmentVerifier(write(tmp_path / "model", config=WHOLE, tokenizer={}), name="mine")
    slow = _SlowModel()
    monkeypatch.setitem(verifier.__dict__, "_model", slow)

    async def story() -> int:
        asked = asyncio.gather(*(verifier.support(CLAIM) for _ in range(5)))
        turns = 0
        while not asked.done():
            await asyncio.sleep(0.001)
            turns += 1
        await verifier.close()
        await verifier.close()
        return turns

    assert asyncio.run(story()) > 5
    assert slow.most == 1
    assert len(slow.threads) == 1
    assert not slow.threads & {thread.ident for thread in threading.enumerate()}


def test_making_one_loads_nothing(tmp_path: Path) -> None:
    """Torch is not touched before the first claim comes."""
    write(tmp_path / "model", config=WHOLE, tokenizer={})
    story = (
        "import sys; from pathlib import Path; from service.checking.entailment import EntailmentVerifier; "
        "assert EntailmentVerifier(Path(sys.argv[1]), name='mine').name == 'mine'; "
        "assert 'torch' not in sys.modules"
    )
    root = Path(__file__).parents[3]
    subprocess.run([sys.executable, "-c", story, tmp_path / "model"], check=True, cwd=root)  # noqa: S603


@pytest.mark.parametrize("name", ["missing", "file", "cross-encoder/nli-deberta-v3-small"])
def test_what_is_no_folder_is_refused(tmp_path: Path, name: str) -> None:
    """A name of a hub or a file is refused at once, with the remedy; nothing is downloaded."""
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match=rf"verifier 'mine': .*{name} is not a folder; {REMEDY}"):
        EntailmentVerifier(tmp_path / name, name="mine")


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"config": "{"},
        {"config": []},
        {"config": {"id2label": WHOLE["id2label"]}},
        {"config": {**WHOLE, "architectures": []}},
        {"config": {**WHOLE, "architectures": ["BertModel"]}},
        {"modules": [], "config": WHOLE},
        {"modules": [], "config": WHOLE, "config_sentence_transformers": {"model_type": "SentenceTransformer"}},
    ],
    ids=str,
)
def test_a_folder_without_a_cross_encoder_is_refused(tmp_path: Path, files: dict[str, object]) -> None:
    """A folder whose model would get a last layer of random numbers is refused at once, with the remedy."""
    with pytest.raises(SettingsError, match=rf"verifier 'mine': .*model holds no cross-encoder; {REMEDY}"):
        EntailmentVerifier(write(tmp_path / "model", **files), name="mine")


def test_a_folder_without_a_tokenizer_is_refused(tmp_path: Path) -> None:
    """A folder whose every word would be unknown is refused at once, with the remedy."""
    with pytest.raises(SettingsError, match=rf"verifier 'mine': .*model has no tokenizer\.json; {REMEDY}"):
        EntailmentVerifier(write(tmp_path / "model", config=WHOLE), name="mine")


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        ({"id2label": {"0": "LABEL_0", "1": "LABEL_1", "2": "LABEL_2"}}, "LABEL_0, LABEL_1, LABEL_2"),
        ({"id2label": {"0": "not_entailment", "1": "neutral"}}, "not_entailment, neutral"),
        ({"id2label": {"0": "entailment", "1": "Supported"}}, "entailment, Supported"),
        ({"id2label": {"entailment": 0, "neutral": 1}}, "None, None"),
        ({"id2label": {}}, "LABEL_0, LABEL_1"),
        ({"id2label": ["entailment"]}, "LABEL_0, LABEL_1"),
        ({}, "LABEL_0, LABEL_1"),
    ],
    ids=str,
)
def test_labels_that_do_not_tell_are_refused(tmp_path: Path, labels: dict[str, object], words: str) -> None:
    """Where no label, or more than one, is entailment by its name, the message names them and the remedy."""
    config = {"architectures": WHOLE["architectures"], **labels}
    with pytest.raises(SettingsError, match=rf"labels of the model in .*model are {words}, which .*; {NAMING}"):
        EntailmentVerifier(write(tmp_path / "model", config=config, tokenizer={}), name="mine")


def test_a_number_of_labels_is_enough_for_one(tmp_path: Path) -> None:
    """A model that says only that it has one label is one of a single score."""
    config = {"architectures": WHOLE["architectures"], "num_labels": 1}
    assert EntailmentVerifier(write(tmp_path / "model", config=config, tokenizer={}), name="mine").name == "mine"


def test_a_folder_that_sentence_transformers_saved(tmp_path: Path, model: Path) -> None:
    """What CrossEncoder.save wrote gives the probability of the model that it was."""
    from sentence_transformers import CrossEncoder  # noqa: PLC0415

    CrossEncoder(str(model), device="cpu", local_files_only=True).save(str(tmp_path / "saved"))
    assert (tmp_path / "saved" / "modules.json").is_file()
    assert probability(tmp_path / "saved") == pytest.approx(probability(model), abs=1e-6)


def test_a_model_stored_in_half_precision(tmp_path: Path, make_model: Make) -> None:
    """It is computed in single precision, which a processor does faster."""
    import torch  # noqa: PLC0415
    import transformers  # noqa: PLC0415

    folder = make_model(tmp_path / "half")
    transformers.AutoModelForSequenceClassification.from_pretrained(folder).to(torch.bfloat16).save_pretrained(folder)
    assert json.loads((folder / "config.json").read_text())["dtype"] == "bfloat16"
    half = probability(folder)
    transformers.AutoModelForSequenceClassification.from_pretrained(folder, dtype=torch.float32).save_pretrained(folder)
    assert half == pytest.approx(shares(logits(folder, PREMISE, HYPOTHESIS))[1], abs=1e-5)


def test_code_in_the_folder_is_not_run(tmp_path: Path, make_model: Make) -> None:
    """A model that brings code of its own is refused by the first claim."""
    folder = make_model(tmp_path / "own")
    config = json.loads((folder / "config.json").read_text())
    own = {
        "model_type": "mine",
        "auto_map": {"AutoConfig": "code.Config", "AutoModelForSequenceClassification": "code.M"},
    }
    write(folder, config=config | own)
    (folder / "code.py").write_text(f"open({str(tmp_path / 'was_run')!r}, 'w').close()")
    with pytest.raises(ChatUnavailableError, match="own cannot be run"):
        probability(folder)
    assert not (tmp_path / "was_run").exists()


def test_a_model_that_cannot_be_loaded(tmp_path: Path, make_model: Make) -> None:
    """A folder that lacks its weights is named with the reason and the remedy, by every claim."""
    folder = make_model(tmp_path / "broken")
    (folder / "model.safetensors").unlink()

    async def story() -> None:
        verifier = EntailmentVerifier(folder, name="mine")
        for _ in range(2):
            with pytest.raises(ChatUnavailableError, match=rf"(?s)'mine': .*broken cannot be run: .*{REMEDY}") as told:
                await verifier.support(CLAIM)
            assert told.value.reason == "model_unavailable"
        await verifier.close()

    asyncio.run(story())


def test_garbled_weights(tmp_path: Path, make_model: Make) -> None:
    """Weights that are no weights are an error of ours too."""
    folder = make_model(tmp_path / "garbled")
    (folder / "model.safetensors").write_bytes(b"no weights" * 10)
    with pytest.raises(ChatUnavailableError, match="garbled cannot be run"):
        probability(folder)


def test_a_score_that_is_no_number_is_refused(tmp_path: Path, make_model: Make) -> None:
    """Damaged weights end in an error, not in a probability of nothing."""
    with pytest.raises(ChatUnavailableError, match=f"damaged gave a score that is no number; {REMEDY}"):
        probability(set_bias(make_model(tmp_path / "damaged"), math.nan))


def test_numbers_without_names_are_refused(tmp_path: Path, make_model: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """A model with other than the named labels is told by the first claim."""
    verifier = EntailmentVerifier(make_model(tmp_path / "other"), name="mine")
    monkeypatch.setattr(verifier, "_labels", ["neutral", "entailment"])
    with pytest.raises(ChatUnavailableError, match="other gives 3 numbers and names 2 labels"):
        asyncio.run(verifier.support(CLAIM))
    asyncio.run(verifier.close())
