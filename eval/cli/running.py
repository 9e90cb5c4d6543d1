"""`pullquote eval run`."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from eval.cli.output import eval_errors_shown
from service.cli.output import console, fail, stderr

__all__ = ["register"]

MISSED = 3
"""Exit code where a replay lacks recordings."""

_NAMED = 20


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command()(run)


def run(
    set_name: Annotated[str, typer.Argument(metavar="SET", help="Folder with a set.toml, or a bundled set: samples.")],
    out: Annotated[Path | None, typer.Option(help="File of the run; one that exists is gone on with.")] = None,
    mode: Annotated[str, typer.Option(help="live, replay, mixed, record.")] = "live",
    url: Annotated[str | None, typer.Option(help="Ask the server there instead of this process.")] = None,
    token: Annotated[
        str | None, typer.Option(help="Access token of that server.", envvar="PULLQUOTE_EVAL_TOKEN")
    ] = None,
    recordings: Annotated[
        Path | None, typer.Option(help="Folder of recordings; default: recordings in the set.")
    ] = None,
    slices: Annotated[list[str] | None, typer.Option("--slice", help="Only this slice; may be repeated.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Only so many cases, spread evenly.")] = None,
    repeat: Annotated[int, typer.Option(min=1, help="Ask each case so often, to see the model's own noise.")] = 1,
    concurrency: Annotated[int, typer.Option(min=1, help="Cases in work at once.")] = 1,
    timeout: Annotated[float, typer.Option(min=0.1, help="Seconds until a case is given up.")] = 300.0,
) -> None:
    """Ask all questions of a set and score the answers.

    Modes: `live` asks the models; `replay` takes evidence and answers from recordings; `mixed` retrieves anew and takes
    recorded answers where the evidence is the same; `record` does so and asks the model for what misses. Ends with 3
    where recordings miss. Interrupt it at any time; the same command with the same --out goes on.

    Example: `pullquote eval run samples --out runs/today.jsonl`
    """
    from eval.runs.command import Options, run_set  # noqa: PLC0415

    out = out or Path("data/eval") / f"{Path(set_name).name}-{datetime.now(UTC):%Y%m%d-%H%M%S}.jsonl"
    options = Options(
        set_name, out, mode, url, token, recordings, tuple(slices or ()), limit, repeat, concurrency, timeout
    )
    with eval_errors_shown():
        ended = run_set(options)
    console().print(ended.table)
    for line in ended.notes:
        stderr().print(line, style="yellow")
    console().print(f"written to {out}")
    if ended.missed:
        more = f" and {len(ended.missed) - _NAMED} more" if len(ended.missed) > _NAMED else ""
        fail(
            f"{len(ended.missed)} cases are not recorded as they are asked now: "
            f"{', '.join(ended.missed[:_NAMED])}{more}; "
            "`make eval-record` asks the model for them",
            MISSED,
        )
