"""The public sets, read from JSON lines: SQuAD 2.0, CLAPNQ and HotpotQA.

They lie outside the repository (their licences are not ours), so whoever has none is told where they belong.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from eval.bench.errors import DataMissingError

__all__ = [
    "ArticleQuestion",
    "Document",
    "HopQuestion",
    "SpanQuestion",
    "evenly",
    "read_clapnq",
    "read_documents",
    "read_multihop",
    "read_squad",
]

_T = TypeVar("_T")


@dataclass(frozen=True)
class Document:
    """An article of a set, before it is one of ours."""

    id: str
    title: str
    text: str


@dataclass(frozen=True)
class SpanQuestion:
    """A question of SQuAD: its article, the paragraph [low, high) it was asked of, and the spans of right answers."""

    text: str
    article_id: str
    paragraph: tuple[int, int]
    answers: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class ArticleQuestion:
    """A question that one article answers."""

    text: str
    article_id: str


@dataclass(frozen=True)
class HopQuestion:
    """A question that takes several articles: the gold ones, and those of the sentences that state the facts."""

    text: str
    gold: frozenset[str]
    facts: frozenset[str]


def read_documents(folder: Path) -> list[Document]:
    """Return the articles in `folder`/articles.jsonl. Raises DataMissingError, as all these do."""
    return [Document(row["id"], row["title"], row["text"]) for row in _rows(folder / "articles.jsonl")]


def read_squad(data: Path, limit: int) -> tuple[list[Document], list[SpanQuestion]]:
    """Return all articles and `limit` answerable questions, spread evenly over the set."""
    questions = [
        SpanQuestion(
            row["question"],
            row["article_id"],
            (row["paragraph"][0], row["paragraph"][1]),
            tuple((answer["start"], answer["start"] + len(answer["text"])) for answer in row["answers"]),
        )
        for row in _rows(data / "squad" / "questions.jsonl")
        if row["answerable"]
    ]
    return read_documents(data / "squad"), evenly(questions, limit)


def read_clapnq(data: Path, limit: int) -> tuple[list[Document], list[ArticleQuestion]]:
    """Return one article a distinct passage, those of unanswerable questions too, and the answerable questions."""
    rows = list(_rows(data / "clapnq" / "questions.jsonl"))
    ids: dict[tuple[str, str], str] = {}
    for row in rows:
        ids.setdefault((row["title"], row["text"]), f"clapnq:{len(ids)}")
    documents = [Document(article_id, title, text) for (title, text), article_id in ids.items()]
    answerable = [row for row in rows if row["answerable"]]
    questions = [ArticleQuestion(row["question"], ids[row["title"], row["text"]]) for row in answerable]
    return documents, evenly(questions, limit)


def read_multihop(data: Path, limit: int) -> tuple[list[Document], list[HopQuestion]]:
    """Return all articles and the questions."""
    questions = [
        HopQuestion(row["question"], frozenset(row["gold"]), frozenset(fact["article_id"] for fact in row["facts"]))
        for row in _rows(data / "multihop" / "questions.jsonl")
    ]
    return read_documents(data / "multihop"), evenly(questions, limit)


def evenly(items: Sequence[_T], limit: int) -> list[_T]:
    """Return at most `limit` of `items`, at equal steps from the first."""
    return list(items[:: max(1, len(items) // limit)][:limit])


def _rows(file: Path) -> Iterator[dict[str, Any]]:
    try:
        with file.open(encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line)
    except FileNotFoundError as exc:
        raise DataMissingError(f"there is no {file}; name the folder of the question sets with --data") from exc
