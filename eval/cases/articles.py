"""The articles of a set, as `pullquote add` would store them, and the names by which cases speak of them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from eval.cases.errors import SetFormatError, SetMissingError
from eval.cases.model import Case, CaseSet, Span
from index.articles import Article
from index.reading import Failed, Read, read_articles

__all__ = ["article_names", "load_articles", "with_ids"]

_MAX_BYTES = 5_000_000
_LINES = (".jsonl", ".ndjson")


def load_articles(case_set: CaseSet, folder: Path) -> list[Article]:
    """Return all articles of the set in `folder`, with the ids that `pullquote add` gives them, in order of files.

    Raises SetMissingError for a file or folder that is not there, SetFormatError for an article that is refused, or
    for two of one id.
    """
    articles = [article for entry in case_set.articles for article in _read(folder / entry)]
    ((article_id, times),) = Counter(article.id for article in articles).most_common(1) or [("", 0)]
    if times > 1:
        places = ", ".join(article.source or "?" for article in articles if article.id == article_id)
        raise SetFormatError(
            f"{folder}: {times} articles have the id {article_id} ({places}); give each an `id` or a `url` of its own"
        )
    return articles


def article_names(entries: Iterable[str], folder: Path) -> dict[str, set[str]]:
    """Return which ids each path below an entry of articles stands for: one, unless two entries hold that path.

    Articles in JSON lines have no path of their own; they are named by id. Raises as `load_articles` does.
    """
    names: dict[str, set[str]] = {}
    for entry in entries:
        root = (folder / entry).resolve()
        if root.suffix.lower() in _LINES:
            continue
        for article in _read(root):
            file = Path(article.source or "")
            name = file.name if root.is_file() else file.relative_to(root).as_posix()
            names.setdefault(name, set()).add(article.id)
    return names


def with_ids(case: Case, names: Mapping[str, set[str]], place: str) -> Case:
    """Return the case with ids in place of names of files; what is no such name stays.

    Raises SetFormatError, naming `place`, for a name that stands for two articles.
    """
    required = tuple(tuple(_with_id(span, names, place) for span in group) for group in case.required)
    forbidden = tuple(_with_id(span, names, place) for span in case.forbidden)
    return case.model_copy(update={"required": required, "forbidden": forbidden})


def _with_id(span: Span, names: Mapping[str, set[str]], place: str) -> Span:
    ids = names.get(span.article, {span.article})
    if len(ids) > 1:
        raise SetFormatError(
            f"{place}: {span.article} stands in several folders of articles; name the article by its id instead, "
            f"one of {', '.join(sorted(ids))}"
        )
    return span.model_copy(update={"article": next(iter(ids))})


def _read(path: Path) -> Iterator[Article]:
    if not path.exists():
        raise SetMissingError(f"{path}: there are no articles; correct `articles` in set.toml")
    for found in read_articles(path, max_bytes=_MAX_BYTES):
        if isinstance(found, Failed):
            raise SetFormatError(f"{found.reason} (an article of the set)")
        if isinstance(found, Read):
            yield found.article
