"""The project's own questions on its own articles: `eval/samples/questions.jsonl`, which its README lists too."""

from collections.abc import Mapping
from itertools import chain
from pathlib import Path
from typing import Literal

from pydantic import ConfigDict, Field

from eval.bench.errors import DataMissingError
from eval.measure.cases import Case, MeasureSet, Page
from eval.measure.errors import SetFormatError
from eval.measure.rows import Row, read_rows
from eval.measure.spans import spans_of
from index.reading import Read, read_articles

__all__ = ["SAMPLES", "load_samples", "read_pages"]

SAMPLES = Path(__file__).parent.parent / "samples"
"""The folder of the sample articles and questions."""

_MAX_BYTES = 100_000


class _Turn(Row):
    role: Literal["user", "assistant"]
    content: str


class _Question(Row):
    model_config = ConfigDict(extra="forbid")

    id: str
    slice: Literal["single", "multi-hop", "follow-up", "unanswerable", "temporal", "conflict"]
    question: str
    history: tuple[_Turn, ...]
    asked_at: str | None
    expected: tuple[str, ...]
    required: tuple[tuple[str, ...], ...] = ()
    outcome: Literal["answered", "not_found"]
    proof: dict[str, tuple[str, ...]]
    replaced: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    nearest: str | None = None
    undisclosed: bool = False
    note: str


def read_pages(folder: Path = SAMPLES) -> dict[str, Page]:
    """Return the sample articles by file name, with the text and the id that the index gives them.

    Raises DataMissingError where there are none, SetFormatError for one that is refused.
    """
    files = sorted((folder / "articles").glob("*.md"))
    if not files:
        raise DataMissingError(f"there are no articles in {folder / 'articles'}; name the folder of the samples")
    return {file.name: _page(file) for file in files}


def load_samples(folder: Path = SAMPLES) -> MeasureSet:
    """Return all sample articles and all planned questions.

    `extra` has `slice`, `outcome`, `note`, and where there are such: `replaced` (ids of articles whose report was
    replaced), `nearest` (id of the nearest article) and `undisclosed` (an article says that this was not given out).
    """
    pages = read_pages(folder)
    rows = read_rows(folder / "questions.jsonl", _Question)
    return MeasureSet("samples", tuple(pages.values()), tuple(_case(row, pages) for row in rows))


def _page(file: Path) -> Page:
    (found,) = read_articles(file, max_bytes=_MAX_BYTES)
    if not isinstance(found, Read):
        raise SetFormatError(f"{file}: is refused as an article: {found}")
    article = found.article
    return Page(
        id=article.id,
        title=article.title or "",
        text=article.text,
        url=article.url,
        author=article.author,
        outlet=article.outlet,
        published_at=article.published_at,
        modified_at=article.modified_at,
    )


def _case(row: _Question, pages: Mapping[str, Page]) -> Case:
    extra = {
        "slice": row.slice,
        "outcome": row.outcome,
        "note": row.note,
        "replaced": " ".join(pages[name].id for name in row.replaced),
        "nearest": pages[row.nearest].id if row.nearest else "",
        "undisclosed": "yes" if row.undisclosed else "",
    }
    return Case(
        id=f"samples:{row.id}",
        set="samples",
        question=row.question,
        history=tuple((turn.role, turn.content) for turn in row.history),
        asked_at=row.asked_at,
        answerable=row.outcome == "answered",
        golds=row.expected,
        required=row.required,
        spans=tuple(chain.from_iterable(spans_of(pages[name], quotes) for name, quotes in row.proof.items())),
        evidence=tuple(chain.from_iterable(row.proof.values())),
        gold_articles=tuple(pages[name].id for name in row.proof),
        extra={name: value for name, value in extra.items() if value},
    )
