import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import service
from service.offline import FORCED, force_offline

CHILD = """
import json, os, sys
from pathlib import Path
import service.cli.main
from service.offline import force_offline
early = sorted({"chromadb", "huggingface_hub", "transformers", "sentence_transformers"} & set(sys.modules))
force_offline()
import chromadb.config
import huggingface_hub.constants
from langsmith.utils import tracing_is_enabled
from index.vectors import VectorIndex
own = VectorIndex(Path(sys.argv[1]))
print(json.dumps({
    "early": early,
    "environment": dict(os.environ),
    "chroma_default": chromadb.config.Settings().anonymized_telemetry,
    "chroma_own": own._client.get_settings().anonymized_telemetry,
    "hub_offline": huggingface_hub.constants.HF_HUB_OFFLINE,
    "hub_telemetry_off": huggingface_hub.constants.HF_HUB_DISABLE_TELEMETRY,
    "langsmith": bool(tracing_is_enabled()),
}))
own.close()
"""
OPPOSITES = {"False": "True", "false": "true", "1": "0", "": "http://127.0.0.1:9"}


def test_the_command_line_forces_it_whatever_the_environment_says(tmp_path: Path) -> None:
    """Imported and forced, every library is silent, although the environment says the other way."""
    environment = {**os.environ, **{name: OPPOSITES[value] for name, value in FORCED.items()}}
    environment |= {"LANGSMITH_API_KEY": "canary", "LANGCHAIN_API_KEY": "canary"}
    command = [sys.executable, "-c", CHILD, str(tmp_path / "vectors")]
    root = Path(service.__file__).parents[1]
    ended = subprocess.run(command, capture_output=True, text=True, cwd=root, env=environment, check=True)  # noqa: S603
    found = json.loads(ended.stdout.splitlines()[-1])
    assert found.pop("environment").items() >= FORCED.items()
    assert found == {
        "early": [],
        "chroma_default": False,
        "chroma_own": False,
        "hub_offline": True,
        "hub_telemetry_off": True,
        "langsmith": False,
    }


def test_every_variable_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """Unset and contrary variables are set alike, and no other is touched."""
    monkeypatch.setenv("SOMETHING_ELSE", "1")
    for name in FORCED:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ANONYMIZED_TELEMETRY", "True")
    force_offline()
    assert {name: os.environ[name] for name in FORCED} == FORCED
    assert os.environ["SOMETHING_ELSE"] == "1"


def test_the_vector_index_is_silent_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Telemetry of the vector index is off even where the environment asks for it."""
    from index.vectors import VectorIndex  # noqa: PLC0415  (after the environment is set)

    monkeypatch.setenv("ANONYMIZED_TELEMETRY", "True")
    index = VectorIndex(tmp_path / "vectors")
    assert index._client.get_settings().anonymized_telemetry is False
    index.close()
