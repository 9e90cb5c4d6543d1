import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from index.articles import Article
from index.reading import Failed, Read, Skipped, count_articles, read_articles

MAX_BYTES = 1_000


def read(path: Path) -> list[Read | Failed | Skipped]:
    """Return what is found at `path`."""
    return list(read_articles(path, max_bytes=MAX_BYTES))


@pytest.fixture
def read_bytes(tmp_path: Path) -> Callable[..., list[Read | Failed | Skipped]]:
    """Return what writes a file of some name and bytes and reads it."""

    def write_and_read(name: str, content: bytes | str) -> list[Read | Failed | Skipped]:
        file = tmp_path / name
        file.write_bytes(content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content)
        return read(file)

    return write_and_read


@pytest.fixture
def read_one(read_bytes: Callable[..., list[Read | Failed | Skipped]]) -> Callable[..., Article]:
    """Return what reads the one article of a file."""

    def one(name: str, content: bytes | str) -> Article:
        (found,) = read_bytes(name, content)
        assert isinstance(found, Read), found
        return found.article

    return one


@pytest.fixture
def reason(read_bytes: Callable[..., list[Read | Failed | Skipped]]) -> Callable[..., str]:
    """Return what reads a file that gives no article, and returns why."""

    def fail(name: str, content: bytes | str) -> str:
        (found,) = read_bytes(name, content)
        assert isinstance(found, Failed), found
        assert found.reason.startswith(found.place)
        return found.reason.removeprefix(found.place)

    return fail


def test_plain_text(read_one: Callable[..., Article], tmp_path: Path) -> None:
    """A text file is an article whose id comes from its name and whose source is its path."""
    article = read_one("a.TXT", "\ufeffOne.\r\n--- not front matter\rTwo.")
    assert (article.text, article.title) == ("One.\n--- not front matter\nTwo.", None)
    assert article.source == str((tmp_path / "a.TXT").resolve())
    assert len(article.id) == 16


def test_markdown_with_front_matter(read_bytes: Callable[..., list[Read | Failed | Skipped]]) -> None:
    """Front matter gives the metadata, unknown fields are counted, and the given id is kept."""
    matter = "id: my-id\r\ntitle: A\r\npublished_at: 2022-06\r\ncolour: red\r\ntext: no\r\ntags: [x]"
    (found,) = read_bytes("a.md", f"\ufeff---\r\n{matter}\r\n---\r\n# Heading\r\n\r\nBody *text*.")
    assert isinstance(found, Read)
    assert found.ignored == ("colour", "text", "tags")
    assert (found.article.id, found.article.title, found.article.published_at) == ("my-id", "A", "2022-06")
    assert found.article.text == "Heading\n\nBody text."
    assert found.article.origins == {"published_at": "front matter"}


def test_a_heading_is_the_title_where_none_is_given(read_one: Callable[..., Article]) -> None:
    """Without a title in the front matter the first heading is the title."""
    assert read_one("a.markdown", "---\ntitle:\n---\n# Heading\n\nBody.").title == "Heading"


def test_combining_characters_are_composed_before_offsets_count(read_one: Callable[..., Article]) -> None:
    """The stored text is composed, whatever the file holds."""
    assert read_one("a.txt", "Cafe\u0301.").text == "Café."


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", ": is empty"),
        (b" \n \t ", ": is empty"),
        (b"... !!!", ": holds no sentence"),
        (b"x" * (MAX_BYTES + 1), ": is larger than 1,000 bytes; cut it into several articles, or raise PULLQUOTE_MAX"),
        (b"text\x00more", ": is binary (it contains NUL bytes)"),
        ("café".encode("latin-1"), ": is not UTF-8 (byte 3); convert it"),
        (b"half \xed\xa0\x80", ": is not UTF-8 (byte 5)"),
    ],
)
@pytest.mark.parametrize("name", ["a.txt", "a.md"])
def test_a_file_that_gives_no_article(reason: Callable[..., str], name: str, content: bytes, why: str) -> None:
    """What is empty, too large, binary or of another encoding fails with the reason and the remedy."""
    assert reason(name, content).startswith(why)


@pytest.mark.parametrize(
    ("matter", "why"),
    [
        ("title: A: B", ": its front matter does not parse (line 2)"),
        ("- a", ": its front matter must be lines"),
        ("title: [a, b]", ": `title` must be a string, not list"),
        ("title: !!python/object/apply:os._exit [1]", ": `title` must be a string, not list"),
        ("author: {a: b}", ": `author` must be a string, not dict"),
        ("published_at: yesterday", ": `published_at` is 'yesterday', which is no date"),
        ("published_at: 2022-13-45", ": `published_at` is '2022-13-45', which is no date"),
        ("published_at: 9999-12-31T23:00-05:00", ": `published_at` is"),
        ("id: a b", ": the id 'a b' is not allowed"),
        ("url: nowhere", ": `url`: the URL 'nowhere' is not one of a page"),
        ("a: " + "[" * 900, ": its front matter"),
    ],
)
def test_front_matter_that_gives_no_article(reason: Callable[..., str], matter: str, why: str) -> None:
    """Front matter that is wrong fails the file with the field and the remedy."""
    assert reason("a.md", f"---\n{matter}\n---\nBody.").startswith(why)


def test_a_file_of_the_greatest_size_is_read(read_one: Callable[..., Article]) -> None:
    """The limit itself is allowed."""
    assert len(read_one("a.txt", b"x" * MAX_BYTES).text) == MAX_BYTES


