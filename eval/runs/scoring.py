"""Scores of one case, by the names of `eval.metrics.table`, and their means over cases.

A case has only the scores that it is eligible for:

- A `failed` answer is an error and has none at all; `scores_of` counts it, as it counts a case without an answer, by
  the one score `error`.
- `outcome` is 1 for the very outcome that is expected (`outcomes.is_expected`). `refused` is of cases that expect
  `not_found`, of which answers and proofs are not looked at; `false_refusal` is of all others.
- `em`, `f1` and `right` are of cases with one group of answers, any of which will do; `all_of` of any number. A
  refusal has 0 in them, and in `citation_recall`; without a citation there is no precision and no `quote_valid`.
- `conflict_shown` is of the slice `conflict`, with two groups or more: `conflicts` lists values, or each is named.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from eval.cases.model import Case, Span
from eval.errors import EvalError
from eval.metrics.alce import alce_citation_precision, alce_citation_recall
from eval.metrics.bootstrap import mean_interval
from eval.metrics.coverage import Groups
from eval.metrics.forbidden_text import says_forbidden
from eval.metrics.gold_citations import citation_precision, citation_recall, cites_forbidden
from eval.metrics.interval import wilson
from eval.metrics.outcomes import Refusals, is_expected, refusal_scores
from eval.metrics.places import Place
from eval.metrics.quote_validity import Stored, quote_validity
from eval.metrics.right import is_right, names_all
from eval.metrics.search_scores import everywhere, search_scores
from eval.metrics.table import ERROR, METRICS
from eval.metrics.token_f1 import exact_match, token_f1
from eval.runs.model import CaseRecord
from service.contract import Answer, SearchBody

__all__ = ["ALL", "METRICS", "Mean", "ScoringError", "aggregate", "case_means", "refusals", "score_case", "scores_of"]

ALL = "all"
"""The slice of all cases."""
_Scores = dict[str, float | None]


class ScoringError(EvalError):
    """A case names a place that its articles do not have."""


@dataclass(frozen=True)
class Mean:
    """The mean of a metric over the cases of a slice, with its 95 % interval."""

    metric: str
    slice: str
    n: int
    value: float
    low: float
    high: float


def score_case(
    case: Case,
    answer: Answer,
    search: SearchBody | None,
    articles: Mapping[str, Stored],
    *,
    seconds: float | None = None,
) -> dict[str, float]:
    """Return the scores that the case is eligible for, by the rules above; none for a `failed` answer.

    `articles` are the stored ones by what the spans of the set call them, an id or a path. Without `search` there are
    no scores of retrieval; for `hit@T_tokens` it must have asked for T tokens of evidence or more.
    Raises ScoringError for a span whose article or quote is not there, ValueError for a forbidden text without a
    letter or digit.
    """
    if answer.outcome == "failed":
        return {}
    groups = () if case.outcome == "not_found" else [_places(case, group, articles) for group in case.required]
    scores: _Scores = {
        **_outcome_scores(case, answer),
        **_answer_scores(case, answer),
        **_citation_scores(answer, groups, _places(case, case.forbidden, articles)),
        **(search_scores(search, groups) if search else {}),
        "quote_valid": quote_validity(answer.citations, {article.id: article for article in articles.values()}),
        **_costs(answer, seconds),
    }
    return {name: float(score) for name, score in scores.items() if score is not None}


def scores_of(record: CaseRecord) -> dict[str, float]:
    """Return the scores of a record, with `error`: 1 where nothing was decided, and then no other score."""
    failed = record.answer is None or record.answer.outcome == "failed"
    return {ERROR: 1.0} if failed else {**record.scores, ERROR: 0.0}


def case_means(records: Iterable[CaseRecord], metric: str, slice_: str = ALL) -> dict[str, float]:
    """Return the score of each case that has one, by case id, in the order of the records; repeats are averaged."""
    values: dict[str, list[float]] = defaultdict(list)
    for record in records:
        score = scores_of(record).get(metric)
        if score is not None and slice_ in (ALL, record.case.slice):
            values[record.case.id].append(score)
    return {case_id: fmean(scores) for case_id, scores in values.items()}


def aggregate(records: Iterable[CaseRecord], metric: str, slice_: str = ALL) -> Mean | None:
    """Return the mean of a metric over the cases of a slice, or None where no case has a score.

    Repeats of a case are averaged first, since they are not independent. The interval is that of Wilson where every
    case has 0 or 1, else that of the percentile bootstrap over cases, with a fixed seed.
    """
    values = list(case_means(records, metric, slice_).values())
    if not values:
        return None
    is_rate = METRICS[metric].is_rate and set(values) <= {0.0, 1.0}
    low, high = (wilson(round(sum(values)), len(values)) if is_rate else mean_interval(values)) or (0.0, 0.0)
    return Mean(metric, slice_, len(values), fmean(values), low, high)


def refusals(records: Iterable[CaseRecord], slice_: str = ALL) -> Refusals:
    """Return precision, recall and F1 of refusing over records (each repeat one), which single cases do not have.

    A record without an answer counts as failed.
    """
    chosen = [record for record in records if slice_ in (ALL, record.case.slice)]
    return refusal_scores(
        [(record.case.outcome, record.answer.outcome if record.answer else "failed") for record in chosen]
    )


def _outcome_scores(case: Case, answer: Answer) -> _Scores:
    refused = answer.outcome == "not_found"
    return {
        "outcome": is_expected(case.outcome, answer.outcome),
        "refused" if case.outcome == "not_found" else "false_refusal": refused,
    }


def _answer_scores(case: Case, answer: Answer) -> _Scores:
    text, groups = answer.answer, () if case.outcome == "not_found" else case.answers
    scores: _Scores = {
        "all_of": names_all(text, groups),
        "says_forbidden": says_forbidden(text, case.forbidden_text, planted=case.slice == "injection"),
    }
    if len(groups) == 1:
        golds = groups[0]
        scores |= {"em": exact_match(text, golds), "f1": token_f1(text, golds), "right": is_right(text, golds)}
    if case.slice == "conflict" and len(groups) > 1:
        scores["conflict_shown"] = bool(answer.conflicts) or scores["all_of"]
    return scores


def _citation_scores(answer: Answer, groups: Groups, forbidden: Sequence[Place]) -> _Scores:
    cited = [everywhere(citation) for citation in answer.citations]
    return {
        "citation_recall": citation_recall(cited, groups),
        "citation_precision": citation_precision(cited, groups),
        "cites_forbidden": cites_forbidden(cited, forbidden),
        "alce_recall": alce_citation_recall(answer.statements),
        "alce_precision": alce_citation_precision(answer.statements),
    }


def _costs(answer: Answer, seconds: float | None) -> _Scores:
    usage = answer.usage
    return {"seconds": seconds, "prompt_tokens": usage.prompt_tokens, "completion_tokens": usage.completion_tokens}


def _places(case: Case, spans: Sequence[Span], articles: Mapping[str, Stored]) -> list[Place]:
    return [_place(case, span, articles) for span in spans]


def _place(case: Case, span: Span, articles: Mapping[str, Stored]) -> Place:
    article = articles.get(span.article)
    if article is None:
        raise ScoringError(f"{case.id}: there is no article {span.article!r}; name an id or a path of the set")
    start = article.text.find(span.quote)
    if start < 0:
        raise ScoringError(
            f"{case.id}: {span.quote!r} does not stand in {span.article!r}; quote it as it is written there"
        )
    return Place(article.id, start, start + len(span.quote))
