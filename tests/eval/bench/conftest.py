"""Tiny sets in the form of the public ones, and a fake encoder in the settings."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

NOUNS = ("harbour", "ferry", "bridge", "council", "lantern", "orchard", "museum", "railway", "valley", "theatre")
VERBS = ("opened", "closed", "burned", "flooded", "moved", "expanded", "reopened", "failed")


def sentence(i: int) -> str:
    """Return a sentence that no other number gives; four of them fill a passage."""
    said = "as all the papers of the town had it on the morning of the next day"
    return f"The {NOUNS[i % 10]} of district {i} {VERBS[i % 8]} in the year {1700 + i}, {said}."


def write_lines(file: Path, rows: Sequence[object]) -> None:
    """Write rows as JSON lines."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


@pytest.fixture
def lines() -> Callable[[Path, Sequence[object]], None]:
    """Return what writes JSON lines."""
    return write_lines


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return a folder with three tiny sets: a squad of 4 articles of 4 paragraphs of 4 sentences, and two others."""
    folder = tmp_path / "sets"
    articles, questions = [], []
    for a in range(4):
        paragraphs = [" ".join(sentence(a * 16 + p * 4 + s) for s in range(4)) for p in range(4)]
        text = "\n\n".join(paragraphs)
        articles.append({"id": f"squad:{a}", "title": f"District {a}", "text": text})
        for p, paragraph in enumerate(paragraphs):
            i, low = a * 16 + p * 4 + 2, text.index(paragraph)
            answer = {"text": str(1700 + i), "start": text.index(str(1700 + i))}
            asked = {"question": f"When was it that the {NOUNS[i % 10]} of district {i} {VERBS[i % 8]}?"}
            place = {"article_id": f"squad:{a}", "paragraph": [low, low + len(paragraph)]}
            questions.append({**asked, **place, "answerable": p != 3, "answers": [answer] if p != 3 else []})
    write_lines(folder / "squad" / "articles.jsonl", articles)
    write_lines(folder / "squad" / "questions.jsonl", questions)
    passages = [
        {"question": f"What of district {i}?", "answerable": i < 4, "title": f"District {i}", "text": sentence(i)}
        for i in (0, 1, 1, 2, 5)
    ]
    write_lines(folder / "clapnq" / "questions.jsonl", passages)
    hops = [{"id": f"hop:{i}", "title": f"District {i}", "text": sentence(i)} for i in range(6)]
    facts = [{"article_id": f"hop:{i}", "text": sentence(i)} for i in (1, 2)]
    asked = {"question": "What of district 1 and district 2?", "gold": ["hop:1", "hop:2"], "facts": facts}
    write_lines(folder / "multihop" / "articles.jsonl", hops)
    write_lines(folder / "multihop" / "questions.jsonl", [asked])
    return folder


@pytest.fixture
def _fake_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the settings name the fake encoder, in this process and in its children."""
    monkeypatch.setenv("PULLQUOTE_ENCODER", "fake")