def test_files_named_directly(tmp_path: Path, reason: Callable[..., str]) -> None:
    """A file of an unknown kind, named directly, fails; so does a path that leads nowhere."""
    assert reason("a.odt", b"%PDF").startswith(": files of this kind are not read; known endings are .txt")
    (missing,) = read(tmp_path / "missing")
    assert isinstance(missing, Failed)
    assert "there is no such file or folder" in missing.reason


def test_a_link_named_directly_is_followed(tmp_path: Path) -> None:
    """A link is followed where it is named, and its target is the source."""
    (tmp_path / "a.txt").write_text("Text.")
    (tmp_path / "link.txt").symlink_to(tmp_path / "a.txt")
    (found,) = read(tmp_path / "link.txt")
    assert isinstance(found, Read)
    assert found.article.source == str((tmp_path / "a.txt").resolve())


def test_folders_are_read_in_the_order_of_names(tmp_path: Path) -> None:
    """Bad files stop nothing, hidden ones are passed over, links too, and unknown kinds are skipped."""
    for name, content in {
        "b.txt": b"Text b.",
        "a.txt": b"bad \xff",
        "c.md": b"---\ntitle: not closed\n",
        "d.odt": b"%PDF",
        "e.ndjson": b'{"text": "Text e."}\n{"text": 1}\n',
        ".hidden.txt": b"Hidden.",
        ".folder/x.txt": b"Hidden.",
        "sub/.x.txt": b"Hidden.",
        "sub/f.txt": b"Text f.",
    }.items():
        file = tmp_path / "root" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    (tmp_path / "root" / "link.txt").symlink_to(tmp_path / "root" / "b.txt")
    found = read(tmp_path / "root")
    assert [type(one) for one in found] == [Failed, Read, Failed, Skipped, Read, Failed, Read]
    assert [one.article.text for one in found if isinstance(one, Read)] == ["Text b.", "Text e.", "Text f."]
    assert [Path(one.place).name for one in found if isinstance(one, Skipped)] == ["d.odt"]


def test_articles_are_counted_before_they_are_read(tmp_path: Path) -> None:
    """A count for a progress bar holds a text file as one, and a file of lines as its lines that are not blank."""
    (tmp_path / "a.txt").write_text("Text.")
    (tmp_path / "b.jsonl").write_text('{"text": "One."}\n\nbroken\n{"text": "Two."}')
    (tmp_path / "c.odt").write_text("not counted")
    (tmp_path / ".d.txt").write_text("not counted")
    assert count_articles(tmp_path) == 4
    assert count_articles(tmp_path / "b.jsonl") == 3
    assert count_articles(tmp_path / "missing.jsonl") == 1
    assert count_articles(tmp_path / "c.odt") == 0


def test_the_relative_path_makes_the_id(tmp_path: Path) -> None:
    """The same relative path makes the same id under any root."""
    ids = []
    for root in ("one", "two"):
        (tmp_path / root / "sub").mkdir(parents=True)
        (tmp_path / root / "sub" / "a.txt").write_text("Text.")
        ids += [found.article.id for found in read(tmp_path / root) if isinstance(found, Read)]
    assert ids == [ids[0]] * 2


def test_a_deeply_nested_file_stops_no_other(tmp_path: Path) -> None:
    """Front matter nested too deep to parse is a failure among the results."""
    (tmp_path / "a.md").write_text("---\na: " + "[" * 2_000 + "\n---\nBody.")
    (tmp_path / "b.md").write_text("Body.")
    assert [type(one) for one in read_articles(tmp_path, max_bytes=10_000)] == [Failed, Read]


def test_a_pipe_in_a_folder_does_not_block(tmp_path: Path) -> None:
    """What is no regular file is not waited for."""
    os.mkfifo(tmp_path / "a.txt")
    (tmp_path / "b.txt").write_text("Text.")
    found: list[Read | Failed | Skipped] = []
    thread = threading.Thread(target=lambda: found.extend(read(tmp_path)), daemon=True)
    thread.start()
    thread.join(timeout=0.5)
    blocked = thread.is_alive()
    if blocked:  # end the wait of the reader, so that the test leaves no thread behind
        os.close(os.open(tmp_path / "a.txt", os.O_WRONLY | os.O_NONBLOCK))
        thread.join(timeout=5)
    assert not blocked
    assert Read in [type(one) for one in found]


def test_a_file_that_cannot_be_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the system refuses to read is a failure with the system's words."""
    (tmp_path / "a.txt").write_text("Text.")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    (found,) = read(tmp_path / "a.txt")
    assert isinstance(found, Failed)
    assert found.reason.endswith("a.txt: cannot be read (Permission denied)")


def test_a_folder_whose_files_cannot_be_looked_at(tmp_path: Path) -> None:
    """It is one failure, whatever it holds, and everything beside it is read."""
    parent, handle = str(tmp_path), os.open(tmp_path, os.O_RDONLY)
    while (left := 4_090 - len(parent) - 1) > 0:  # below the 4,095 that a path may have: its files are past that
        name = "d" * (200 if left > 250 else left)
        os.mkdir(name, dir_fd=handle)
        above, handle = handle, os.open(name, os.O_RDONLY, dir_fd=handle)
        os.close(above)
        parent = f"{parent}/{name}"
    for name in ("ferry.txt", "bridge.txt"):
        os.close(os.open(name, os.O_CREAT | os.O_WRONLY, dir_fd=handle))
    os.close(handle)
    (tmp_path / "dam.txt").write_text("The dam held.")
    read, failed = read_articles(tmp_path, max_bytes=1_000)
    assert isinstance(read, Read)
    assert isinstance(failed, Failed)
    assert (failed.place, failed.reason) == (parent, f"{parent}: cannot be read (File name too long)")
    assert count_articles(tmp_path) == 1
