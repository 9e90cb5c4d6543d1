"""The benchmark of growth: one process a size, and a file that says what was measured already."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from eval.bench.children import run_child
from eval.bench.grown import SEED
from eval.bench.metrics import Section
from eval.bench.report import circumstances, figures_from_json, read_json, write_json

__all__ = ["run_growth"]

_RUNS = "runs"


def run_growth(
    data: Path,
    sizes: Sequence[int],
    output: Path,
    *,
    encoder: str,
    limit: int,
    again: bool,
    on_step: Callable[[str], None],
) -> Iterator[tuple[str, Section]]:
    """Yield the figures of each size, measured now and kept in `output`, or kept there from before.

    A size counts as measured if it was with the same encoder, seed and limit; `again` measures it anew.
    """
    for size in sizes:
        settings = {"sentences": size, "encoder": encoder, "seed": SEED, "limit": limit}
        runs: list[dict[str, Any]] = read_json(output).get(_RUNS, [])
        kept = next((run for run in runs if run["settings"] == settings), None)
        if kept is None or again:
            on_step(f"growth: {size:,} sentences")
            options = ["--data", str(data), "--sentences", str(size), "--limit", str(limit)]
            figures = run_child("eval.bench.grown", options)
            kept = {**circumstances(settings), "figures": figures}
            others = [run for run in runs if run["settings"] != settings]
            write_json(output, {_RUNS: [*others, kept]})
        else:
            on_step(f"growth: {size:,} sentences were measured on {kept['date']}; --again measures them anew")
        yield f"{size:,} sentences", figures_from_json(kept["figures"])
