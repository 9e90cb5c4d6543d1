"""A small set of questions, in files and in memory."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from eval.cases import Case, CaseSet
from index import Article, make_article

HEAD = 'name = "small"\nabout = "A small set"\narticles = ["news"]\nasked_at = "2024-05-03"\n'
FERRY = (
    "---\ntitle: Ferry sails again\nurl: https://a.example/ferry\n---\n\nThe ferry *Alma* sails again. It costs $46."
)
CASE: dict[str, object] = {
    "id": "S1",
    "slice": "single",
    "question": "What does it cost?",
    "outcome": "answered",
    "answers": [["$46"]],
    "required": [[{"article": "ferry.md", "quote": "It costs $46."}]],
}


@pytest.fixture
def case() -> dict[str, object]:
    """Return a case of the small set, as it stands on its line."""
    return dict(CASE)


@pytest.fixture
def write_set(tmp_path: Path) -> Callable[..., Path]:
    """Return what writes a set folder of `cases` and `articles` (text by path below the folder), and gives its path."""

    def write(
        cases: Sequence[object] = (CASE,),
        articles: Mapping[str, str] | None = None,
        head: str = HEAD,
    ) -> Path:
        folder = tmp_path / "set"
        for name, text in ({"news/ferry.md": FERRY} if articles is None else articles).items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        folder.mkdir(exist_ok=True)
        (folder / "set.toml").write_text(head, encoding="utf-8")
        (folder / "cases.jsonl").write_text("".join(json.dumps(case) + "\n" for case in cases), encoding="utf-8")
        return folder

    return write


@pytest.fixture
def ferry() -> Article:
    """Return an article."""
    text = "The ferry sails again. It leaves at 11:30 p.m. and costs $46.\n\nThe old fare was $40."
    return make_article({"id": "ferry", "text": text, "title": "Ferry sails again"}, place="test")


@pytest.fixture
def make_set() -> Callable[..., CaseSet]:
    """Return what makes a set of cases, each given as what it has other than a clean one."""

    def make(*changes: Mapping[str, object], asked_at: str = "2024-05-03") -> CaseSet:
        clean = {**CASE, "required": [[{"article": "ferry", "quote": "costs $46"}]]}
        cases = tuple(Case.model_validate({**clean, **change}) for change in changes)
        return CaseSet(name="small", about="A small set", articles=(), asked_at=asked_at, cases=cases)

    return make
