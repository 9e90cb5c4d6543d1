"""What `pullquote eval run` does."""

import asyncio
import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

from rich.table import Table

from eval.bench.data import evenly
from eval.bench.machine import machine, versions
from eval.cases import Case, CaseSet, load_articles, read_set, set_fingerprint, set_folder
from eval.recording import Recorder, Replayed
from eval.records import Records
from eval.runs.errors import RunError
from eval.runs.files import RunFile, read_run
from eval.runs.model import CaseRecord, Mode, Run, RunHeader
from eval.runs.progress import shown
from eval.runs.running import Pace, run_cases
from eval.runs.searches import Searches
from eval.runs.summary import summary_table
from eval.runs.targets import Target, in_process, over_http
from index import Article
from prompts import load_prompt
from service.answering import Search
from service.chat.factory import make_chat
from service.prompt_names import PROMPTS
from service.settings import Settings, load_settings

__all__ = ["Ended", "Options", "run_set"]

_SEED = 2022
_TOLD = (
    "chat_model", "encoder", "encoder_dtype", "reranker", "verifier", "evidence_tokens", "support_threshold",
    "max_answer_tokens", "local_threads",
)  # fmt: skip


@dataclass(frozen=True)
class Options:
    """What was asked for on the command line."""

    set_name: str
    out: Path
    mode: str = "live"
    url: str | None = None
    token: str | None = None
    recordings: Path | None = None
    slices: tuple[str, ...] = ()
    limit: int | None = None
    repeats: int = 1
    concurrency: int = 1
    timeout_s: float = 300.0


@dataclass(frozen=True)
class Ended:
    """What a run came to: figures, what should be known besides, and the cases that recordings lack."""

    table: Table
    notes: tuple[str, ...]
    missed: tuple[str, ...]


def run_set(options: Options) -> Ended:
    """Run a set as asked, and write the run. Raises EvalError, IndexingError, ServiceError and KeyboardInterrupt."""
    asyncio.run(_run(_plan(options)))
    run = read_run(options.out)
    return Ended(summary_table(run), tuple(_notes(run)), _missed(run))


@dataclass(frozen=True)
class _Plan:
    """What is to be run, read and checked."""

    options: Options
    mode: Mode
    settings: Settings
    folder: Path
    case_set: CaseSet
    articles: Sequence[Article]
    fingerprint: str

    def header(self, index: Mapping[str, str | int | float | None]) -> RunHeader:
        """Return the head of the run file; of a server, models, settings and prompts are told by its answers."""
        own = self.mode != "http"
        settings = self.settings
        return RunHeader(
            name=self.options.out.stem,
            started_at=datetime.now(UTC).isoformat(timespec="seconds"),
            set=self.case_set.name,
            set_fingerprint=self.fingerprint,
            n_cases=len(self.case_set.cases),
            repeats=self.options.repeats,
            mode=self.mode,
            target=self.options.url or "in process",
            settings=_told(settings) if own else {},
            model={"chat": settings.chat_model, "encoder": settings.encoder} if own else {},
            prompts={name: load_prompt(name).fingerprint for name in PROMPTS} if own else {},
            index=dict(index),
            versions=versions(),
            machine=machine(),
            commit=_commit(),
            seed=_SEED,
        )


def _plan(options: Options) -> _Plan:
    mode, folder = _mode(options), set_folder(options.set_name)
    whole = read_set(options.set_name)
    articles = load_articles(whole, folder)
    # float32 is alike on every processor, which recorded evidence has to be
    settings = load_settings().model_copy(update={"encoder_dtype": "float32"})
    chosen = whole.model_copy(update={"cases": _chosen(whole, options)})
    return _Plan(options, mode, settings, folder, chosen, articles, set_fingerprint(whole, articles))


def _mode(options: Options) -> Mode:
    """Return the mode. Raises RunError for one that does not exist, or does not go with a server."""
    if options.url:
        if options.mode != "live":
            raise RunError(f"--mode {options.mode} is for this process; a server has its own model, so leave it out")
        return "http"
    for mode in get_args(Mode):
        if mode == options.mode != "http":
            found: Mode = mode
            return found
    raise RunError(f"there is no mode {options.mode!r}; take live, replay, mixed or record")


