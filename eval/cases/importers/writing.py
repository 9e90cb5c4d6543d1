"""What all importers share: names that can be ids, even draws, first words as quotes, and the writing of a set."""

import hashlib
import json
import random
import re
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from eval.cases.errors import SetExistsError, SetMissingError
from eval.cases.model import CaseSet
from eval.cases.reading import HEAD, read_set
from index.articles import is_id

__all__ = ["SEED", "check_free", "distinct", "drawn", "first_words", "holds_words", "safe_id", "write_set"]

SEED = 2022
"""The seed of draws, unless another is named."""

_T = TypeVar("_T")
_ARTICLES = "articles.jsonl"
_QUOTE_CHARS = 300
_KEPT_CHARS = 100
_DIGEST_CHARS = 10
_TITLE_CHARS = 500


def safe_id(name: str) -> str:
    """Return `name` where it can be an id, else what of it can, with a digest that keeps different names apart."""
    if is_id(name):
        return name
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGEST_CHARS]
    return f"{re.sub('[^A-Za-z0-9._:#~-]+', '-', name)[:_KEPT_CHARS]}~{digest}"


def drawn(rows: Sequence[_T], limit: int | None, seed: int = SEED) -> list[_T]:
    """Return `limit` rows in their order, one at random of each of as many equal stretches; all where none is named.

    Neighbours in such files are about the same article, so that a draw of stretches is spread over all of them.
    Raises ValueError for a limit below 1.
    """
    if limit is None or limit >= len(rows):
        return list(rows)
    if limit < 1:
        raise ValueError(f"{limit} questions are asked for; ask for one at least")
    rng = random.Random(seed)  # noqa: S311  (alike every time, not secret)
    ends = [i * len(rows) // limit for i in range(limit + 1)]
    return [rows[rng.randrange(ends[i], ends[i + 1])] for i in range(limit)]


def distinct(rows: Iterable[_T], key: Callable[[_T], Hashable]) -> list[_T]:
    """Return the first row of each key."""
    first: dict[Hashable, _T] = {}
    for row in rows:
        first.setdefault(key(row), row)
    return list(first.values())


def first_words(text: str) -> str:
    """Return a text of at most 300 characters whole, of a longer one the first 300 up to the last whole word."""
    start = text[:_QUOTE_CHARS]
    if len(text) <= _QUOTE_CHARS:
        return start.strip()
    cut = re.match(r".*(?=\s)", start, re.DOTALL)
    return ((cut[0] if cut else "").strip() or start).strip()


def holds_words(text: str) -> bool:
    """Tell whether a text can be an article."""
    return any(character.isalnum() for character in text)


def check_free(out: Path) -> None:
    """Raise SetExistsError where a set or other files stand in `out` already."""
    if out.exists() and not (out.is_dir() and not any(out.iterdir())):
        raise SetExistsError(f"{out}: is there already; name a folder that is new or empty")


def write_set(out: Path, whole: CaseSet, articles: Mapping[str, tuple[str, str]]) -> CaseSet:
    """Write the set into the folder `out`, and return it as it is read from there.

    `articles` are title and canonical text by id. Raises SetExistsError where `out` holds something, SetMissingError
    for a set without cases.
    """
    check_free(out)
    if not whole.cases:
        raise SetMissingError(f"{whole.name}: holds no question that can be taken over; look at the source's files")
    out.mkdir(parents=True, exist_ok=True)
    rows = ({"id": key, "title": title[:_TITLE_CHARS], "text": text} for key, (title, text) in articles.items())
    _write_lines(out / _ARTICLES, (json.dumps(row, ensure_ascii=False) for row in rows))
    _write_lines(out / "cases.jsonl", (case.model_dump_json(exclude_defaults=True) for case in whole.cases))
    fields = {"name": whole.name, "about": whole.about, "articles": [_ARTICLES], "asked_at": whole.asked_at}
    # a JSON string or list of strings is the same in TOML; last, so that a set cut off in writing is none
    _write_lines(out / HEAD, (f"{key} = {json.dumps(value)}" for key, value in fields.items()))
    return read_set(out)


def _write_lines(file: Path, lines: Iterable[str]) -> None:
    with file.open("w", encoding="utf-8", newline="\n") as stream:
        stream.writelines(f"{line}\n" for line in lines)
