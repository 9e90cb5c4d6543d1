"""The part of a drawing that shows values, and the lines behind them."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from eval.report.svg import element

__all__ = ["QUARTERS", "Frame", "grid_x", "grid_y"]

QUARTERS = tuple((quarter / 4, f"{quarter / 4:g}") for quarter in range(5))
"""Ticks of an axis from 0 to 1."""


@dataclass(frozen=True)
class Frame:
    """The part of a drawing that shows values: from shares of width and height, 0 to 1, to places in it."""

    left: float
    top: float
    width: float
    height: float

    def x(self, share: float) -> float:
        """Return the place of a share of the width, kept within."""
        return self.left + self.width * min(1.0, max(0.0, share))

    def y(self, share: float) -> float:
        """Return the place of a share of the height, counted from the bottom, kept within."""
        return self.top + self.height * (1 - min(1.0, max(0.0, share)))


def grid_x(frame: Frame, ticks: Sequence[tuple[float, str]]) -> Markup:
    """Return upright lines at shares of the width, with their labels below."""
    return Markup().join(_upright(frame, share, label) for share, label in ticks)


def grid_y(frame: Frame, ticks: Sequence[tuple[float, str]]) -> Markup:
    """Return level lines at shares of the height, with their labels before."""
    return Markup().join(_level(frame, share, label) for share, label in ticks)


def _upright(frame: Frame, share: float, label: str) -> Markup:
    x, bottom = frame.x(share), frame.top + frame.height
    line = element("line", x1=x, x2=x, y1=frame.top, y2=bottom, class_="grid")
    return line + element("text", label, x=x, y=bottom + 20, text_anchor="middle", class_="tick")


def _level(frame: Frame, share: float, label: str) -> Markup:
    y = frame.y(share)
    line = element("line", x1=frame.left, x2=frame.left + frame.width, y1=y, y2=y, class_="grid")
    return line + element("text", label, x=frame.left - 8, y=y + 4, text_anchor="end", class_="tick")
