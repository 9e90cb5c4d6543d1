"""Make the calibration of a verifier: a logistic regression over the checked statements of measured sets.

    python -m eval.measure.calibrate squad clapnq

reads what `python -m eval.measure SET --part tune --thorough` left, and writes the file that the service reads. A
statement of `squad` counts as right where it holds a gold answer, one of `clapnq` where it cites a gold sentence; of a
question that cannot be answered none is right.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict

from eval.measure.asking import ASKED_AT
from eval.measure.cases import Case
from eval.measure.loaders import LOADERS
from eval.metrics.auc import auc
from eval.metrics.calibration import expected_calibration_error
from eval.metrics.right import is_right
from eval.metrics.risk_coverage import risk_coverage
from service.checking.calibration import Calibration
from service.checking.features import FEATURES
from service.cli.output import console
from service.contract import Answer, Dropped, Statement

__all__ = ["main"]

_FOLDS = 10
_CURVE = (0.2, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7, 0.8)


@dataclass(frozen=True)
class _Checked:
    """A checked statement: what was measured of it, whether it is right, and whether its question can be answered."""

    features: tuple[float, ...]
    right: bool
    answerable: bool
    verifier: str
    encoder: str


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m eval.measure.calibrate", description=__doc__)
    parser.add_argument("sets", nargs="+", choices=["squad", "clapnq"])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--results", type=Path, default=Path("data/measure"))
    parser.add_argument("--features", nargs="+", default=list(FEATURES), choices=FEATURES)
    parser.add_argument("--out", type=Path, help="file to write; default: only show")
    options = parser.parse_args(argv)
    checked = {name: list(_read(name, options)) for name in options.sets}
    everything = [item for items in checked.values() for item in items]
    if not everything:
        console().print(f"no statement has all of {', '.join(options.features)}; measure the sets with --thorough")
        return 1
    x = np.array([item.features for item in everything])
    y = np.array([item.right for item in everything])
    model = LogisticRegression()
    held_out = cross_val_predict(model, x, y, cv=_FOLDS, method="predict_proba")[:, 1]
    _show(checked, held_out.tolist())
    model.fit(x, y)
    if options.out:
        calibration = Calibration(
            verifier=everything[0].verifier,
            encoder=everything[0].encoder,
            weights=dict(zip(options.features, (round(float(w), 4) for w in model.coef_[0]), strict=True)),
            intercept=round(float(model.intercept_[0]), 4),
            made={
                "of": ", ".join(f"{len(items)} statements of {name}, part tune" for name, items in checked.items()),
                "on": datetime.now(UTC).date().isoformat(),
                "asked_at": ASKED_AT,
                "held_out_auc": round(auc(*_split(everything, held_out.tolist())) or 0.0, 3),
                "held_out_ece": round(expected_calibration_error(held_out.tolist(), y.tolist()) or 0.0, 3),
            },
        )
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_text(calibration.model_dump_json(indent=2) + "\n", encoding="utf-8")
    return 0


def _read(name: str, options: argparse.Namespace) -> Iterator[_Checked]:
    cases = {case.id: case for case in LOADERS[name](options.data, "tune").cases}
    for line in (options.results / f"{name}.tune.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        answer, case = Answer.model_validate(row["answer"]), cases[row["id"]]
        items: list[Statement | Dropped] = [*answer.statements, *answer.dropped]
        for item in items:
            if item.gates and item.gates.features.keys() >= set(options.features):
                features = tuple(item.gates.features[feature] for feature in options.features)
                right = case.answerable is True and _is_right(case, item, answer)
                yield _Checked(features, right, case.answerable is True, item.gates.verifier, answer.model["encoder"])


def _is_right(case: Case, item: Statement | Dropped, answer: Answer) -> bool:
    if case.set == "squad":
        return is_right(item.text, case.golds)
    if isinstance(item, Dropped):
        spans = [(item.nearest.article_id, item.nearest.start, item.nearest.end)] if item.nearest else []
    else:
        cited = [citation for citation in answer.citations if citation.id in item.citation_ids]
        spans = [(citation.article_id, citation.start, citation.end) for citation in cited]
    return any(
        article == wanted and 2 * (min(end, stop) - max(start, begin)) > end - start
        for article, start, end in spans
        for wanted, begin, stop in case.spans
    )


def _split(checked: Sequence[_Checked], scores: Sequence[float]) -> tuple[list[float], list[float]]:
    pairs = list(zip(checked, scores, strict=True))
    return [score for item, score in pairs if item.right], [score for item, score in pairs if not item.right]


def _show(checked: dict[str, list[_Checked]], scores: list[float]) -> None:
    """Print, for each set, what a threshold keeps of right statements and lets through of unanswerable questions."""
    begin = 0
    for name, items in checked.items():
        own = scores[begin : begin + len(items)]
        begin += len(items)
        console().print(f"{name}: {len(items)} statements, held-out AUC {auc(*_split(items, own)) or 0:.3f}")
        right = [score for item, score in zip(items, own, strict=True) if item.right]
        wrong = [score for item, score in zip(items, own, strict=True) if not item.answerable]
        for threshold in _CURVE:
            points = [p for p in risk_coverage(own, [item.right for item in items]) if p.threshold >= threshold]
            kept = sum(score >= threshold for score in right) / max(1, len(right))
            refused = sum(score < threshold for score in wrong) / max(1, len(wrong))
            risk = f"risk {points[-1].risk:.2f}" if points else "nothing said"
            console().print(f"  {threshold:.2f}: right kept {kept:.2f}, unanswerable dropped {refused:.2f}, {risk}")


if __name__ == "__main__":
    sys.exit(main())
