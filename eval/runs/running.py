"""Running a set: each case asked, searched for and scored, and written as soon as it is done."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass

from eval.cases.model import Case, CaseSet
from eval.runs.errors import RunError
from eval.runs.model import CaseError, CaseRecord
from eval.runs.scoring import score_case
from eval.runs.targets import SEARCHED, Target
from service.contract import Answer, AskIn, FiltersIn, SearchBody, SearchIn
from service.errors import ServiceError

__all__ = ["Pace", "run_cases"]


@dataclass(frozen=True)
class Pace:
    """How a set is run: each case `repeats` times, `concurrency` at once, given up after `timeout_s`."""

    repeats: int = 1
    concurrency: int = 1
    timeout_s: float = 300.0


async def run_cases(
    target: Target,
    case_set: CaseSet,
    done: set[tuple[str, int]],
    pace: Pace,
    on_record: Callable[[CaseRecord], None],
) -> None:
    """Run the cases that are not in `done`; `on_record` is given each as it ends."""
    todo = [
        (case, repeat) for repeat in range(pace.repeats) for case in case_set.cases if (case.id, repeat) not in done
    ]
    async for record in _in_parallel(target, case_set.asked_at, todo, pace):
        on_record(record)


async def _in_parallel(
    target: Target, asked_at: str, todo: Sequence[tuple[Case, int]], pace: Pace
) -> AsyncIterator[CaseRecord]:
    gate = asyncio.Semaphore(pace.concurrency)

    async def one(case: Case, repeat: int) -> CaseRecord:
        async with gate:
            return await _record(target, asked_at, case, repeat, pace.timeout_s)

    tasks = [asyncio.create_task(one(case, repeat)) for case, repeat in todo]
    try:
        for ended in asyncio.as_completed(tasks):
            yield await ended
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _record(target: Target, asked_at: str, case: Case, repeat: int, timeout_s: float) -> CaseRecord:
    """Ask one case. Whatever goes wrong is what became of it."""
    began, lacked = target.seconds(), target.lacks()
    answer: Answer | None = None
    search: SearchBody | None = None
    error: CaseError | None = None
    try:
        async with asyncio.timeout(timeout_s):
            answer = await target.ask(_request(case, asked_at))
            seconds = target.seconds() - began
            search = await target.search(_search(case, answer))
    except TimeoutError:
        error = CaseError(kind="timeout", detail=f"no answer within {timeout_s:g} s")
    except RunError as exc:
        error = CaseError(kind="http", detail=str(exc))
    except ServiceError as exc:
        error = CaseError(kind="service", detail=str(exc))
    if error is None and target.lacks() > lacked:
        error = CaseError(kind="miss", detail="a call of the model is not recorded")
    if error or answer is None:
        seconds = target.seconds() - began
        return CaseRecord(case=case, repeat=repeat, search=search, answer=None, error=error, seconds=seconds, scores={})
    scores = score_case(case, answer, search, target.articles, seconds=seconds)
    return CaseRecord(case=case, repeat=repeat, search=search, answer=answer, seconds=seconds, scores=scores)


def _request(case: Case, asked_at: str) -> AskIn:
    return AskIn(
        question=case.question,
        history=list(case.history),
        filters=case.filters,
        asked_at=case.asked_at or asked_at,
    )


def _search(case: Case, answer: Answer) -> SearchIn:
    """Return the search that retrieval is measured by: as the answer was searched for, but deeper."""
    filters: FiltersIn = case.filters
    if answer.window:
        dates = {"published_from": answer.window.published_from, "published_to": answer.window.published_to}
        filters = filters.model_copy(update=dates)
    return SearchIn(question=(answer.searched or [case.question])[0], filters=filters, **SEARCHED)
