import asyncio
import json
import os
from pathlib import Path

import pytest

from service.chat.factory import make_chat
from service.checking.entailment import EntailmentVerifier
from service.checking.support import ChatVerifier, Claim
from service.errors import SettingsError
from service.settings import Settings
from service.verifiers import make_verifier


def changed(settings: Settings, folder: Path) -> Settings:
    """Return the settings with a verifier."""
    return settings.model_copy(update={"verifier": folder})


def test_the_chat_model_is_the_default(settings: Settings) -> None:
    """Without the setting the chat model checks."""
    verifier = make_verifier(settings, make_chat(settings))
    assert isinstance(verifier, ChatVerifier)
    assert verifier.name.startswith("fake:extract ")
    found = asyncio.run(verifier.support(Claim("on Monday", ["The bridge opened on Monday."], "When did it open?")))
    assert found.probability > 0.5


@pytest.mark.parametrize("relative", [True, False])
def test_a_folder_is_a_verifier_by_its_last_name(settings: Settings, tmp_path: Path, *, relative: bool) -> None:
    """It is named like its folder, however the setting wrote it, and nothing is loaded yet."""
    folder = tmp_path / "models" / "mine"
    folder.mkdir(parents=True)
    labels = {"0": "entailment", "1": "not_entailment"}
    config = {"architectures": ["BertForSequenceClassification"], "id2label": labels}
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "tokenizer.json").write_text("{}")
    written = Path(f"{os.path.relpath(folder)}/../mine") if relative else folder
    verifier = make_verifier(changed(settings, written), make_chat(settings))
    assert isinstance(verifier, EntailmentVerifier)
    assert verifier.name == "mine"


@pytest.mark.parametrize("name", ["cross-encoder/nli-deberta-v3-small", "nowhere"])
def test_a_missing_folder_is_refused_by_the_variable(settings: Settings, name: str) -> None:
    """A name of a hub is not downloaded; the message names the variable and the remedy."""
    with pytest.raises(SettingsError, match=f"PULLQUOTE_VERIFIER is '{name}', which is not a folder; models are never"):
        make_verifier(changed(settings, Path(name)), make_chat(settings))


def test_a_folder_without_a_model_is_refused(settings: Settings, tmp_path: Path) -> None:
    """A folder of something else is named at once."""
    with pytest.raises(SettingsError, match="holds no cross-encoder; name a folder"):
        make_verifier(changed(settings, tmp_path), make_chat(settings))
