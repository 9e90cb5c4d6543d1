"""Sets of questions, read: `set.toml`, beside it files of JSON lines with one case a line, and articles."""

import hashlib
import json
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from eval.cases.articles import article_names, load_articles, with_ids
from eval.cases.errors import SetFormatError, SetMissingError
from eval.cases.lines import explained, read_line_models, read_text
from eval.cases.model import Case, CaseSet
from index.articles import Article

__all__ = ["BUNDLED", "HEAD", "load_articles", "read_set", "set_fingerprint", "set_folder"]

HEAD = "set.toml"
"""The file that makes a folder a set."""

BUNDLED: Mapping[str, Path] = {"samples": Path(__file__).parent.parent / "sets"}
"""Folders of the sets that come with the project, by name."""

_REMEDY = "`pullquote eval schema` prints what a case looks like"


class _Head(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    name: str
    about: str
    articles: list[str]
    asked_at: str


def set_folder(path: str | Path) -> Path:
    """Return the folder of a set: `path` where it holds one, else the bundled set of that name.

    Raises SetMissingError where it is neither.
    """
    if (Path(path) / HEAD).is_file():
        return Path(path)
    if str(path) in BUNDLED:
        return BUNDLED[str(path)]
    names = ", ".join(BUNDLED)
    raise SetMissingError(f"{path}: is no set; name a folder with a {HEAD}, or a bundled set: {names}")


def read_set(path: str | Path) -> CaseSet:
    """Return the set in a folder, or the bundled set of that name, with cases in order of files and lines.

    Every `*.jsonl` beside `set.toml` that is not one of the set's articles holds cases. In spans, names of files become
    the articles' ids. Raises SetMissingError for what is not there, SetFormatError naming file, line and field.
    """
    folder = set_folder(path)
    head = _read_head(folder / HEAD)
    articles = {(folder / entry).resolve() for entry in head.articles}
    files = [file for file in sorted(folder.glob("*.jsonl")) if file.resolve() not in articles]
    names = article_names(head.articles, folder)
    cases = [
        with_ids(case, names, f"{file}, case {case.id}")
        for file in files
        for case in read_line_models(file, Case, _REMEDY)
    ]
    if not cases:
        raise SetMissingError(f"{folder}: holds no case; write one a line into a file that ends in .jsonl")
    return CaseSet(**head.model_dump(exclude={"articles"}), articles=tuple(head.articles), cases=tuple(cases))


def set_fingerprint(case_set: CaseSet, articles: Sequence[Article]) -> str:
    """Return the SHA-256, in hexadecimal, of what runs must share to be compared: cases, moment of asking, articles.

    The order of cases and articles does not count, nor do notes, the set's name and what is said about it.
    """
    asked = [case.model_dump(mode="json", exclude={"note"}, exclude_defaults=True) for case in case_set.cases]
    stored = sorted((article.id, article.version, article.meta_version) for article in articles)
    cases = sorted(asked, key=lambda case: str(case["id"]))
    whole = json.dumps([case_set.asked_at, cases, stored], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(whole.encode()).hexdigest()


def _read_head(file: Path) -> _Head:
    try:
        return _Head.model_validate(tomllib.loads(read_text(file)))
    except tomllib.TOMLDecodeError as exc:
        raise SetFormatError(f'{file}: is not TOML ({exc}); write lines of `name = "value"`') from exc
    except ValidationError as exc:
        raise SetFormatError(
            f"{file}: {explained(exc)}; it has name, about, articles (a list) and asked_at, and nothing else"
        ) from exc
