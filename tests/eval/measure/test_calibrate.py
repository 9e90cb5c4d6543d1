import json
from pathlib import Path

import pytest

from eval.measure import calibrate
from eval.measure.cases import Case, MeasureSet
from service.checking.calibration import Calibration
from service.contract import Answer

N = 30


def answer(text: str, support: float) -> dict[str, object]:
    """Return the body of an answer whose one statement was left out, with what was measured of it."""
    gates = {
        "wording": "passed",
        "support": "failed",
        "probability": 0.5,
        "verifier": "fake:extract support.v2 0",
        "features": {"support": support, "rank": 1.0, "asked": 1.0, "said": 1.0},
    }
    dropped = {"text": text, "reason": "r", "verdict": "unsupported", "nearest": None, "gates": gates}
    body = dict.fromkeys(("reason", "as_of")) | {
        name: [] for name in ("statements", "citations", "nearest", "searched", "degraded")
    }
    return {
        **body,
        "id": "ans_0",
        "outcome": "not_found",
        "answer": "",
        "dropped": [dropped],
        "model": {"chat": "fake:extract", "encoder": "fake", "verifier": "v"},
        "prompts": {},
        "usage": {},
        "timings_ms": {},
    }


@pytest.fixture
def measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write what was measured of a set in which support tells right answers from wrong ones, mostly."""
    cases = tuple(Case(str(i), "squad", "Who?", answerable=i % 2 == 0, golds=("Zhang",)) for i in range(N))
    monkeypatch.setattr(calibrate, "LOADERS", {"squad": lambda *_: MeasureSet("squad", (), cases)})
    rows = [
        {
            "id": str(i),
            "answer": answer("Zhang" if i % 2 == 0 else "Li", (2.0 if i % 2 == 0 else -2.0) * (-1) ** (i < 4)),
        }
        for i in range(N)
    ]
    for row in rows:
        Answer.model_validate(row["answer"])
    (tmp_path / "squad.tune.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return tmp_path


def test_a_calibration_is_made_of_what_was_measured(measured: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is for the verifier that was measured, gives high probability to high support, and says how it was made."""
    out = measured / "made.json"
    arguments = ["squad", "--results", str(measured), "--features", "support", "--out", str(out)]
    assert calibrate.main(arguments) == 0
    made = Calibration.model_validate_json(out.read_text("utf-8"))
    assert (made.verifier, made.encoder) == ("fake:extract support.v2 0", "fake")
    assert made.probability({"support": 2.0}) > 0.6
    assert made.probability({"support": -2.0}) < 0.4
    assert made.made["of"] == f"{N} statements of squad, part tune"
    printed = capsys.readouterr().out
    assert "held-out AUC" in printed
    assert "right kept" in printed


def test_without_a_file_it_only_shows(measured: Path) -> None:
    """Nothing is written unless a file is named."""
    before = sorted(measured.iterdir())
    assert calibrate.main(["squad", "--results", str(measured)]) == 0
    assert sorted(measured.iterdir()) == before
