import hashlib
import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

Run = Callable[..., Result]
BRIDGE_ID = hashlib.sha256(b"https://courier.example/bridge").hexdigest()[:16]


def ids(pullquote: Run) -> list[str]:
    """Return the ids that `pullquote list` gives."""
    return [article["id"] for article in json.loads(pullquote("list", "--json").stdout)["articles"]]


def test_a_folder_is_added(pullquote: Run, news: Path) -> None:
    """A folder gives text, Markdown with its front matter, and each of its JSON lines."""
    result = pullquote("add", news)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "4 added, 0 updated, 0 unchanged, 0 failed\n"
    assert {BRIDGE_ID, "dam", "museum"} < set(ids(pullquote))


def test_files_are_added_by_name(pullquote: Run, news: Path) -> None:
    """Several files of different kinds may be named in one command."""
    result = pullquote("add", news / "bridge.md", news / "2024" / "ferry.txt", news / "dump.jsonl")
    assert result.stdout == "4 added, 0 updated, 0 unchanged, 0 failed\n"


def test_front_matter_is_kept(pullquote: Run, news: Path) -> None:
    """`show` prints the metadata of the front matter and then the text, without Markdown's marks."""
    pullquote("add", news / "bridge.md")
    lines = pullquote("show", BRIDGE_ID).stdout.splitlines()
    assert lines[:5] == [
        "title: Gannet Bridge opens",
        "author: Ida Holm",
        "outlet: The Harbour Courier",
        "published_at: 2024-10-04",
        "url: https://courier.example/bridge",
    ]
    assert lines[-1] == "The Gannet Bridge opened on Thursday. It cost ten million crowns."


def test_adding_again_changes_nothing(pullquote: Run, news: Path) -> None:
    """The same articles again are unchanged, and their versions stay."""
    pullquote("add", news)
    before = pullquote("list", "--json").stdout
    assert pullquote("add", news).stdout == "0 added, 0 updated, 4 unchanged, 0 failed\n"
    assert pullquote("list", "--json").stdout == before


def test_a_changed_file_replaces_its_article(pullquote: Run, news: Path) -> None:
    """A file whose text has changed updates its article, and the old text is no longer found."""
    pullquote("add", news)
    (news / "2024" / "ferry.txt").write_text("The ferry to Port Ellis was sold.")
    assert pullquote("add", news).stdout == "0 added, 1 updated, 3 unchanged, 0 failed\n"
    found = pullquote("search", "ferry to Port Ellis", "--json").stdout
    assert "was sold" in found
    assert "laid up" not in found


BAD: dict[str, tuple[str, bytes, str]] = {
    "empty": ("bad.txt", b" \n", "is empty"),
    "binary": ("bad.txt", b"PK\x00\x01", "is binary"),
    "latin-1": ("bad.txt", "Der Fluss war über den Deich.".encode("latin-1"), r"is not UTF-8 \(byte 14\)"),
    "front matter": ("bad.md", b"---\ntitle: a: b: c\n---\nThe text.", r"front matter does not parse \(line 2\)"),
    "date": ("bad.md", b"---\npublished_at: last week\n---\nThe text.", "`published_at` is 'last week'"),
    "JSON": ("bad.jsonl", b'{"id": "x", "text": \n', "line 1: is not JSON"),
    "kind": ("bad.odt", b"%PDF-1.4", "files of this kind are not read"),
    "missing": ("bad.md", b"", "there is no such file or folder"),
    "long name": ("a" * 300 + ".md", b"", "there is no such file or folder"),
}


@pytest.mark.parametrize("kind", BAD)
def test_one_bad_file_does_not_stop_the_others(pullquote: Run, news: Path, tmp_path: Path, kind: str) -> None:
    """The others are added, the exit code is 1, and a line names the file and what is wrong with it."""
    name, content, reason = BAD[kind]
    bad = tmp_path / name
    if content:
        bad.write_bytes(content)
    result = pullquote("add", news / "bridge.md", bad, news / "2024")
    assert result.exit_code == 1
    assert result.stdout == "2 added, 0 updated, 0 unchanged, 1 failed\n"
    failure = " ".join(result.stderr.split())
    assert failure.startswith(f"failed: {bad}")
    assert re.search(reason, failure), failure


