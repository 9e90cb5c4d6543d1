"""The tree that trafilatura gives, as paragraphs of text."""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml.etree import _Element, iterwalk  # type: ignore[import-untyped]

from index.extracting.tidy import line_text, paragraph_text

__all__ = ["Block", "blocks_of", "row_text"]

_BLOCKS = frozenset({"body", "p", "head", "item", "list", "quote", "div", "code", "ab", "fw"})


@dataclass(frozen=True)
class Block:
    """A paragraph, and the element that it was: "p", "head", "item", "row", or what holds loose text."""

    kind: str
    text: str


def blocks_of(body: _Element) -> list[Block]:
    """Return the paragraphs of `body`: headings, list items and rows of tables are paragraphs of their own."""
    return [Block(kind, text) for kind, raw in _pieces(body) if (text := paragraph_text(raw))]


def row_text(cells: list[str]) -> str:
    """Return a row of a table as one readable line."""
    return " | ".join(cell for cell in map(line_text, cells) if cell)


def _pieces(body: _Element) -> Iterator[tuple[str, str]]:
    """Yield (kind, raw text) of each piece between two borders of blocks; how deep they nest does not matter."""
    kinds: list[str] = []
    loose: list[str] = []
    walk = iterwalk(body, events=("start", "end"))
    for event, element in walk:
        tag = str(element.tag)
        if event == "end":
            if tag in _BLOCKS:
                yield kinds.pop(), "".join(loose)
                loose = []
            if element is not body:
                loose.append(element.tail or "")
        elif tag == "table":
            yield kinds[-1] if kinds else tag, "".join(loose)
            loose = []
            yield from (("row", row) for row in _rows(element))
            walk.skip_subtree()
        else:
            if tag in _BLOCKS:
                yield kinds[-1] if kinds else tag, "".join(loose)
                loose = []
                kinds.append(tag)
            loose.append("\n" if tag == "lb" else element.text or "")


def _rows(table: _Element) -> Iterator[str]:
    """Yield the rows of a table; those of a table within a cell stay in that cell."""
    for row in table.iter("row"):
        if next(row.iterancestors("table")) is table:
            yield row_text(["".join(_spaced(cell)) for cell in row.iterchildren("cell")])


def _spaced(cell: _Element) -> Iterator[str]:
    for element in cell.iter():
        yield " " if element.tag in _BLOCKS or element.tag in ("lb", "cell", "row") else ""
        yield element.text or ""
        yield element.tail or "" if element is not cell else ""
