"""Gates from a file, a table `[[gate]]` each: `metric`, `slice` (default: all), `tolerance` and `floor`."""

import tomllib
from pathlib import Path

from pydantic import ValidationError

from eval.cases.model import SLICES
from eval.compare.errors import GateFileError
from eval.compare.model import Gate
from eval.metrics.table import METRICS
from eval.runs.scoring import ALL

__all__ = ["DEFAULT_GATES", "load_gates"]

DEFAULT_GATES = Path(__file__).with_name("gates.toml")


def load_gates(file: Path = DEFAULT_GATES) -> tuple[Gate, ...]:
    """Return the gates of a TOML file, in their order.

    Raises GateFileError, naming the file and the gate, for a file that cannot be read or has no gate; a field, metric
    or slice that there is not; a gate that asks nothing or what cannot be; and two gates over the same.
    """
    gates: dict[tuple[str, str], Gate] = {}
    for number, fields in enumerate(_tables(file), 1):
        gate = _gate(fields, f"{file}: gate {number}")
        if (gate.metric, gate.slice) in gates:
            raise GateFileError(f"{file}: gate {number}: {gate.metric!r} over {gate.slice!r} is held already; keep one")
        gates[gate.metric, gate.slice] = gate
    return tuple(gates.values())


def _tables(file: Path) -> list[object]:
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as exc:
        raise GateFileError(f"{file}: cannot be read ({exc}); name a file of gates") from exc
    except tomllib.TOMLDecodeError as exc:
        raise GateFileError(f"{file}: is no TOML ({exc})") from exc
    tables = content.pop("gate", None)
    if content:
        raise GateFileError(f"{file}: holds {', '.join(map(repr, content))}; only tables [[gate]] may stand there")
    if not isinstance(tables, list) or not tables:
        raise GateFileError(f"{file}: has no gate; begin each with a line [[gate]]")
    return tables


def _gate(fields: object, place: str) -> Gate:
    try:
        gate = Gate.model_validate(fields, strict=True)
    except ValidationError as exc:
        faults = "; ".join(f"{'.'.join(map(str, error['loc']))}: {error['msg']}" for error in exc.errors())
        raise GateFileError(f"{place}: {faults}; a gate has metric, slice, tolerance and floor") from exc
    if gate.metric not in METRICS:
        raise GateFileError(f"{place}: there is no metric {gate.metric!r}; choose of {', '.join(METRICS)}")
    if gate.slice not in (ALL, *SLICES):
        raise GateFileError(f"{place}: there is no slice {gate.slice!r}; choose of {', '.join((ALL, *SLICES))}")
    _check_numbers(gate, place)
    return gate


def _check_numbers(gate: Gate, place: str) -> None:
    if gate.tolerance is None and gate.floor is None:
        raise GateFileError(f"{place}: {gate.metric!r} is held to nothing; give a tolerance, a floor, or both")
    if gate.tolerance is not None and not 0 <= gate.tolerance < float("inf"):
        raise GateFileError(f"{place}: the tolerance {gate.tolerance} is no amount; give 0 or more")
    is_share = not METRICS[gate.metric].unit
    if gate.floor is not None and not 0 <= gate.floor <= (1 if is_share else float("inf")):
        raise GateFileError(
            f"{place}: {gate.metric!r} can never reach {gate.floor}; give {'0 to 1' if is_share else '0 or more'}"
        )