def test_one_bad_line_does_not_stop_the_others(pullquote: Run, tmp_path: Path) -> None:
    """Among JSON lines the bad one is named by its number, and the others are added."""
    file = tmp_path / "dump.jsonl"
    file.write_text('{"id": "a", "text": "One is here."}\n{"id": "b"}\n{"id": "c", "text": "Three is here."}\n')
    result = pullquote("add", file)
    assert result.exit_code == 1
    assert result.stdout == "2 added, 0 updated, 0 unchanged, 1 failed\n"
    assert f"{file}, line 2: `text` must be a string" in result.stderr


def test_a_name_that_is_not_utf8_does_not_stop_the_others(pullquote: Run, news: Path) -> None:
    """An article whose file's name is not UTF-8 is added or refused, and the others are added."""
    (news / os.fsdecode(b"caf\xe9.txt")).write_text("The cafe opened on Monday.")
    result = pullquote("add", news)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert re.search(r"^(5 added, .* 0 failed|4 added, .* 1 failed)$", result.stdout, re.MULTILINE)


def test_a_skipped_name_that_is_not_utf8_is_told(pullquote: Run, news: Path) -> None:
    """A skipped file whose name is not UTF-8 is told of like any other."""
    (news / os.fsdecode(b"caf\xe9.odt")).write_text("no text")
    result = pullquote("add", news)
    assert (result.exit_code, result.exception) == (0, None)
    assert "1 files of other kinds skipped, such as" in result.stdout


def test_skipped_files_and_ignored_fields_are_told(pullquote: Run, news: Path) -> None:
    """Files of other kinds in a folder, and fields that mean nothing here, are counted and named."""
    (news / "photo.jpg").write_bytes(b"\xff\xd8")
    (news / "odd.md").write_text("---\ncolour: red\ntitle: Odd\n---\nThe odd bridge opened.")
    result = pullquote("add", news)
    assert result.exit_code == 0
    assert f"1 files of other kinds skipped, such as {news / 'photo.jpg'}" in result.stdout
    assert "unknown fields ignored: colour (1)" in result.stdout


def test_the_tally_as_json(pullquote: Run, news: Path, tmp_path: Path) -> None:
    """`add --json` gives the counts, the failures with place and reason, and what was passed over."""
    (news / "photo.jpg").write_bytes(b"\xff\xd8")
    (news / "odd.md").write_text("---\ncolour: red\n---\nThe odd bridge opened.")
    missing = tmp_path / "missing.md"
    result = pullquote("add", "--json", news, missing)
    assert result.exit_code == 1
    assert json.loads(result.stdout) == {
        "added": 5,
        "updated": 0,
        "unchanged": 0,
        "failed": 1,
        "failures": [{"place": str(missing), "reason": f"{missing}: there is no such file or folder"}],
        "skipped": [str(news / "photo.jpg")],
        "warnings": [],
        "ignored_fields": {"colour": 1},
    }


def test_addresses_that_are_not_fetched_from(pullquote: Run, news: Path) -> None:
    """One of another scheme, or on this machine, fails by its name and stops no other input."""
    result = pullquote("add", "htp://a.example/x", "http://127.0.0.1/x", news)
    assert result.exit_code == 1
    assert "htp://a.example/x: addresses begin with http:// or https://" in result.stderr
    assert "http://127.0.0.1/x: its host leads to this machine" in result.stderr
    assert "2 failed" in result.stdout
    assert not result.stdout.startswith("0 added")