def _chosen(case_set: CaseSet, options: Options) -> tuple[Case, ...]:
    cases = [case for case in case_set.cases if not options.slices or case.slice in options.slices]
    if not cases:
        raise RunError(f"{case_set.name} has no case in {', '.join(options.slices)}; leave --slice out to run all")
    return tuple(evenly(cases, options.limit) if options.limit else cases)


async def _run(plan: _Plan) -> None:
    if plan.mode == "http":
        await _run_over_http(plan)
    else:
        await _run_in_process(plan)


async def _run_over_http(plan: _Plan) -> None:
    options = plan.options
    ids = [article.id for article in plan.articles]
    async with over_http(options.url or "", ids, options.token, options.timeout_s) as server:
        await _drive(server, plan, {})


async def _run_in_process(plan: _Plan) -> None:
    store = plan.options.recordings or plan.folder / "recordings"
    fixed, recorded = plan.mode in ("replay", "mixed"), plan.mode != "live"
    calls = Records(store / "calls.jsonl" if recorded else None, fixed=fixed)
    searches = Records(store / "searches.jsonl" if recorded else None, fixed=fixed)
    by_id = {article.id: article for article in plan.articles}
    chat = Replayed(plan.settings.chat_model) if fixed else make_chat(plan.settings)
    recorder = Recorder(chat, calls, time.perf_counter)

    def through(search: Search) -> Search:
        return Searches(search, by_id, searches, replay=plan.mode == "replay") if recorded else search

    async with in_process(plan.settings, plan.articles, recorder, through, replayed=fixed) as desk:
        went_on = await _drive(desk, plan, desk.manifest)
    # what a run asked before it was interrupted is not asked again, and is needed all the same
    if plan.mode == "record" and not (went_on or plan.options.slices or plan.options.limit):
        calls.prune()
        searches.prune()


async def _drive(target: Target, plan: _Plan, index: Mapping[str, str | int | float | None]) -> bool:
    """Ask what is not in the run file yet; return whether there was anything in it."""
    options, cases = plan.options, plan.case_set.cases
    file = RunFile(options.out, plan.header(index))
    went_on = bool(file.done)
    pace = Pace(options.repeats, options.concurrency, options.timeout_s)
    try:
        with shown(len(cases) * options.repeats, len(file.done)) as advance:

            def on_record(record: CaseRecord) -> None:
                file.add(record)
                advance(record)

            await run_cases(target, plan.case_set, file.done, pace, on_record)
    finally:
        file.close()
    return went_on


def _told(settings: Settings) -> dict[str, str | int | float | bool | None]:
    """Return the settings that answers depend on; none of them holds a key."""
    return {
        name: value if isinstance(value, int | float) else str(value) if value is not None else None
        for name, value in ((name, getattr(settings, name)) for name in _TOLD)
    }


def _notes(run: Run) -> list[str]:
    degraded = sum(bool(record.answer and record.answer.degraded) for record in run.records)
    errors = [record for record in run.records if record.error and record.error.kind != "miss"]
    notes = [f"{degraded} answers are degraded; the run file says how"] if degraded else []
    if errors:
        first = errors[0].error
        notes.append(f"{len(errors)} cases ended in an error, such as: {first.detail if first else ''}")
    return notes


def _missed(run: Run) -> tuple[str, ...]:
    return tuple(sorted({record.case.id for record in run.records if record.error and record.error.kind == "miss"}))


def _commit() -> str | None:
    """Return the commit of the sources, None outside of a repository."""
    try:
        found = subprocess.run(  # noqa: S603  (fixed words)
            ["git", "-C", os.fspath(Path(__file__).parent), "rev-parse", "HEAD"],  # noqa: S607
            capture_output=True, text=True, check=False, timeout=5,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return None
    return found.stdout.strip() or None
