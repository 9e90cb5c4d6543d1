"""The command line that measures answers over one set."""

import argparse
import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import TypeVar

from eval.bench.data import evenly
from eval.bench.errors import DataMissingError
from eval.bench.metrics import Section
from eval.bench.report import figure_table
from eval.measure.asking import Asked, ask_all
from eval.measure.cases import MeasureSet
from eval.measure.loaders import LOADERS
from eval.measure.rewriting import rewrite_all, score_rewritten
from eval.measure.samples import load_samples
from eval.measure.scores import SCORES
from eval.measure.usual import ask_usually, score_usual
from eval.measure.verifying import score_verified, verify_all
from eval.recording import Recorder
from eval.records import Records
from index.errors import IndexingError
from service.chat.factory import make_chat
from service.cli.output import console, stderr
from service.errors import ServiceError
from service.offline import force_offline
from service.settings import Settings, load_settings

__all__ = ["main"]

_T = TypeVar("_T")
_DATA = Path("../shared/data")
_TELL = 10
_HELP = """Measure answers over one set, with every model call recorded: what was asked once is not asked again, so that
an interrupted run goes on where it was, and scoring anew is free.

examples:
  python -m eval.measure squad                 the 200 questions that are reported, a quarter of an hour
  python -m eval.measure squad --part tune     those that thresholds and prompts are chosen on
  python -m eval.measure samples               the project's own questions
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    force_offline()
    options = _parser().parse_args(argv)
    try:
        measured = _load(options)
        settings = load_settings()
        section = asyncio.run(_measure(settings, measured, options))
    except DataMissingError as exc:
        console().print(f"Skipped: {exc}")
        return 0
    except (IndexingError, ServiceError) as exc:
        stderr().print(str(exc))
        return 1
    except KeyboardInterrupt:
        stderr().print("Interrupted; what was asked is recorded, the same command goes on.")
        return 130
    console().print(figure_table({options.set: section}, f"{_way(options)}, {options.part}"))
    return 0


def _way(options: argparse.Namespace) -> str:
    return "the usual prompt" if options.usual else "answers"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m eval.measure", description=_HELP, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("set", choices=[*LOADERS, "samples"])
    parser.add_argument("--part", choices=["report", "tune"], default="report")
    parser.add_argument("--data", type=Path, default=_DATA, help="folder of the question sets")
    parser.add_argument("--out", type=Path, default=Path("data/measure"), help="folder of records and results")
    parser.add_argument("--usual", action="store_true", help="ask the usual way: one plain call, four passages")
    parser.add_argument("--thorough", action="store_true", help="ask the verifier all it can, to calibrate it")
    parser.add_argument("--limit", type=int, help="ask only so many, spread evenly over the set")
    return parser


def _load(options: argparse.Namespace) -> MeasureSet:
    measured = load_samples() if options.set == "samples" else LOADERS[options.set](options.data, options.part)
    cases = measured.cases
    if options.limit:
        cases = tuple(evenly(cases, options.limit))
    return MeasureSet(measured.name, measured.documents, cases)


async def _measure(settings: Settings, measured: MeasureSet, options: argparse.Namespace) -> Section:
    recorder = Recorder(make_chat(settings), Records(options.out / "calls.jsonl"), time.perf_counter)
    try:
        if options.usual:
            return score_usual(await _all(ask_usually(settings, measured, recorder), measured, recorder))
        if options.set == "rewriting":
            return score_rewritten(await _all(rewrite_all(measured, recorder), measured, recorder))
        if options.set == "support":
            return score_verified(await _all(verify_all(settings, measured, recorder), measured, recorder))
        asked = await _all(ask_all(settings, measured, recorder, thorough=options.thorough), measured, recorder)
        _write(options.out / f"{options.set}.{options.part}.jsonl", asked)
        return SCORES[options.set](asked)
    finally:
        await recorder.close()


async def _all(items: AsyncIterator[_T], measured: MeasureSet, recorder: Recorder) -> list[_T]:
    """Return all items, telling how far it is."""
    done: list[_T] = []
    async for item in items:
        done.append(item)
        if sys.stderr.isatty() or len(done) % _TELL == 0:
            stderr().print(f"{len(done)} of {len(measured.cases)}, {recorder.asked} calls made")
    return done


def _write(file: Path, asked: Sequence[Asked]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    rows = (
        {"id": item.case.id, "seconds": round(item.seconds, 3), "answer": item.answer.model_dump()} for item in asked
    )
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
