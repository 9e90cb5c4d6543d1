from pathlib import Path

import pytest

from eval.bench.errors import DataMissingError
from eval.measure.errors import SetFormatError
from eval.measure.rows import Row, as_stored, read_rows
from index.articles import canonical_text


class Numbered(Row):
    """A row for tests."""

    n: int
    text: str = ""


def test_rows_are_read(tmp_path: Path) -> None:
    """Known fields are kept, others are ignored, and empty lines are none."""
    file = tmp_path / "set.jsonl"
    file.write_text('{"n": 1, "more": 2}\n\n{"n": 2, "text": "one\u2028line"}', encoding="utf-8")
    assert read_rows(file, Numbered) == [Numbered(n=1), Numbered(n=2, text="one\u2028line")]


def test_a_set_that_is_absent_is_named(tmp_path: Path) -> None:
    """What is missing is said by name, with the remedy."""
    with pytest.raises(DataMissingError, match=r"there is no .*set\.jsonl; name the folder"):
        read_rows(tmp_path / "set.jsonl", Numbered)


@pytest.mark.parametrize(("line", "what"), [('{"n": "x"}', "n: Input should be"), ("{", "the line: Invalid JSON")])
def test_a_bad_line_is_named(tmp_path: Path, line: str, what: str) -> None:
    """A line that is not what it should be is named by file, number and field."""
    file = tmp_path / "set.jsonl"
    file.write_text('{"n": 1}\n' + line, encoding="utf-8")
    with pytest.raises(SetFormatError, match=rf"set\.jsonl, line 2: {what}"):
        read_rows(file, Numbered)


@pytest.mark.parametrize("raw", ["one\r\ntwo\rthree", "\ufeffone", "e\u0301", "plain"])
def test_text_is_as_the_index_stores_it(raw: str) -> None:
    """Whatever the index would change is changed before offsets are counted."""
    assert as_stored(raw) == canonical_text(raw, "a test")


def test_a_nul_becomes_a_space() -> None:
    """A NUL, for which the index would refuse the article, becomes a space."""
    assert as_stored("one\x00two") == "one two"
