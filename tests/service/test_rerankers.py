import os
from pathlib import Path

import pytest

from index.errors import RerankerError
from index.rerankers.cross_encoder import CrossEncoderReranker
from service.rerankers import make_reranker
from service.settings import Settings


def test_none_is_the_default(settings: Settings) -> None:
    """Without the setting nothing ranks again."""
    assert make_reranker(settings) is None


@pytest.mark.parametrize("relative", [True, False])
def test_a_folder_is_a_reranker_by_its_last_name(tmp_path: Path, *, relative: bool) -> None:
    """It is named like its folder, however the setting wrote it, and nothing is loaded yet."""
    folder = tmp_path / "models" / "mine"
    folder.mkdir(parents=True)
    (folder / "config.json").write_text('{"architectures": ["BertForSequenceClassification"]}')
    (folder / "tokenizer.json").write_text("{}")
    reranker = make_reranker(Settings(reranker=Path(f"{os.path.relpath(folder)}/../mine") if relative else folder))
    assert isinstance(reranker, CrossEncoderReranker)
    assert reranker.name == "mine"


@pytest.mark.parametrize("name", ["cross-encoder/ms-marco-MiniLM-L6-v2", "nowhere"])
def test_a_missing_folder_is_refused_by_the_variable(name: str) -> None:
    """A name of a hub is not downloaded; the message names the variable and the remedy."""
    with pytest.raises(RerankerError, match=f"PULLQUOTE_RERANKER is '{name}', which is not a folder; models are never"):
        make_reranker(Settings(reranker=Path(name)))


def test_a_folder_without_a_reranker_is_refused(tmp_path: Path) -> None:
    """A folder of something else is named at once."""
    with pytest.raises(RerankerError, match="holds no cross-encoder; name a folder"):
        make_reranker(Settings(reranker=tmp_path))
