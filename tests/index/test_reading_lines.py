import json
from collections.abc import Callable
from pathlib import Path

import pytest

from index.reading import Failed, Read, read_articles

MAX_BYTES = 1_000


@pytest.fixture
def read_lines(tmp_path: Path) -> Callable[..., list[Read | Failed]]:
    """Return what writes lines (bytes, text, or what becomes JSON) to a file and reads it."""

    def write_and_read(*lines: object, end: bytes = b"\n") -> list[Read | Failed]:
        file = tmp_path / "a.jsonl"
        encoded = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
        file.write_bytes(b"\n".join(encoded) + end)
        found = list(read_articles(file, max_bytes=MAX_BYTES))
        assert all(isinstance(one, Read | Failed) for one in found)
        return [one for one in found if isinstance(one, Read | Failed)]

    return write_and_read


def test_each_line_is_an_article(read_lines: Callable[..., list[Read | Failed]], tmp_path: Path) -> None:
    """Lines become articles with given ids or ids of their own, and unknown fields are counted."""
    one = {"id": "one", "text": "One.", "published_at": "2022", "colour": 1, "x": None}
    first, second, third = read_lines(
        one, {"text": "Two."}, {"text": "Three.", "url": "https://example.org/3"}, end=b""
    )
    assert isinstance(first, Read)
    assert isinstance(second, Read)
    assert isinstance(third, Read)
    assert first.ignored == ("colour", "x")
    assert (first.article.id, first.article.origins) == ("one", {"published_at": "JSON lines"})
    assert len({first.article.id, second.article.id, third.article.id}) == 3
    assert third.article.source == str((tmp_path / "a.jsonl").resolve())


def test_blank_lines_are_passed_over_but_counted(read_lines: Callable[..., list[Read | Failed]]) -> None:
    """A blank line is no article, and the lines after it keep their numbers."""
    first, second = read_lines(b"", {"id": "a", "text": "One."}, b" \t\r", {"id": "b", "text": 2})
    assert isinstance(first, Read)
    assert isinstance(second, Failed)
    assert second.place.endswith("a.jsonl, line 4")


def test_a_byte_order_mark_begins_no_value(read_lines: Callable[..., list[Read | Failed]]) -> None:
    """The mark before the first line is not part of it."""
    (found,) = read_lines(b'\xef\xbb\xbf{"id": "a", "text": "One."}')
    assert isinstance(found, Read)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b"not json", ": is not JSON (Expecting value"),
        (b'{"text": "cut', ": is not JSON ("),
        (b'{"text": ' + b"[" * 900, ": is not JSON"),
        (b'{"id": ' + b"9" * 900 + b"}", ": `id` must be a string, not int"),
        (b"[1]", ": must be a JSON object with at least `text`, not list"),
        (b'"text"', ": must be a JSON object with at least `text`, not str"),
        (b"null", ": must be a JSON object with at least `text`, not NoneType"),
        (b"{}", ": `text` must be a string, not NoneType"),
        ({"text": ["a"]}, ": `text` must be a string, not list"),
        ({"text": ""}, ": is empty"),
        ({"text": "..."}, ": holds no sentence"),
        ({"text": "a\x00b"}, ": contains NUL bytes"),
        ({"text": "half \ud800"}, ": contains a lone surrogate"),
        ({"text": "Text.", "title": "half \udfff"}, ": `title` contains a NUL or half a character"),
        ({"text": "Text.", "title": 3}, ": `title` must be a string, not int"),
        ({"text": "Text.", "author": ["a"]}, ": `author` must be a string, not list"),
        ({"text": "Text.", "published_at": 2022}, ": `published_at` must be a string, not int"),
        ({"text": "Text.", "published_at": "yesterday"}, ": `published_at` is 'yesterday', which is no date"),
        ({"text": "Text.", "id": "a b"}, ": the id 'a b' is not allowed"),
        (b'{"text": "caf\xe9"}', ": is not UTF-8 (byte 13)"),
        (b'{"text": "a\x00"}', ": is binary"),
        ({"text": "x" * MAX_BYTES}, ": is larger than 1,000 bytes"),
        ({"text": "x" * 200_000}, ": is larger than 1,000 bytes"),
    ],
)
def test_a_bad_line_stops_no_other(read_lines: Callable[..., list[Read | Failed]], line: object, why: str) -> None:
    """A line that gives no article fails with its number and the reason, and the next one is read."""
    bad, good = read_lines(line, {"id": "good", "text": "Good."})
    assert isinstance(bad, Failed)
    assert bad.place.endswith("a.jsonl, line 1")
    assert bad.reason.startswith(bad.place + why)
    assert isinstance(good, Read)


def test_deeply_nested_json_is_refused(tmp_path: Path) -> None:
    """Brackets by the hundred thousand are refused like any other line that does not parse."""
    (tmp_path / "a.jsonl").write_text('{"text": "a", "x": ' + "[" * 200_000 + "]" * 200_000 + "}")
    (found,) = read_articles(tmp_path / "a.jsonl", max_bytes=1_000_000)
    assert isinstance(found, Failed)
    assert "line 1: is not JSON" in found.reason


def test_an_endless_last_line(read_lines: Callable[..., list[Read | Failed]]) -> None:
    """A last line over the limit, without a newline, fails and ends the file."""
    good, bad = read_lines({"id": "good", "text": "Good."}, b"x" * 5_000, end=b"")
    assert isinstance(good, Read)
    assert isinstance(bad, Failed)


def test_a_huge_line_of_spaces_is_one_line(read_lines: Callable[..., list[Read | Failed]]) -> None:
    """A line over the limit is one line even where it begins with that many spaces."""
    bad, good = read_lines(b" " * (MAX_BYTES + 1) + b'{"id": "hidden", "text": "x"}', {"id": "good", "text": "Good."})
    assert isinstance(bad, Failed)
    assert isinstance(good, Read)


def test_two_lines_of_one_id_are_both_read(read_lines: Callable[..., list[Read | Failed]]) -> None:
    """An id that stands twice in a file is no failure of reading."""
    found = read_lines({"id": "a", "text": "One."}, {"id": "a", "text": "Two."})
    assert [one.article.id for one in found if isinstance(one, Read)] == ["a", "a"]


def test_a_file_of_another_encoding_fails_line_by_line(read_lines: Callable[..., list[Read | Failed]]) -> None:
    """Only the lines that are not UTF-8 fail."""
    lines = ['{"id": "a", "text": "caf\xe9"}'.encode("latin-1"), b'{"id": "b", "text": "Plain."}']
    assert [type(one) for one in read_lines(*lines)] == [Failed, Read]
