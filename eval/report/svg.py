"""Elements of SVG, whose attributes and text are escaped; colours come from the page's style, by class."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from eval.report.texts import printable

__all__ = ["Chart", "drawing", "element"]


@dataclass(frozen=True)
class Chart:
    """A picture with a title, what it shows in a sentence, and the same figures as a table."""

    title: str
    caption: str
    picture: Markup
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    compared: bool = False
    """Whether a baseline is in it."""


def element(name: str, *children: str, **attributes: str | float) -> Markup:
    """Return an element. `class_` is written `class`, and `_` in a name `-`; numbers have one decimal."""
    written = (Markup(' {}="{}"').format(_name(key), _value(value)) for key, value in attributes.items())
    inside = (child if isinstance(child, Markup) else Markup.escape(printable(child)) for child in children)
    return Markup("<{0}{1}>{2}</{0}>").format(name, Markup().join(written), Markup().join(inside))


def drawing(width: float, height: float, says: str, *children: Markup) -> Markup:
    """Return a whole picture, which says to those who do not see it what it shows."""
    box = f"0 0 {width:.0f} {height:.0f}"
    return element("svg", *children, viewBox=box, width=width, height=height, role="img", aria_label=says)


def _name(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def _value(value: str | float) -> str:
    return printable(value) if isinstance(value, str) else f"{value:.1f}".removesuffix(".0")
