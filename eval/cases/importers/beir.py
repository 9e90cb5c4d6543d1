"""BEIR (Thakur et al. 2021), from a folder as the benchmark publishes it."""

from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from eval.cases.errors import SetFormatError, SetMissingError
from eval.cases.importers.writing import SEED, check_free, distinct, drawn, first_words, holds_words, safe_id, write_set
from eval.cases.lines import read_line_models, read_text
from eval.cases.model import Case, CaseSet, Span
from eval.measure.rows import as_stored

__all__ = ["import_beir"]

_ASKED_AT = "2021-04-17"  # when BEIR was published
_REMEDY = "name a folder of BEIR with corpus.jsonl, queries.jsonl and qrels"
_COLUMNS = 3


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True)

    id: str = Field(alias="_id")
    text: str
    title: str = ""


def import_beir(folder: Path, out: Path, *, split: str = "test", limit: int | None = None, seed: int = SEED) -> CaseSet:
    """Write the queries of `qrels/SPLIT.tsv` with the whole corpus into the folder `out`, and return that set.

    A set of BEIR knows which articles are relevant, not which sentences, and no answers. So a case has one group, of
    which any relevant article (a score over 0) is enough, and quotes the article whole where it is short, else its
    first 300 characters up to a word: recall counted by article is right, by sentence it is not. `limit` queries,
    spread evenly, or all. Raises SetMissingError, SetFormatError or SetExistsError.
    """
    check_free(out)
    articles = _articles(folder / "corpus.jsonl")
    relevant = _relevant(folder / "qrels" / f"{split}.tsv", articles)
    rows = read_line_models(folder / "queries.jsonl", _Row, _REMEDY)
    judged = [row for row in rows if row.text.strip() and row.id in relevant]
    asked = distinct(judged, lambda row: " ".join(row.text.casefold().split()))
    cases = tuple(_case(row, relevant[row.id], articles) for row in drawn(asked, limit, seed))
    about = f"Queries of BEIR, from {folder.resolve().name}, {split}; only whole articles are known to be relevant"
    return write_set(out, CaseSet(name="beir", about=about, articles=(), asked_at=_ASKED_AT, cases=cases), articles)


def _articles(file: Path) -> dict[str, tuple[str, str]]:
    """Return title and text by id; an article without text has its title as such, without either it is left out."""
    rows = ((row, row.text if holds_words(row.text) else row.title) for row in read_line_models(file, _Row, _REMEDY))
    return {safe_id(row.id): (as_stored(row.title), as_stored(text)) for row, text in rows if holds_words(text)}


def _relevant(file: Path, articles: Mapping[str, object]) -> dict[str, list[str]]:
    """Return ids of relevant articles by id of query. The first line names the columns."""
    found: dict[str, list[str]] = {}
    for number, line in enumerate(read_text(file).splitlines()[1:], 2):
        cells = line.split("\t")
        if len(cells) != _COLUMNS or not cells[2].strip().lstrip("-").isdecimal():
            raise SetFormatError(f"{file}, line {number}: is not query, article and score, parted by tabs; {_REMEDY}")
        if int(cells[2]) > 0 and safe_id(cells[1]) in articles:
            found.setdefault(cells[0], []).append(safe_id(cells[1]))
    if not found:
        raise SetMissingError(f"{file}: names no relevant article of the corpus; {_REMEDY}")
    return found


def _case(row: _Row, relevant: list[str], articles: Mapping[str, tuple[str, str]]) -> Case:
    group = tuple(Span(article=one, quote=first_words(articles[one][1])) for one in dict.fromkeys(relevant))
    return Case(id=safe_id(row.id), slice="single", question=row.text, outcome="answered", required=(group,))
