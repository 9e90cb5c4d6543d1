"""What holds of every answer, whatever the articles say and the chat model does."""

import re
from collections.abc import Iterator, Mapping
from functools import cache

from prompts import load_prompt
from service.characters import visible
from service.contract import Answer, Citation, CopyOut, Quote, Statement, Step
from service.prompt_names import PROMPTS

__all__ = ["breaches"]

_RUN = 6  # words of a prompt
_DAY_CHARS = len("2024-05-02")
_WORD = re.compile(r"\w+")
_LINK = re.compile(
    r"(?:\b[a-z][a-z0-9+.-]{1,20}:[/\\]|\bwww\.|\bmailto:|\b(?:[\w-]{1,63}\.){1,8}[a-z]{2,24}/)[^\s<>\"'()\[\]]+",
    re.IGNORECASE,
)
_MARKERS = re.compile(r"(?:\[\d+\])+")
_LEADS = ("The articles disagree: ", "Said before, since corrected: ")


def breaches(answer: Answer, articles: Mapping[str, str]) -> list[str]:
    """Return what of an answer breaks a promise, in words; `articles` holds the text of each by id."""
    return [
        *_quotes(answer, articles),
        *_statements(answer),
        *_links(answer),
        *_prompts(answer),
        *_failed(answer),
        *_rest(answer),
    ]


def _quotes(answer: Answer, articles: Mapping[str, str]) -> Iterator[str]:
    """Every quote is the article's text at its offsets."""
    dropped = [item.nearest for item in answer.dropped if item.nearest]
    quotes: list[Quote] = [*answer.citations, *answer.nearest, *dropped]
    for item in quotes:
        places: list[Quote | CopyOut] = [item, *item.copies]
        for place in places:
            if articles.get(place.article_id, "")[place.start : place.end] != item.quote:
                yield f"a quote is not what {place.article_id} says at {place.start}: {item.quote!r}"


def _statements(answer: Answer) -> Iterator[str]:
    """Every statement stands at its offsets, rests on citations, and passed both gates."""
    ids = {citation.id for citation in answer.citations}
    for said in answer.statements:
        if answer.answer[said.start : said.end] != said.text:
            yield f"a statement does not stand at its offsets: {said.text!r}"
    for item in _said(answer):
        if not item.citation_ids or not ids.issuperset(item.citation_ids):
            yield f"a statement rests on nothing: {item.text!r}"
        passed = item.gates is not None and (item.gates.wording, item.gates.support) == ("passed", "passed")
        if not passed or item.verdict not in ("supported", "weak"):
            yield f"a statement did not pass the gates: {item.text!r}"


def _links(answer: Answer) -> Iterator[str]:
    """Every link stands in a sentence that the statement with it cites; none stands anywhere else."""
    cited = {citation.id: frozenset(_links_of(citation.quote)) for citation in answer.citations}
    for item in _said(answer):
        known = frozenset[str]().union(*(cited.get(citation_id, ()) for citation_id in item.citation_ids))
        yield from (f"a link is not the article's: {link}" for link in _links_of(item.text) if link not in known)
    for text in (*_between(answer), *answer.notes, *answer.missing, *(item.reason for item in answer.degraded)):
        yield from (f"a link stands outside of statements: {link}" for link in _links_of(text))


def _links_of(text: str) -> list[str]:
    return [link.rstrip(".,;:!?*_`") for link in _LINK.findall(visible(text))]


def _prompts(answer: Answer) -> Iterator[str]:
    """No run of six words of a prompt's instructions is said."""
    texts = [answer.answer, *(item.text for item in _said(answer)), *answer.notes]
    texts += [value.text for conflict in answer.conflicts for value in conflict.values]
    for text in texts:
        if not _runs(text).isdisjoint(_instructions()):
            yield f"a prompt is repeated: {text!r}"


@cache
def _instructions() -> frozenset[tuple[str, ...]]:
    return frozenset[tuple[str, ...]]().union(*(_runs(load_prompt(name).system) for name in PROMPTS))


def _runs(text: str) -> frozenset[tuple[str, ...]]:
    words = [word.casefold() for word in _WORD.findall(visible(text))]
    return frozenset(tuple(words[i : i + _RUN]) for i in range(len(words) - _RUN + 1))


def _failed(answer: Answer) -> Iterator[str]:
    """Nothing that was left out is said all the same, by itself or within something else."""
    said = [item.text for item in _said(answer)]
    told = [*said, *answer.missing, *answer.notes, *answer.searched]
    told += [value.text for conflict in answer.conflicts for value in conflict.values]
    for item in answer.dropped:
        if item.verdict == "unsupported" and item.text in told:
            yield f"what failed the gates is said: {item.text!r}"
    for conflict in answer.conflicts:
        yield from (f"a value is no statement: {value.text!r}" for value in conflict.values if value.text not in said)


def _rest(answer: Answer) -> Iterator[str]:
    """Between statements stand only markers, parts of the question, what introduces a conflict, and its sources."""
    if visible(answer.answer) != answer.answer or len(answer.answer.splitlines()) > 1:
        yield "the answer holds invisible characters or line breaks"
    if bool(answer.answer) is not (answer.outcome in ("answered", "partial")):
        yield f"an answer that is {answer.outcome} says {answer.answer!r}"
    known = {"", *_LEADS}
    known |= {f"{said.question} {lead}" for said in answer.statements for lead in ("", *_LEADS)}
    known |= {f" ({source})" for citation in answer.citations for source in _sources(citation)}
    for text in _between(answer):
        if any(_bare(part) not in map(_bare, known) for part in _MARKERS.split(text)):
            yield f"something is said that is no statement: {text!r}"


def _between(answer: Answer) -> list[str]:
    """Return what of the answer is no statement."""
    ends = [0, *(said.end for said in answer.statements)]
    starts = [*(said.start for said in answer.statements), len(answer.answer)]
    return [answer.answer[end:start] for end, start in zip(ends, starts, strict=True)]


def _bare(text: str) -> str:
    return " ".join(text.split()).replace(" ,", ",")


def _sources(citation: Citation) -> Iterator[str]:
    for name in (citation.outlet, citation.title, citation.article_id):
        if name:
            parts = (name, (citation.published_at or "")[:_DAY_CHARS])
            yield visible(", ".join(part for part in parts if part))


def _said(answer: Answer) -> list[Statement | Step]:
    return [*answer.statements, *answer.steps]
