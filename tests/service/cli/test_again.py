"""Adding the same again: what is noticed, what is told, and what it does not cost."""

import codecs
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from index.encoders import FakeEncoder
from service.settings import Settings
from tests.index.extracting.conftest import printed_pdf
from tests.service.cli.test_main import HEAVY, LIGHT

pytestmark = pytest.mark.slow

Run = Callable[..., Result]
SAME = "0 added, 0 updated, 5 unchanged, 0 failed\n"
PAGE = "<html><title>Ferry</title><article><p>The ferry to Port Ellis sails again after a long winter.</p></article>"
READERS = {"trafilatura", "lxml", "pypdf"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a file of every kind that holds one article, and two of one kind."""
    folder = tmp_path / "mixed"
    folder.mkdir()
    for number in (1, 2):
        article = f"---\ntitle: Bridge {number}\ntags: x\n---\nBridge {number} opened on Monday."
        (folder / f"{number}.md").write_text(article)
    (folder / "ferry.txt").write_text("The ferry to Port Ellis sails again.")
    (folder / "page.html").write_text(PAGE)
    (folder / "printed.pdf").write_bytes(printed_pdf(["The ferry to Port Ellis sails again."]))
    return folder


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Count what reading and encoding take."""
    counted: Counter[str] = Counter()

    def count(place: object, name: str) -> None:
        real = getattr(place, name)

        def counting(*args: object, **kwargs: object) -> object:
            counted[name] += 1
            return real(*args, **kwargs)

        monkeypatch.setattr(place, name, counting)

    count(FakeEncoder, "encode_passages")
    count(sys.modules["index.reading"], "make_article")
    count(sys.modules["index.documents"], "make_article")
    return counted


def first_line(result: Result) -> str:
    """Return the line of counts."""
    assert result.exit_code == 0, result.output
    return result.stdout.splitlines(keepends=True)[0]


def test_nothing_is_read_or_encoded(pullquote: Run, folder: Path, calls: Counter[str]) -> None:
    """Three more passes over the same files make no article and ask no model; a reading is kept from the first on."""
    assert first_line(pullquote("add", folder)).startswith("5 added")
    assert calls["encode_passages"] >= 1
    assert calls["make_article"] == 5
    calls.clear()
    assert [first_line(pullquote("add", folder)) for _ in range(3)] == [SAME] * 3
    assert not calls


def test_one_change_costs_one(pullquote: Run, folder: Path, calls: Counter[str]) -> None:
    """Of five files, only the one whose text changed is read and encoded; metadata alone encodes what is made of it."""
    pullquote("add", folder)
    calls.clear()
    (folder / "ferry.txt").write_text("The ferry to Port Ellis was sold.")
    assert first_line(pullquote("add", folder)) == "0 added, 1 updated, 4 unchanged, 0 failed\n"
    assert calls == {"encode_passages": 1, "make_article": 1}
    calls.clear()
    (folder / "1.md").write_text((folder / "1.md").read_text().replace("tags: x", "outlet: Courier"))
    assert first_line(pullquote("add", folder)) == "0 added, 1 updated, 4 unchanged, 0 failed\n"
    assert calls == {"make_article": 1}


def test_what_was_removed_is_added_again(pullquote: Run, folder: Path) -> None:
    """An article that was removed comes back from its file, which has not changed."""
    pullquote("add", folder)
    removed = json.loads(pullquote("list", "--json").stdout)["articles"][0]["id"]
    pullquote("remove", removed)
    assert first_line(pullquote("add", folder)) == "1 added, 0 updated, 4 unchanged, 0 failed\n"
    assert first_line(pullquote("add", folder)) == SAME


def test_another_setting_counts(pullquote: Run, folder: Path) -> None:
    """What is larger than the present limit fails, though it was added under another one; so it is the other way."""
    pullquote("add", folder)
    result = pullquote("add", folder, max_article_bytes="40")
    assert result.exit_code == 1
    assert "is larger than 40 bytes" in result.stderr
    assert first_line(pullquote("add", folder)) == SAME


def test_what_was_told_is_told_again(pullquote: Run, folder: Path) -> None:
    """Fields that are ignored, and what was dropped of a document, are told on every pass."""
    (folder / "page.html").write_bytes(codecs.BOM_UTF8 + PAGE.replace("winter", "winter \xff").encode("latin-1"))
    first, second = (json.loads(pullquote("add", "--json", folder).stdout) for _ in range(2))
    assert (first["added"], second["unchanged"]) == (5, 5)
    assert second["ignored_fields"] == first["ignored_fields"] == {"tags": 2}
    assert [warning["warning"] for warning in first["warnings"]] == ["1 characters are not utf-8"]
    assert second["warnings"] == first["warnings"]


def test_two_files_of_one_article(pullquote: Run, tmp_path: Path) -> None:
    """Of two files that give one article the later one stands at the end of every pass."""
    folder = tmp_path / "twice"
    folder.mkdir()
    for name, word in (("a.md", "held"), ("b.md", "broke")):
        (folder / name).write_text(f"---\nid: dam\n---\nThe dam {word}.")
    said = [first_line(pullquote("add", folder)) for _ in range(3)]
    assert said == ["1 added, 1 updated, 0 unchanged, 0 failed\n"] + ["0 added, 2 updated, 0 unchanged, 0 failed\n"] * 2
    assert "The dam broke." in pullquote("show", "dam").stdout


def test_a_dry_run_says_the_same(pullquote: Run, folder: Path) -> None:
    """`--dry-run` tells unchanged files by the same means, and keeps nothing."""
    pullquote("add", folder)
    (folder / "ferry.txt").write_text("The ferry to Port Ellis was sold.")
    for _ in range(2):
        said = first_line(pullquote("add", "--dry-run", folder))
        assert said == "would be: 0 added, 1 updated, 4 unchanged, 0 deleted, 0 failed\n"


def test_a_folder_that_is_followed(pullquote: Run, folder: Path, calls: Counter[str]) -> None:
    """`sync` reads no file again that has not changed, and still sees which are gone."""
    pullquote("add", "--follow", folder)
    calls.clear()
    assert "5 unchanged, 0 deleted" in pullquote("sync").stdout
    assert not calls
    (folder / "ferry.txt").unlink()
    assert "4 unchanged, 1 deleted" in pullquote("sync").stdout
    assert "4 unchanged, 0 deleted" in pullquote("sync").stdout


def imported(environment: Callable[..., dict[str, str]], data: Path, *arguments: str | Path) -> set[str]:
    """Return the packages that a command imports, with no models there and the settings that are the default."""
    settings = environment(data)
    del settings["PULLQUOTE_ENCODER"], settings["PULLQUOTE_CHAT_MODEL"]
    done = subprocess.run(  # noqa: S603  (our own code)
        [sys.executable, "-c", LIGHT, *arguments],
        capture_output=True,
        text=True,
        check=True,
        cwd=data.parent,
        env=settings,
    )
    assert "unchanged" in done.stdout
    return set(json.loads(done.stderr.splitlines()[-1]))


def test_nothing_heavy_is_imported(
    pullquote: Run, environment: Callable[..., dict[str, str]], folder: Path, library: Settings
) -> None:
    """The same again imports neither a model's library, nor Chroma, nor what takes documents apart."""
    pullquote("add", folder)
    data = library.data_dir
    assert not (HEAVY | READERS | {"py3langid", "langsmith"}) & imported(environment, data, "add", folder)
    (folder / "ferry.txt").write_text("The ferry to Port Ellis was sold.")
    assert "py3langid" in imported(environment, data, "add", "--dry-run", folder)
