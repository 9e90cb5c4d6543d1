import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from eval.measure import calibrate
from eval.measure.cases import Case, MeasureSet
from service.checking.calibration import Calibration
from service.contract import Answer

N = 30


VERIFIER = "fake:extract answerable.v2 0 reread.v2 0"


def answer(text: str, support: float, agreement: float | None = 0.0) -> dict[str, object]:
    """Return the body of an answer whose one statement was left out, with what was measured of it."""
    second = {} if agreement is None else {"told": 0.0, "agreement": agreement}
    gates = {
        "wording": "passed",
        "support": "failed",
        "probability": 0.5,
        "verifier": VERIFIER,
        "features": {"support": support, **second, "rank": 1.0, "asked": 1.0, "said": 1.0},
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


def write(folder: Path, answers: Iterable[dict[str, object]]) -> None:
    """Write what was measured, an answer a case."""
    rows = [{"id": str(i), "answer": Answer.model_validate(body).model_dump()} for i, body in enumerate(answers)]
    (folder / "squad.tune.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


@pytest.fixture
def measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write what was measured of a set in which support tells right answers from wrong ones, mostly."""
    cases = tuple(Case(str(i), "squad", "Who?", answerable=i % 2 == 0, golds=("Zhang",)) for i in range(N))
    monkeypatch.setattr(calibrate, "LOADERS", {"squad": lambda *_: MeasureSet("squad", (), cases)})
    supports = [(2.0 if i % 2 == 0 else -2.0) * (-1) ** (i < 4) for i in range(N)]
    write(tmp_path, (answer("Zhang" if i % 2 == 0 else "Li", support) for i, support in enumerate(supports)))
    return tmp_path


def test_a_calibration_is_made_of_what_was_measured(measured: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is for the verifier that was measured, gives high probability to high support, and says how it was made."""
    out = measured / "made.json"
    arguments = ["squad", "--results", str(measured), "--features", "support", "--out", str(out)]
    assert calibrate.main(arguments) == 0
    made = Calibration.model_validate_json(out.read_text("utf-8"))
    assert (made.verifier, made.encoder) == (VERIFIER, "fake")
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


def test_the_second_question_is_weighed_where_it_tells_more(measured: Path) -> None:
    """Both are weighed together, each by what it tells."""
    signs = [1 if i % 2 == 0 else -1 for i in range(N)]
    write(measured, (answer("Zhang" if sign > 0 else "Li", 0.1 * sign, 2.0 * sign) for sign in signs))
    out = measured / "made.json"
    names = ["support", "agreement"]
    assert calibrate.main(["squad", "--results", str(measured), "--features", *names, "--out", str(out)]) == 0
    made = Calibration.model_validate_json(out.read_text("utf-8"))
    assert list(made.weights) == names
    assert made.weights["agreement"] > made.weights["support"] > 0


def test_statements_that_were_not_asked_of_wholly_are_left_out(
    measured: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One without the second answer is not taken for one with an answer of even odds."""
    asked = [answer("Zhang" if i % 2 == 0 else "Li", 2.0 if i % 2 == 0 else -2.0) for i in range(N - 4)]
    write(measured, [*asked, *[answer("Zhang", 2.0, None) for _ in range(4)]])
    out = measured / "made.json"
    assert calibrate.main(["squad", "--results", str(measured), "--out", str(out)]) == 0
    assert f"squad: {N - 4} statements" in capsys.readouterr().out
    assert (
        Calibration.model_validate_json(out.read_text("utf-8")).made["of"] == f"{N - 4} statements of squad, part tune"
    )
