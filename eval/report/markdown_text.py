"""Text in Markdown that stays text: no markup, no link, no mention, no row or column of its own."""

import re
from collections.abc import Sequence

from eval.report.texts import printable

__all__ = ["plain", "table"]

_NOTHING = "&#8203;"  # a space of no width, which no reader sees and no matcher of mentions or addresses passes
_BREAK = "\ue000"  # stands for it until the text is escaped
_MARKUP = re.compile(r"[\\`*_\[\]<>#|~&$]|^[+-]|^\d{1,9}[.)](?=\s|$)")
_AS_NUMBER = "<>&|"
_REFERENCE = re.compile(
    r"(?<=@)(?=\S)"  # @name, name@host
    r"|(?<=#)(?=\S)"  # #12
    r"|(?<=\b[gG][hH])(?=-\d)"  # GH-12
    r"|(?<=:)(?=//)|(?<=\b[wW]{3})(?=\.)"  # https://host, www.host
    r"|(?<=:)(?=[\w+-]+:)"  # :smile:
)


def plain(text: str) -> str:
    """Return `text` in one line, in which whatever Markdown or GitHub may read as more than text is escaped or parted.

    GitHub finds mentions, references, addresses and emoji in the rendered text, where an escape is no longer seen; so
    something has to stand between (as Renovate does it in the texts of its pull requests).
    """
    line = " ".join(printable(text).replace(_BREAK, "\ufffd").split())
    return _MARKUP.sub(_escaped, _REFERENCE.sub(_BREAK, line)).replace(_BREAK, _NOTHING)


def table(head: Sequence[str], rows: Sequence[Sequence[str]], left: int) -> list[str]:
    """Return the lines of a table, whose cells are Markdown; columns after the first `left` are set to the right."""
    rule = ["---" if i < left else "--:" for i in range(len(head))]
    return ["| " + " | ".join(cells) + " |" for cells in (head, rule, *rows)]


def _escaped(match: re.Match[str]) -> str:
    last = match[0][-1]
    return match[0][:-1] + (f"&#{ord(last)};" if last in _AS_NUMBER else f"\\{last}")
