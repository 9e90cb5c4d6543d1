"""Faults of a set that its form does not show: what no line is wrong about alone, or only beside its articles."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from eval.cases.model import Case, CaseSet, Span
from eval.metrics.normalise import holds, normalise
from index.articles import Article
from index.dates import utc_days
from index.sentences import split_sentences

__all__ = ["DERIVED", "problems"]

DERIVED = "derived"
"""A note that begins so says that the answer follows from the required spans without standing in them."""

_Articles = Mapping[str, Article]


def problems(case_set: CaseSet, articles: Iterable[Article]) -> list[str]:
    """Return what is wrong with the set, a line each with the case and the remedy; nothing for a clean one."""
    known = {article.id: article for article in articles}
    rules: Sequence[Callable[[Case, _Articles], Iterator[str]]] = (_outcome, _dates, _spans, _answers, _clashes)
    return [
        *_duplicates(case_set.cases),
        *(f"{case.id}: {fault}" for case in case_set.cases for rule in rules for fault in rule(case, known)),
        *_bad_dates([case_set.asked_at], "the set"),
    ]


def _duplicates(cases: Sequence[Case]) -> Iterator[str]:
    for case_id, times in Counter(case.id for case in cases).items():
        if times > 1:
            yield f"{case_id}: {times} cases have this id; give each its own"
    first: dict[object, str] = {}
    for case in cases:
        other = first.setdefault(_asked(case), case.id)
        if other != case.id:
            yield f"{case.id}: asks what {other} asks; change one of them or leave it out"


def _asked(case: Case) -> object:
    """Return all that a system is given of a case; case and white space of the question do not count."""
    return " ".join(case.question.casefold().split()), case.history, case.asked_at, case.filters.model_dump_json()


def _outcome(case: Case, _: _Articles) -> Iterator[str]:
    if case.outcome == "not_found" and (case.answers or case.required):
        yield "is to be refused, yet has answers or required spans; take them out or change the outcome"
    if case.outcome != "not_found" and not (case.answers or case.required):
        yield f"is to be {case.outcome}, yet has neither answers nor required spans; add what proves a right answer"
    if not all(case.answers) or not all(case.required):
        yield "has an empty group, which nothing can satisfy; take it out"


def _dates(case: Case, _: _Articles) -> Iterator[str]:
    yield from _bad_dates([case.asked_at] if case.asked_at else [], "the case")


def _bad_dates(dates: Iterable[str], whose: str) -> Iterator[str]:
    for value in dates:
        try:
            utc_days(value)
        except ValueError:
            yield f"asked_at of {whose} is {value!r}, which is no date; write 2024-05-02 or 2024-05-02T09:00:00Z"


def _spans(case: Case, articles: _Articles) -> Iterator[str]:
    for span in (*_required(case), *case.forbidden):
        article = articles.get(span.article)
        if article is None:
            yield f"the article {span.article!r} is not in the set; name its id, or its path below the set's articles"
        elif span.quote not in article.text:
            yield f"{span.quote!r} does not stand in {_shown(article)}; quote it as it is written there"


def _answers(case: Case, articles: _Articles) -> Iterator[str]:
    if case.note.startswith(DERIVED) or not case.required:
        return
    told = [normalise(_sentences(span, articles)) for span in _required(case)]
    for group in case.answers:
        if group and not any(holds(tokens, normalise(text)) for tokens in told for text in group):
            yield (
                f"none of {', '.join(map(repr, group))} stands in the sentences of the required spans; add the span "
                f"that says so, or begin the note with {DERIVED!r} where the answer follows from several"
            )


def _clashes(case: Case, articles: _Articles) -> Iterator[str]:
    for span in case.forbidden:
        if any(_overlap(span, other, articles) for other in _required(case)):
            yield f"{span.quote!r} is required and forbidden; keep it in one of the two"


def _required(case: Case) -> Iterator[Span]:
    return (span for group in case.required for span in group)


def _overlap(one: Span, other: Span, articles: _Articles) -> bool:
    (start, end), (first, last) = _place(one, articles), _place(other, articles)
    return one.article == other.article and max(start, first) < min(end, last)


def _place(span: Span, articles: _Articles) -> tuple[int, int]:
    """Return start and end of the quote; an empty place where it stands nowhere."""
    article = articles.get(span.article)
    start = article.text.find(span.quote) if article else -1
    return (start, start + len(span.quote)) if start >= 0 else (0, 0)


def _sentences(span: Span, articles: _Articles) -> str:
    """Return the text from the first to the last sentence that the quote touches; empty where it stands nowhere."""
    article, (start, end) = articles.get(span.article), _place(span, articles)
    if article is None or not end:
        return ""
    touched = [one for one in split_sentences(article.text, article.language) if one.start < end and start < one.end]
    return article.text[touched[0].start : touched[-1].end] if touched else ""


def _shown(article: Article) -> str:
    return article.source or article.id
