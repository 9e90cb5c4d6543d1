"""The loaders of the public sets by name."""

from pathlib import Path
from typing import Protocol

from eval.measure.cases import MeasureSet
from eval.measure.draws import Part, Sizes
from eval.measure.sets.answerability import load_answerability
from eval.measure.sets.clapnq import load_clapnq
from eval.measure.sets.conflict import load_conflict
from eval.measure.sets.injection import load_injection
from eval.measure.sets.multihop import load_multihop
from eval.measure.sets.rewriting import load_rewriting
from eval.measure.sets.squad import load_squad
from eval.measure.sets.support import load_support

__all__ = ["LOADERS", "Loader"]


class Loader(Protocol):
    """What loads a set: without sizes and seed, its own."""

    def __call__(self, data: Path, part: Part, *, sizes: Sizes = ..., seed: int = ...) -> MeasureSet:
        """Return the cases of `part`. Raises DataMissingError, SetFormatError or SetSizeError."""
        ...


LOADERS: dict[str, Loader] = {
    "squad": load_squad,
    "clapnq": load_clapnq,
    "conflict": load_conflict,
    "multihop": load_multihop,
    "rewriting": load_rewriting,
    "support": load_support,
    "answerability": load_answerability,
    "injection": load_injection,
}
"""Each loader by the name of its set."""
