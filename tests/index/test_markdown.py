import pytest

from index.errors import InvalidArticleError
from index.markdown import first_heading, plain_text, split_front_matter


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("# Title\n\nA *b* __c__ `d` [link](https://x.org) ~e~", "Title\n\nA b c d link ~e~"),
        ("one\ntwo  \nthree", "one\ntwo\nthree"),
        ("- a\n- b\n\n1. c", "a\n\nb\n\nc"),
        ("> quoted\n\n***\n\nafter", "quoted\n\nafter"),
        ("```python\ncode = 1\n```\n\n    indented\n", "code = 1\n\nindented"),
        ("| a | b |\n|---|---|\n| 1 | *2* |", "a | b\n\n1 | 2"),
        ("a &amp; b \\* c <https://x.org>", "a & b * c https://x.org"),
        ("![a map](m.png)", "a map"),
        ("<b>kept</b> <!-- too -->", "<b>kept</b> <!-- too -->"),
        ("", ""),
        ("***", ""),
    ],
)
def test_plain_text_is_what_a_reader_sees(markdown: str, text: str) -> None:
    """Marks go, blocks are parted by blank lines, HTML stays the text it is."""
    assert plain_text(markdown) == text


def test_deep_nesting_loses_no_text() -> None:
    """An item of a list in a list stays, however deep it lies."""
    markdown = "\n".join("  " * depth + f"- item{depth}" for depth in range(15))
    assert plain_text(markdown).split("\n\n") == [f"item{depth}" for depth in range(15)]


@pytest.mark.parametrize("markdown", ["*a " * 20_000, "> " * 20_000 + "x", "`" * 20_000, "<" * 30_000])
def test_hostile_markdown_ends(markdown: str) -> None:
    """Unclosed marks by the ten thousand are read within the time of a test."""
    assert isinstance(plain_text(markdown), str)


@pytest.mark.parametrize("mark", ["[", "![", "[a]("])
def test_brackets_by_the_million_end(mark: str) -> None:
    """A block that would take hours keeps its marks, as do those that add up to it; the others are read."""
    assert plain_text(f"*a*\n\n{mark * 1_000_000}\n\n*b*") == f"a\n\n{mark * 1_000_000}\n\nb"
    many = plain_text(f"{mark * 2_000}\n\n" * 20 + "*b*")
    assert many.count(mark) == 40_000
    assert many.endswith("\n\nb")


@pytest.mark.parametrize(
    ("markdown", "heading"),
    [
        ("# The *title*\n\ntext", "The title"),
        ("text\n\n## Second\n\n# First", "First"),
        ("Title\n=====\n", "Title"),
        ("## Only second", None),
        ("#\n\ntext", None),
        ("", None),
    ],
)
def test_first_heading(markdown: str, heading: str | None) -> None:
    """The first heading of the top level is the title."""
    assert first_heading(markdown) == heading


@pytest.mark.parametrize(
    ("text", "fields", "body"),
    [
        ("---\ntitle: A\nid: 007\n---\nbody", {"title": "A", "id": "007"}, "body"),
        ("---\npublished_at: 2022-06-13\n...\nbody", {"published_at": "2022-06-13"}, "body"),
        ("---\ntitle:\nauthor: ''\n---\n", {"title": None, "author": None}, ""),
        ("---\ntags: [a, b]\nmore: {c: d}\n---", {"tags": ["a", "b"], "more": {"c": "d"}}, ""),
        ("---\n---\nbody", {}, "body"),
        ("---\n# only a comment\n---\nbody", {}, "body"),
        ("no front matter", {}, "no front matter"),
        ("--- a rule", {}, "--- a rule"),
        ("---\n\nA rule, then text", {}, "---\n\nA rule, then text"),
        ("", {}, ""),
    ],
)
def test_front_matter(text: str, fields: dict[str, object], body: str) -> None:
    """Front matter gives fields as written, never converted, and the body follows it."""
    assert split_front_matter(text, "here") == (fields, body)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("---\ntitle: A: B\n---\n", r"does not parse \(line 2\): mapping values are not allowed here; put values"),
        ("---\ntitle: A\nbody without an end", "is not closed; end it with a line of ---"),
        ("---\n- a\n- b\n---\n", "must be lines of `name: value`"),
        ("---\n? [a, b]\n: c\n---\n", "does not parse"),
        ("---\na: &x [*x]\n---\n", "does not parse"),
        ("---\na: *nowhere\n---\n", "does not parse"),
        ("---\na: \x07\n---\n", "does not parse: not YAML"),
        ("---\na: " + "x" * 65_000 + "\n---\n", "has over 64000 characters"),
    ],
)
def test_front_matter_that_is_refused(text: str, reason: str) -> None:
    """Front matter that is no plain list of fields is refused with place, line and remedy."""
    with pytest.raises(InvalidArticleError, match=f"here: its front matter {reason}"):
        split_front_matter(text, "here")


def test_deeply_nested_front_matter_is_refused() -> None:
    """Thousands of open brackets are refused like any other front matter that does not parse."""
    with pytest.raises(InvalidArticleError, match="here: its front matter"):
        split_front_matter("---\na: " + "[" * 2_000 + "\n---\n", "here")


def test_front_matter_runs_nothing() -> None:
    """A tag that names a Python function is read as the text beside it."""
    text = "---\ntitle: !!python/object/apply:os._exit [1]\nauthor: !!python/name:os.system\n---\nbody"
    fields, _ = split_front_matter(text, "here")
    assert fields == {"title": ["1"], "author": None}


def test_prose_between_two_rules_is_text() -> None:
    """A text that begins with a rule and has another one later is no front matter."""
    text = "---\nJust words.\n---\nMore."
    assert split_front_matter(text, "here") == ({}, text)
