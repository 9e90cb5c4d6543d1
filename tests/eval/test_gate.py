"""The gate over the project's own set: what it catches, and that it leaves alone what is no worse.

The runs are over the whole set with a model that quotes the sentence nearest to the question, so that all of it is
asked anew.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from click.testing import Result
from jinja2 import Template
from typer.testing import CliRunner

from eval.compare.comparing import compare
from eval.compare.tolerances import load_gates
from eval.runs.files import read_run
from index import scoring
from prompts import Prompt, load_prompt
from service.answering import prompting
from service.cli.main import make_app

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent.parent
BASELINE = ROOT / "eval" / "baselines" / "samples.jsonl"
QUOTING = {"PULLQUOTE_CHAT_MODEL": "fake:extract", "PULLQUOTE_ENCODER": "fake"}


def run(out: Path, *options: str, **settings: str) -> Result:
    """Run the whole set into `out`."""
    environment = {"PULLQUOTE_DATA_DIR": str(out.parent / "data"), **settings}
    return CliRunner(env=environment).invoke(make_app(), ["eval", "run", "samples", "--out", str(out), *options])


def quoted(out: Path) -> Path:
    """Run the whole set with the model that quotes."""
    ended = run(out, **QUOTING)
    assert ended.exit_code == 0, ended.output
    return out


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a run of the whole set as things are."""
    return quoted(tmp_path_factory.mktemp("gate") / "base.jsonl")


def broken(base: Path, new: Path) -> list[str]:
    """Return the metrics whose gates fail."""
    found = compare(read_run(base), read_run(new), load_gates())
    assert sum(row.gate is not None for row in found.rows) >= 8
    return [row.metric for row in found.rows if row.failed]


def changed(
    values: Callable[[Mapping[str, object]], Mapping[str, object]] = lambda values: values, system: str = "{}"
) -> Callable[[str], Prompt]:
    """Return what loads prompts that show other values, and whose system message is another."""

    def load(name: str) -> Prompt:
        found = load_prompt(name)
        return replace(found, user=_Changed(found.user, values), system=system.format(found.system))

    return load


@dataclass
class _Changed:
    template: Template
    values: Callable[[Mapping[str, object]], Mapping[str, object]]

    def render(self, given: Mapping[str, object]) -> str:
        """Render what the values are made into."""
        return self.template.render(self.values(given))


def _cut(values: Mapping[str, object]) -> Mapping[str, object]:
    """Return the values with sentences that are cut short."""
    articles = values["articles"]
    assert isinstance(articles, list)
    short = [
        {**article, "sentences": [{**one, "text": one["text"][:40]} for one in article["sentences"]]}
        for article in articles
    ]
    return {**values, "articles": short}


def test_the_same_again_is_not_worse(base: Path, tmp_path: Path) -> None:
    """A second run of the same is let through."""
    assert broken(base, quoted(tmp_path / "again.jsonl")) == []


def test_a_harmless_change_is_not_worse(base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A weight that is a little other, and one more sentence to the model, answer alike."""
    monkeypatch.setattr(scoring, "_PAIRS_WEIGHT", 0.26)
    monkeypatch.setattr(prompting, "load_prompt", changed(system="{} Be brief."))
    assert broken(base, quoted(tmp_path / "harmless.jsonl")) == []


def test_a_worse_prompt_is_caught(base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that cuts the sentences short loses answers, and the gate says so."""
    monkeypatch.setattr(prompting, "load_prompt", changed(_cut))
    assert "right" in broken(base, quoted(tmp_path / "cut.jsonl"))


def test_a_worse_retriever_is_caught(base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that ranks by the nearness of whole passages alone finds less, and the gate says so."""
    for name in ("_LEXICAL_WEIGHT", "_RARE_WORDS_WEIGHT", "_PAIRS_WEIGHT", "_OWN_RARE_WORDS_WEIGHT"):
        monkeypatch.setattr(scoring, name, 0.0)
    assert "recall@5" in broken(base, quoted(tmp_path / "blind.jsonl"))


@pytest.mark.model
def test_what_is_committed_holds(models_folder: Path, tmp_path: Path) -> None:
    """The set is answered from its recordings without a chat model, as in the baseline, word for word."""
    new = tmp_path / "replay.jsonl"
    ended = run(new, "--mode", "replay", PULLQUOTE_MODELS_DIR=str(models_folder))
    assert ended.exit_code == 0, ended.output
    assert broken(BASELINE, new) == []
    before, after = ({record.case.id: record.answer for record in read_run(file).records} for file in (BASELINE, new))
    assert {name: answer and answer.answer for name, answer in before.items()} == {
        name: answer and answer.answer for name, answer in after.items()
    }
