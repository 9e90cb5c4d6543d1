"""`pullquote backup` and `pullquote restore`."""

import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

pytestmark = pytest.mark.slow

Run = Callable[..., Result]


def test_there_and_back(pullquote: Run, news: Path, tmp_path: Path) -> None:
    """A backup is written, a library lost, and all articles are listed again."""
    pullquote("add", news)
    listed = pullquote("list", "--json").stdout
    made = pullquote("backup", tmp_path / "b.zip")
    assert (made.exit_code, made.stdout.startswith("wrote 4 articles and 0 answers to ")) == (0, True)
    (tmp_path / "data").rename(tmp_path / "lost")
    restored = pullquote("restore", tmp_path / "b.zip")
    assert (restored.exit_code, "restored 4 articles" in restored.stdout) == (0, True)
    assert pullquote("list", "--json").stdout == listed
    assert "Hessel" in pullquote("search", "dam gate").stdout


def test_refusals_are_shown(pullquote: Run, news: Path, tmp_path: Path) -> None:
    """A file in the way, a library in the way, and a file that is no backup are told in one line with the remedy."""
    assert "there is no library" in pullquote("backup", tmp_path / "b.zip").stderr
    pullquote("add", news)
    (tmp_path / "text").write_text("x")
    for arguments, words in (
        (("backup", tmp_path / "text"), "is there already"),
        (("restore", tmp_path / "text"), "give --force"),
        (("restore", tmp_path / "text", "--force"), "is no backup"),
    ):
        refused = pullquote(*arguments)
        assert (refused.exit_code, words in refused.stderr, len(refused.stderr.splitlines())) == (1, True, 1)
    assert pullquote("list").stdout.splitlines()[-1] == "1 to 4 of 4 articles"


def test_beside_a_service(
    serve: Callable[..., subprocess.Popen[bytes]], pullquote: Run, news: Path, tmp_path: Path
) -> None:
    """While the service runs a backup is made, and a restore is refused."""
    serve(tmp_path / "data")
    pullquote("add", news)
    assert "wrote 4 articles" in pullquote("backup", tmp_path / "b.zip").stdout
    refused = pullquote("restore", tmp_path / "b.zip", "--force")
    assert (refused.exit_code, "stop that first" in refused.stderr) == (1, True)
    assert pullquote("list").stdout.splitlines()[-1] == "1 to 4 of 4 articles"


def test_a_restore_that_was_cut_short_is_finished(pullquote: Run, news: Path, tmp_path: Path) -> None:
    """A listing after a kill shows what was restored."""
    pullquote("add", news)
    pullquote("backup", tmp_path / "b.zip")
    pullquote("remove", "dam")
    decided = tmp_path / "data" / "restore.done"
    decided.mkdir()
    (decided / "plan.json").write_text('{"ledger.db": true, "journal.db": false}')
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        archive.extract("ledger.db", decided)
    assert pullquote("list").stdout.splitlines()[-1] == "1 to 4 of 4 articles"
    assert not decided.exists()