def test_brackets_in_a_name_are_shown_as_they_are(pullquote: Run, tmp_path: Path) -> None:
    """What looks like markup in a file's name or a title is neither swallowed nor obeyed."""
    good, bad = tmp_path / "[bold]x.md", tmp_path / "[red]bad.md"
    good.write_text("---\ntitle: '[bold]Bridge[/bold] opens'\nurl: https://courier.example/b\n---\nThe bridge opened.")
    result = pullquote("add", good, bad, tmp_path / "[link]")
    assert "[red]bad.md: there is no such file" in result.stderr
    assert "[link]: there is no such file" in result.stderr
    assert "[bold]Bridge[/bold] opens" in pullquote("list").stdout
    assert "[bold]Bridge[/bold] opens" in pullquote("ask", "When was the bridge opened?").stdout
    (shown,) = (pullquote("show", article).stdout for article in ids(pullquote))
    assert "title: [bold]Bridge[/bold] opens" in shown
    assert json.loads(pullquote("show", ids(pullquote)[0], "--json").stdout)["source"] == str(good)


def test_the_list_shows_ids_whole(pullquote: Run, samples: Path) -> None:
    """However long the titles are, each id stands whole in the list, since `show` and `remove` want it."""
    pullquote("add", *sorted(samples.glob("apex-*.md")))
    lines = pullquote("list").stdout.splitlines()
    assert [line.split()[0] for line in lines[1:4]] == ids(pullquote)


def test_the_list_by_pages(pullquote: Run, news: Path) -> None:
    """`--offset` and `--limit` choose a page, and the last line says which of how many."""
    pullquote("add", news)
    page = pullquote("list", "--offset", "1", "--limit", "2").stdout.splitlines()
    assert len(page) == 4
    assert page[-1] == "2 to 3 of 4 articles"
    assert pullquote("list", "--offset", "9").stdout.splitlines()[-1] == "none of 4 articles"
    assert pullquote("list", "--limit", "0").exit_code == 2


def test_an_empty_library_is_listed(pullquote: Run) -> None:
    """Where nothing was added yet, the list is empty and no error."""
    result = pullquote("list")
    assert (result.exit_code, result.stdout.splitlines()[-1]) == (0, "none of 0 articles")


def test_an_article_is_removed(pullquote: Run, news: Path) -> None:
    """A removed article is neither listed nor found, and can be added again."""
    pullquote("add", news)
    assert pullquote("remove", BRIDGE_ID).stdout == f"removed {BRIDGE_ID}\n"
    assert BRIDGE_ID not in ids(pullquote)
    assert "Gannet" not in pullquote("search", "Gannet Bridge").stdout
    assert pullquote("add", news).stdout == "1 added, 0 updated, 3 unchanged, 0 failed\n"


@pytest.mark.parametrize("command", ["remove", "show"])
@pytest.mark.parametrize("article_id", ["nosuch", "a/b", "", "caf\udce9"])
def test_an_unknown_id(pullquote: Run, command: str, article_id: str) -> None:
    """An id that no article has is refused with the command that lists the ids."""
    result = pullquote(command, article_id)
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: there is no article")
    assert "`pullquote list` shows the ids" in result.stderr


def test_reindexing_keeps_the_articles(pullquote: Run, news: Path) -> None:
    """`reindex` says how many articles it indexed, and they are found as before."""
    pullquote("add", news)
    before = pullquote("search", "ferry", "--json").stdout
    assert pullquote("reindex").stdout == "indexed 4 articles anew\n"
    assert pullquote("search", "ferry", "--json").stdout == before


def test_a_file_in_place_of_the_data_folder(pullquote: Run, tmp_path: Path, news: Path) -> None:
    """Where the data folder cannot be one, every command that needs it ends with 1 and a line that names it."""
    (tmp_path / "file").write_text("in the way")
    for command in (
        ("add", news),
        ("list",),
        ("ask", "When?"),
        ("reindex",),
        ("tokens", "list"),
        ("tokens", "add", "a"),
    ):
        result = pullquote(*command, data_dir=str(tmp_path / "file"))
        assert (result.exit_code, type(result.exception)) == (1, SystemExit), command
        assert f"Error: {tmp_path / 'file'}" in result.stderr, command
