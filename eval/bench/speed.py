"""Speed beside the peer and beside the bare encoder, in turns, so that what else the machine does slows all of them."""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.bench.children import run_child
from eval.bench.metrics import Figure, Section, mrr, percentile, rate, ratio, recall_at_1, repeated
from eval.bench.quality import BUDGETS

__all__ = ["Rounds", "beside_bare", "beside_peer", "peer_quality", "run_rounds"]

Measured = Mapping[str, Any]


@dataclass(frozen=True)
class Rounds:
    """What each process measured, round by round."""

    peer: Sequence[Measured]
    ours: Sequence[Measured]
    bare: Sequence[Measured]


def run_rounds(data: Path, model: Path, *, limit: int, rounds: int, on_step: Callable[[str], None]) -> Rounds:
    """Run peer, ours and the bare encoder by turns. Raises ChildError where one fails."""
    shared = ["--data", str(data), "--limit", str(limit)]
    peer, ours, bare = [], [], []
    with tempfile.TemporaryDirectory(prefix="pullquote-bench-") as folder:
        texts = str(Path(folder) / "texts.json")
        for number in range(1, rounds + 1):
            on_step(f"speed {number} of {rounds}: peer")
            peer.append(run_child("eval.bench.peer", [*shared, "--model", str(model)]))
            on_step(f"speed {number} of {rounds}: ours")
            ours.append(run_child("eval.bench.ours", [*shared, "--texts", texts]))
            on_step(f"speed {number} of {rounds}: bare encoder")
            options = ["--texts", texts, "--model", str(model), "--dtype", str(ours[-1]["dtype"])]
            bare.append(run_child("eval.bench.bare", options))
    return Rounds(peer, ours, bare)


def beside_peer(rounds: Rounds) -> Section:
    """Compare indexing end to end, in characters a second, and queries, encoder included."""
    peer, ours = (_per_second(measured, "characters", "articles") for measured in (rounds.peer, rounds.ours))
    section = {"indexing, peer": peer, "indexing, ours": ours, "indexing, ours / peer": ratio(ours, peer)}
    for q in (50, 95):
        peer, ours = (_latency(measured, q) for measured in (rounds.peer, rounds.ours))
        section |= {f"query p{q}, peer": peer, f"query p{q}, ours": ours, f"query p{q}, peer / ours": ratio(peer, ours)}
    return section


def beside_bare(rounds: Rounds) -> Section:
    """Compare indexing end to end with the bare encoder, in passages a second."""
    bare, ours = (_per_second(measured, "passages", "passages") for measured in (rounds.bare, rounds.ours))
    how = f"{rounds.ours[-1]['dtype']}, {rounds.bare[-1]['threads']} threads"
    return {f"passages, bare encoder ({how})": bare, "passages, ours": ours, "passages, ours / bare": ratio(ours, bare)}


def peer_quality(rounds: Rounds) -> Section:
    """Return the peer's R@1 and MRR@10 by paragraph, and how often its first tokens hold a right answer."""
    measured = rounds.peer[-1]
    hits = {
        f"hit@{budget} tokens": rate(tokens is not None and tokens <= budget for tokens in measured["tokens"])
        for budget in BUDGETS
    }
    return {"R@1": recall_at_1(measured["ranks"]), "MRR@10": mrr(measured["ranks"]), **hits}


def _per_second(rounds: Sequence[Measured], what: str, counted: str) -> Figure:
    unit = "chars/s" if what == "characters" else f"{what}/s"
    return repeated([measured[what] / measured["seconds"] for measured in rounds], int(rounds[0][counted]), unit)


def _latency(rounds: Sequence[Measured], q: int) -> Figure:
    values = [percentile(measured["query_ms"], q).value for measured in rounds]
    return repeated(values, len(rounds[0]["query_ms"]), "ms")
