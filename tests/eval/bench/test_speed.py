from pathlib import Path

import pytest

from eval.bench import speed
from eval.bench.speed import Rounds, beside_bare, beside_peer, peer_quality, run_rounds

PEER = {"articles": 36, "characters": 1_000, "ranks": [1, 2, None, 1], "tokens": [150, 500, None, 900]}
OURS = {"articles": 36, "characters": 1_000, "passages": 20, "dtype": "float32"}
ROUNDS = Rounds(
    peer=[{**PEER, "seconds": 10.0, "query_ms": [5.0, 7.0]}, {**PEER, "seconds": 20.0, "query_ms": [9.0, 11.0]}],
    ours=[{**OURS, "seconds": 5.0, "query_ms": [4.0, 4.0]}, {**OURS, "seconds": 5.0, "query_ms": [4.0, 4.0]}],
    bare=[{"passages": 20, "seconds": 4.0, "threads": 2}, {"passages": 20, "seconds": 4.0, "threads": 2}],
)


def test_beside_the_peer_by_hand() -> None:
    """Throughputs are medians of the rounds, of which each is kept, and the ratio is that of the medians."""
    section = beside_peer(ROUNDS)
    assert section["indexing, peer"].value == 75
    assert section["indexing, peer"].singles == (100, 50)
    assert section["indexing, ours / peer"].value == pytest.approx(200 / 75)
    assert section["query p50, peer"].value == 8
    assert section["query p50, peer / ours"].value == 2
    assert section["query p95, ours"].n == 2


def test_beside_the_bare_encoder_by_hand() -> None:
    """Both are in passages a second; number type and threads are told."""
    section = beside_bare(ROUNDS)
    assert section["passages, bare encoder (float32, 2 threads)"].value == 5
    assert section["passages, ours / bare"].value == 0.8


def test_quality_of_the_peer_by_hand() -> None:
    """Ranks and tokens become R@1, MRR@10, and hits within a number of tokens."""
    section = peer_quality(ROUNDS)
    assert section["R@1"].value == 0.5
    assert section["MRR@10"].value == pytest.approx(2.5 / 4)
    assert [section[f"hit@{budget} tokens"].value for budget in (200, 400, 800)] == [0.25, 0.25, 0.5]


def test_all_run_by_turns(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Peer, ours and bare take turns; the bare encoder is told the number type of ours."""
    ran: list[tuple[str, list[str]]] = []

    def run_child(module: str, options: list[str]) -> dict[str, object]:
        ran.append((module.rpartition(".")[2], options))
        return {"dtype": "bfloat16"}

    monkeypatch.setattr(speed, "run_child", run_child)
    steps: list[str] = []
    run_rounds(tmp_path, tmp_path, limit=1, rounds=2, on_step=steps.append)
    assert [module for module, _ in ran] == ["peer", "ours", "bare"] * 2
    assert ran[2][1][-1] == "bfloat16"
    assert steps[3] == "speed 2 of 2: peer"
