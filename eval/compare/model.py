"""What a comparison of two runs found."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["Comparison", "Flip", "Gate", "Row"]


class _Found(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Gate(_Found):
    """What a metric of a slice is held to. `tolerance` is how much it may fall, `floor` the least it may be."""

    metric: str
    slice: str = "all"
    tolerance: float | None = None
    floor: float | None = None


class Row(_Found):
    """One metric over one slice (`all` for the whole set), of the cases that both runs have a score for."""

    metric: str
    slice: str
    n: int
    base: float
    new: float
    difference: float
    low: float = Field(description="95 % interval of the difference, paired bootstrap over cases")
    high: float
    p: float = Field(description="paired permutation test, two-sided")
    p_holm: float | None = Field(None, description="corrected over the gated rows; null where not gated")
    gate: Gate | None = None
    failed: str | None = Field(None, description="why the gate fails; null where it holds or there is none")
    too_small: str | None = Field(None, description="what can not be told from so few cases; null where they suffice")


class Flip(_Found):
    """A case whose outcome of a metric of yes or no changed."""

    case_id: str
    slice: str
    metric: str
    to: Literal["better", "worse"]


class Comparison(_Found):
    """Two runs of the same set, compared."""

    base: str
    new: str
    rows: tuple[Row, ...]
    flips: tuple[Flip, ...]
    errors_base: int = Field(description="cases without an answer, which are in no row")
    errors_new: int
    warnings: tuple[str, ...] = ()

    @property
    def failed(self) -> bool:
        """Tell whether a gate failed."""
        return any(row.failed for row in self.rows)
