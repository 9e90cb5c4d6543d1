"""Plain text out of Markdown: what a reader sees, without the marks.

HTML inside of Markdown is kept as the text it is.
"""

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

import yaml
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from index.errors import InvalidArticleError

__all__ = ["first_heading", "plain_text", "split_front_matter"]

_FENCE = re.compile(r"---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_MAX_FRONT_MATTER_CHARS = 64_000
_MAX_NESTING = 100  # levels; by default the text below the twentieth is dropped without a word
# An open bracket is looked at against each other one of its block, so that time grows with their square: one block with
# four thousand takes a second.
_MAX_BRACKETS_SQUARED = 4_000**2


def split_front_matter(text: str, place: str) -> tuple[dict[str, str | None], str]:
    """Return the fields of the YAML front matter, all as strings, and the rest of `text`.

    Raises InvalidArticleError, naming `place` and the line, for front matter that is not a plain list of fields.
    """
    if not text.startswith("---"):
        return {}, text
    found = _FENCE.match(text)
    if not found:
        if re.match(r"---[ \t]*\n[\w-]+:", text):
            raise InvalidArticleError(f"{place}: its front matter is not closed; end it with a line of ---")
        return {}, text
    if len(found[1]) > _MAX_FRONT_MATTER_CHARS:
        raise InvalidArticleError(f"{place}: its front matter has over {_MAX_FRONT_MATTER_CHARS} characters")
    fields = _fields(found[1], place)
    return ({}, text) if fields is None else (fields, text[found.end() :])


def plain_text(markdown: str) -> str:
    """Return the text of `markdown`, its blocks separated by blank lines.

    Blocks of thousands of brackets keep the marks that they are written with.
    """
    return "\n\n".join(block for block in _blocks(_parser().parse(markdown)) if block.strip())


def first_heading(markdown: str) -> str | None:
    """Return the text of the first top-level heading, if there is one."""
    tokens = _parser().parse(markdown)
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open" and opening.tag == "h1":
            return _inline_text(inline).strip() or None
    return None


def _fields(yaml_text: str, place: str) -> dict[str, str | None] | None:
    """Return the fields, or None where this is prose between two rules."""
    try:
        # BaseLoader makes strings of everything: no tag is followed, and a date stays as it was written
        loaded = yaml.load(yaml_text, Loader=yaml.BaseLoader)  # noqa: S506
    except RecursionError as exc:
        raise InvalidArticleError(
            f"{place}: its front matter is nested too deeply; write lines of `name: value`"
        ) from exc
    except yaml.YAMLError as exc:
        mark = getattr(exc, "problem_mark", None)
        line = f" (line {mark.line + 2})" if mark else ""
        problem = getattr(exc, "problem", None) or "not YAML"
        raise InvalidArticleError(
            f"{place}: its front matter does not parse{line}: {problem}; put values with a colon in quotes"
        ) from exc
    if loaded in (None, ""):
        return {}
    if isinstance(loaded, str):
        return None
    if not isinstance(loaded, dict):
        raise InvalidArticleError(f"{place}: its front matter must be lines of `name: value`")
    for name in loaded:
        if not isinstance(name, str):
            raise InvalidArticleError(f"{place}: its front matter must be lines of `name: value`, not of {name!r}")
    return {name: value or None for name, value in loaded.items()}


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": _MAX_NESTING}).enable("table")
    parser.core.ruler.at("inline", _parse_inline)
    return parser


def _parse_inline(state: StateCore) -> None:
    """Parse what stands in each block, and leave as it is what would take too long."""
    left = _MAX_BRACKETS_SQUARED
    for token in state.tokens:
        if token.type != "inline":
            continue
        work = token.content.count("[") ** 2
        if work <= left:
            left -= work
            token.children = []
            state.md.inline.parse(token.content, state.md, state.env, token.children)
        else:
            token.children = [Token("text", "", 0, content=token.content)]


def _blocks(tokens: list[Token]) -> Iterator[str]:
    row: list[str] | None = None
    for token in tokens:
        if token.type == "tr_open":
            row = []
        elif token.type == "tr_close" and row is not None:
            yield " | ".join(row)
            row = None
        elif token.type == "inline":
            if row is None:
                yield _inline_text(token)
            else:
                row.append(_inline_text(token))
        elif token.type in ("fence", "code_block"):
            yield token.content.rstrip("\n")


def _inline_text(token: Token) -> str:
    parts = []
    for child in token.children or ():
        if child.type in ("softbreak", "hardbreak"):
            parts.append("\n")
        elif child.type in ("text", "code_inline", "text_special", "image"):
            parts.append(child.content)
    return "".join(parts)
