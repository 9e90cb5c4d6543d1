"""The command line of the benchmarks."""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from eval.bench.errors import BenchError, DataMissingError
from eval.bench.growth import run_growth
from eval.bench.metrics import Section
from eval.bench.report import case_table, circumstances, figure_table, write_json
from eval.bench.retrieval import PARTS, Plan, run_parts
from index.errors import IndexingError
from service.cli.output import clean, console, stderr
from service.errors import ServiceError
from service.offline import force_offline
from service.settings import load_settings

__all__ = ["main"]

_DATA = Path("../shared/data")
_LIMIT = 600
_SIZES = (10_000, 100_000, 1_000_000)
_IDLE_LOAD = 0.7  # beside other work, two runs gave the bare encoder 67 and 40 passages a second, and ours 73 and 79
_INTERRUPTED = 130
_HELP = """Measure retrieval: quality on public sets, speed beside a peer and the bare encoder, and what filters cost.

examples:
  python -m eval.bench                                 everything, six minutes on two cores
  python -m eval.bench --part quality --limit 60       a first look
  python -m eval.bench growth --sizes 10000 100000     how the index grows
"""
_GROWTH_HELP = """Measure how the index grows: time, disk, memory, questions and recall at several sizes.

Vectors come recorded from the real model, one for each distinct sentence, so this measures the index, not the encoder.
A size that was measured already is not measured again; interrupt it at any time and go on later. A million sentences
take some gigabytes of memory and of the folder that TMPDIR names.

example:
  python -m eval.bench growth --sizes 10000 100000
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    force_offline()
    options = _parser().parse_args(argv)
    try:
        if not options.data.is_dir():
            raise DataMissingError(f"there is no folder {options.data}; name that of the question sets with --data")  # noqa: TRY301
        return int(options.run(options))
    except DataMissingError as exc:
        if options.data != _DATA:
            return _failed(exc)
        console().print(f"Skipped: there are no question sets in {_DATA}; name their folder with --data.")
        return 0
    except (BenchError, IndexingError, ServiceError) as exc:
        return _failed(exc)
    except KeyboardInterrupt:
        stderr().print("Interrupted; what was written is kept.")
        return _INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    kind = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(
        "python -m eval.bench", description=_HELP, formatter_class=kind, allow_abbrev=False
    )
    _common(parser, Path("data/bench/retrieval.json"), data=_DATA, limit=_LIMIT)
    parser.add_argument("--part", action="append", choices=PARTS, help="what to measure, several times (default: all)")
    parser.add_argument("--rounds", type=_positive, default=2, help="rounds of speed (default: %(default)s)")
    parser.add_argument(
        "--filter-sentences", type=_positive, default=100_000, help="size of the library for filters (default: 100000)"
    )
    parser.set_defaults(run=_retrieval)
    growth = parser.add_subparsers(title="commands").add_parser(
        "growth", help="measure how the index grows", description=_GROWTH_HELP, formatter_class=kind, allow_abbrev=False
    )
    # without defaults of its own, so that what stands before `growth` counts
    _common(growth, Path("data/bench/growth.json"), data=argparse.SUPPRESS, limit=argparse.SUPPRESS)
    growth.add_argument("--sizes", type=_positive, nargs="+", default=_SIZES, help="numbers of sentences")
    growth.add_argument("--again", action="store_true", help="measure sizes that were measured already, too")
    growth.set_defaults(run=_growth)
    return parser


def _common(parser: argparse.ArgumentParser, output: Path, *, data: Path | str, limit: int | str) -> None:
    parser.add_argument("--data", type=Path, default=data, help=f"folder of the question sets (default: {_DATA})")
    parser.add_argument("--limit", type=_positive, default=limit, help=f"most questions of a set (default: {_LIMIT})")
    parser.add_argument("--output", type=Path, default=output, help="where the JSON goes (default: %(default)s)")


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number} is not above 0")
    return number


def _retrieval(options: argparse.Namespace) -> int:
    settings = load_settings()
    plan = Plan(options.data, settings, options.limit, options.rounds, options.filter_sentences)
    parts = [name for name in PARTS if name in (options.part or PARTS)]
    asked = {"encoder": settings.encoder, "parts": parts, "limit": options.limit, "rounds": options.rounds}
    asked["filter_sentences"] = options.filter_sentences
    about = circumstances(asked)
    on_step = _progress()
    if (busy := about["machine"]["load"]) > _IDLE_LOAD:
        on_step(f"something else runs on this machine (load {busy}); trust no ratio of speed until it rests")
    sections: dict[str, Section] = {}
    for name, section in run_parts(plan, parts, on_step):
        sections[name] = section
        write_json(options.output, {**about, "sections": sections})
    _show(sections, "Retrieval", options.output)
    return 0


def _growth(options: argparse.Namespace) -> int:
    measured = run_growth(
        options.data,
        options.sizes,
        options.output,
        encoder=load_settings().encoder,
        limit=options.limit,
        again=options.again,
        on_step=_progress(),
    )
    _show(dict(measured), "Growth of the index; vectors recorded, only questions are encoded", options.output)
    return 0


def _show(sections: dict[str, Section], title: str, output: Path) -> None:
    by_case = {name: section for name, section in sections.items() if all(": " in figure for figure in section)}
    if others := {name: section for name, section in sections.items() if name not in by_case}:
        console().print(figure_table(others, title))
    for name, section in by_case.items():
        console().print(case_table(section, name))
    console().print(f"Written to {output}")


def _progress() -> Callable[[str], None]:
    began = time.monotonic()
    return lambda step: stderr().print(f"{time.monotonic() - began:6.0f} s  {step}")


def _failed(exc: Exception) -> int:
    sys.stderr.write(f"Error: {clean(str(exc))}\n")
    return 1
