import os
import sys
from pathlib import Path

import pytest

from index.owner import Ownership
from index.weights import MINILM, weights_dir
from service.doctor import Finding, cuda_build, diagnose, settings_table
from service.settings import Settings
from service.tokens import TokenStore


def finding(settings: Settings, part: str) -> Finding:
    """Return the one finding on a part."""
    (found,) = (found for found in diagnose(settings) if found.part == part)
    return found


def changed(settings: Settings, **values: object) -> Settings:
    """Return the settings with other values."""
    return Settings.model_validate({**settings.model_dump(), **values})


@pytest.mark.parametrize(
    ("line", "cuda"),
    [
        ("cuda: Optional[str] = '12.6'", "12.6"),
        ("cuda = '13.0'", "13.0"),
        ("cuda: Optional[str] = None", None),
        ("cuda = None", None),
        ("hip: Optional[str] = '6.2'", None),
        ("", None),
    ],
)
def test_the_cuda_build_is_read_from_a_file(tmp_path: Path, line: str, cuda: str | None) -> None:
    """The CUDA version stands in torch's version file; a build for the processor has none."""
    file = tmp_path / "version.py"
    file.write_text(
        f"from typing import Optional\n__version__ = '2.13.0'\ndebug = False\n{line}\ngit_version = 'abc'\n"
    )
    assert cuda_build(file) == cuda


@pytest.fixture
def torch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the version file of a torch that would be imported, on a machine whose PATH is empty."""
    package = tmp_path / "site" / "torch"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("raise ImportError('the doctor imports nothing')\n")
    monkeypatch.syspath_prepend(package.parent)
    monkeypatch.delitem(sys.modules, "torch", raising=False)
    monkeypatch.setenv("PATH", "")
    return package / "version.py"


@pytest.mark.skipif(Path("/dev/nvidia0").exists(), reason="this machine has a device for CUDA")
def test_torch_for_a_device_that_is_not_there(settings: Settings, torch: Path) -> None:
    """A CUDA build of torch on a machine without a device is told, with the way to a smaller one."""
    torch.write_text("cuda: Optional[str] = '12.6'\n")
    found = finding(settings, "torch")
    assert found.ok is None
    assert "is built for CUDA 12.6, which this machine has not" in found.detail
    assert "TORCH_ARGS" in (found.remedy or "")


def test_torch_with_its_device(
    settings: Settings, torch: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A CUDA build of torch where the device's tools are installed is right."""
    torch.write_text("cuda: Optional[str] = '12.6'\n")
    tool = tmp_path / "bin" / "nvidia-smi"
    tool.parent.mkdir()
    tool.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tool.parent))
    found = finding(settings, "torch")
    assert (found.ok, found.remedy) == (True, None)
    assert found.detail.endswith("for CUDA 12.6")


def test_torch_for_the_processor(settings: Settings, torch: Path) -> None:
    """A build of torch for the processor is right anywhere."""
    torch.write_text("cuda: Optional[str] = None\n")
    found = finding(settings, "torch")
    assert found.ok is True
    assert found.detail.endswith("for the processor")


def test_no_torch(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without torch the finding is bad and names the command that installs it."""
    monkeypatch.setitem(sys.modules, "torch", None)
    assert finding(settings, "torch") == Finding(
        "torch", ok=False, detail="is not installed", remedy="run `make setup`"
    )


def test_every_setting_with_its_value(settings: Settings) -> None:
    """Every setting is in the table by its variable's name, with its value and a description."""
    table = settings_table(changed(settings, max_asks=17))
    assert set(table) == {f"PULLQUOTE_{name.upper()}" for name in Settings.model_fields}
    assert table["PULLQUOTE_MAX_ASKS"][0] == "17"
    assert table["PULLQUOTE_DATA_DIR"][0] == str(settings.data_dir)
    assert all(description for _, description in table.values())


def test_options_of_the_provider_are_hidden(settings: Settings) -> None:
    """What may hold a key is in no value of the table and in no finding."""
    options = '{"api_key": "sk-canary"}'
    chat = {"chat_model": "openai:gpt-4.1-mini", "chat_options": options}
    secret = changed(settings, **chat, encoder="langchain:openai:some", encoder_options=options)
    assert "sk-canary" not in f"{settings_table(secret)}{diagnose(secret)}"
    assert set(settings_table(secret)["PULLQUOTE_CHAT_OPTIONS"][0]) == {"*"}
    assert set(settings_table(secret)["PULLQUOTE_ENCODER_OPTIONS"][0]) == {"*"}


def test_models_that_are_not_pulled(settings: Settings) -> None:
    """Missing files of the default models are bad, with the folder they belong in and the command that brings them."""
    default = Settings(data_dir=settings.data_dir)
    for part in ("encoder", "chat model"):
        found = finding(default, part)
        assert found.ok is False
        assert str(settings.data_dir / "models") in found.detail
        assert found.remedy == "run `pullquote models pull`"


def test_an_encoder_that_was_pulled(settings: Settings) -> None:
    """An encoder whose files all have their size is found, by a look at no more than that."""
    folder = weights_dir(settings.models_folder, MINILM)
    for file in MINILM.files:
        (folder / file.path).parent.mkdir(parents=True, exist_ok=True)
        (folder / file.path).touch()
        os.truncate(folder / file.path, file.size)
    found = finding(changed(settings, encoder=MINILM.name), "encoder")
    assert (found.ok, found.detail) == (True, f"{MINILM.name} in {folder}")


def test_an_encoder_of_a_provider(settings: Settings) -> None:
    """It is set up and not asked, which may cost; what it lacks is bad and has a remedy."""
    there = changed(settings, encoder="langchain:openai:some", encoder_options='{"api_key": "x"}')
    found = finding(there, "encoder")
    assert (found.ok, found.detail) == (None, "langchain:openai:some; asked only when a text is encoded")
    for name in ("langchain:nobody:some", "langchain:openai"):
        found = finding(changed(settings, encoder=name), "encoder")
        assert found.ok is False
        assert name in found.detail
        assert "langchain:PROVIDER:MODEL" in (found.remedy or "")


def test_a_folder_without_an_encoder(settings: Settings, tmp_path: Path) -> None:
    """A folder that holds something else is bad, and the file that it lacks is named."""
    found = finding(changed(settings, encoder=str(tmp_path)), "encoder")
    assert found.ok is False
    assert "modules.json" in found.detail


def test_a_reranker(settings: Settings, tmp_path: Path) -> None:
    """None is not spoken of; one whose folder is right is found, and one whose folder is wrong has a remedy."""
    assert [found for found in diagnose(settings) if found.part == "reranker"] == []
    wrong = finding(changed(settings, reranker=tmp_path / "nosuch"), "reranker")
    assert wrong.ok is False
    assert "PULLQUOTE_RERANKER" in (wrong.remedy or "")
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "config.json").write_text('{"architectures": ["BertForSequenceClassification"]}')
    (folder / "vocab.txt").touch()
    right = finding(changed(settings, reranker=folder), "reranker")
    assert right == Finding("reranker", ok=True, detail=f"mine in {folder}")


