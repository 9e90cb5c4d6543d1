"""What a filter costs: the same questions with and without, over a grown library, by turns."""

import time
from collections.abc import Sequence
from datetime import timedelta

from eval.bench.metrics import Figure, Section, percentile, ratio
from eval.bench.synthetic import FIRST_DAY, N_DAYS
from index import Filters, Library

__all__ = ["CASES", "UNFILTERED", "filter_latency", "window"]

UNFILTERED = "no filter"
_WARM_UP = 5


def window(share: float) -> Filters:
    """Return the window of dates that admits such a share of the synthetic articles."""
    end = FIRST_DAY + timedelta(days=round(N_DAYS * share))
    return Filters(published_from=FIRST_DAY.isoformat(), published_to=end.isoformat())


CASES = {
    UNFILTERED: Filters(),
    "outlet, 50 %": Filters(outlets=("outlet half",)),
    "outlet, 10 %": Filters(outlets=("outlet tenth",)),
    "outlet, 1 %": Filters(outlets=("outlet hundredth",)),
    "author, 50 %": Filters(authors=("author half",)),
    "author, 10 %": Filters(authors=("author tenth",)),
    "author, 1 %": Filters(authors=("author hundredth",)),
    "language, 10 %": Filters(languages=("de",)),
    "language, 1 %": Filters(languages=("fr",)),
    "dates, 50 %": window(0.5),
    "dates, 10 %": window(0.1),
    "dates, 1 %": window(0.01),
    "one article": Filters(article_ids=("synthetic:0",)),
}
"""What is filtered by, and how much of all articles it admits."""


def filter_latency(library: Library, questions: Sequence[str]) -> Section:
    """Return p50 and p95 of each of CASES, the share of articles admitted, and p95 over that without a filter.

    Figures are named "case: what".
    """
    times: dict[str, list[float]] = {name: [] for name in CASES}
    admitted: dict[str, float] = {}
    for question in questions[:_WARM_UP]:
        for filters in CASES.values():
            library.search([question], filters=filters)
    for question in questions:
        for name, filters in CASES.items():
            began = time.perf_counter()
            found = library.search([question], filters=filters)
            times[name].append((time.perf_counter() - began) * 1_000)
            admitted[name] = found.articles_searched / max(1, found.articles_in_all)
    section: Section = {}
    for name, taken in times.items():
        p95, without = percentile(taken, 95), percentile(times[UNFILTERED], 95)
        section[f"{name}: admitted"] = Figure(admitted[name], found.articles_in_all, "share")
        section |= {
            f"{name}: p50": percentile(taken, 50),
            f"{name}: p95": p95,
            f"{name}: p95 ratio": ratio(p95, without),
        }
    return section