@pytest.mark.parametrize(
    ("setting", "value", "part"), [("encoder", "nosuch", "encoder"), ("chat_model", "local:nosuch", "chat model")]
)
def test_names_that_nothing_has(settings: Settings, setting: str, value: str, part: str) -> None:
    """A model that does not exist is bad, and the remedy names those that do."""
    found = finding(changed(settings, **{setting: value}), part)
    assert found.ok is False
    assert value in found.detail
    assert {"encoder": MINILM.name, "chat model": "local:qwen2.5"}[part] in (found.remedy or "")


@pytest.mark.parametrize("value", ["gpt", "fake:nosuch", "openai:"])
def test_a_chat_model_that_cannot_be(settings: Settings, value: str) -> None:
    """A name with which no question can be answered is bad."""
    assert finding(changed(settings, chat_model=value), "chat model").ok is False


def test_options_that_are_no_json(settings: Settings) -> None:
    """Options that cannot be read are bad, and are not repeated."""
    broken = changed(settings, chat_model="openai:gpt-4.1-mini", chat_options="{sk-canary")
    bad = [found for found in diagnose(broken) if found.ok is False]
    assert any("PULLQUOTE_CHAT_OPTIONS" in found.detail for found in bad)
    assert "sk-canary" not in str(bad)


def test_a_library_that_cannot_be_read(settings: Settings) -> None:
    """A ledger that is no database is a finding, and the others are still made."""
    settings.data_dir.mkdir()
    (settings.data_dir / "ledger.db").write_bytes(b"no database" * 100)
    found = finding(settings, "library")
    assert found.ok is False
    assert str(settings.data_dir) in found.detail
    assert finding(settings, "access").ok is True


def test_a_data_folder_that_is_a_file(settings: Settings) -> None:
    """What cannot be looked at is a finding too: a file where the data folder should be ends no look."""
    settings.data_dir.write_text("in the way")
    assert any(found.ok is False and str(settings.data_dir) in found.detail for found in diagnose(settings))


def test_a_token_file_that_cannot_be_read(settings: Settings) -> None:
    """A broken file of tokens is a bad finding that names it."""
    settings.data_dir.mkdir()
    settings.tokens_path.write_text("{")
    found = finding(settings, "access")
    assert found.ok is False
    assert str(settings.tokens_path) in found.detail


def test_an_open_address(settings: Settings) -> None:
    """An address that others reach is bad without a token, and right with one."""
    opened = changed(settings, bind="0.0.0.0:8000")
    found = finding(opened, "access")
    assert found.ok is False
    assert "pullquote tokens add" in (found.remedy or "")
    TokenStore(opened.tokens_path).create("reader", "ask")
    assert finding(opened, "access") == Finding("access", ok=True, detail="0.0.0.0:8000, reached by others; 1 tokens")


def test_a_server_that_does_not_answer(settings: Settings) -> None:
    """A server that owns the folder and is not heard of is bad, with its address and the remedy."""
    ownership = Ownership(settings.data_dir)
    ownership.announce("http://127.0.0.1:1")
    try:
        found = finding(settings, "server")
    finally:
        ownership.release()
    assert found.ok is False
    assert "http://127.0.0.1:1 does not answer" in found.detail
    assert found.remedy == "restart `pullquote serve`"
