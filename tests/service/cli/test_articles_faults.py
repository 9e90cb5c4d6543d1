"""What may go wrong while articles are added: an interruption, and a disk that is full."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

pytestmark = pytest.mark.slow

Run = Callable[..., Result]
Process = Callable[..., subprocess.Popen[str]]
LIMITED = """
import resource, sys
from service.cli.main import main
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv.pop(1)), resource.RLIM_INFINITY))
main()
"""
SMALL_DISK = 'mount -t tmpfs -o size=3m none "$1" && cd "$1" && shift && exec "$@"'


def articles(folder: Path, count: int, sentences: int) -> Path:
    """Write so many articles of so many sentences each, and return their folder."""
    folder.mkdir()
    for number in range(count):
        text = " ".join(f"The council of town {i} in {number} met on day {i * 7}." for i in range(sentences))
        (folder / f"{number:03}.md").write_text(f"---\nlanguage: en\n---\n{text}")
    return folder


def total(pullquote: Run) -> int:
    """Return how many articles are listed."""
    return int(pullquote("list").stdout.split()[-2])


def test_an_interruption_keeps_what_was_done(process: Process, pullquote: Run, tmp_path: Path) -> None:
    """Ctrl-C ends `add` with 130 and its counts; what was added stays, and the next run goes on from there."""
    folder = articles(tmp_path / "news", 800, 2)
    command = process("add", folder)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not list((tmp_path / "data").glob("vectors/*/*")):
        time.sleep(0.02)
    time.sleep(0.5)
    command.send_signal(signal.SIGINT)
    said, error = command.communicate(timeout=20)
    assert (command.returncode, error) == (130, "Interrupted; what was done is kept.\n")
    done = total(pullquote)
    counted = int(said.split()[0])
    assert 0 < counted < 800
    assert done == counted  # what was in work when the key was pressed is finished and told
    assert pullquote("add", folder).stdout == f"{800 - done} added, 0 updated, {done} unchanged, 0 failed\n"


def test_a_file_that_may_not_grow(
    pullquote: Run, environment: Callable[..., dict[str, str]], tmp_path: Path, news: Path
) -> None:
    """Where the disk takes no more, `add` ends with 1, names the data folder, and loses nothing."""
    pullquote("add", news)
    folder = articles(tmp_path / "more", 3, 600)
    done = subprocess.run(  # noqa: S603  (our own code)
        [sys.executable, "-c", LIMITED, "600000", "add", folder],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env=environment(tmp_path / "data"),
    )
    assert done.returncode == 1
    assert str(tmp_path / "data") in done.stderr
    assert "Traceback" not in done.stderr
    assert total(pullquote) >= 4
    assert "Gannet" in pullquote("search", "Gannet Bridge").stdout
    assert pullquote("add", folder).exit_code == 0


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("unshare"), reason="only root can mount a small disk")
def test_a_full_disk(environment: Callable[..., dict[str, str]], tmp_path: Path, news: Path) -> None:
    """On a full disk every command says so and names the folder, and what fitted is listed."""
    disk = tmp_path / "disk"
    disk.mkdir()
    pullquote = Path(sys.executable).parent / "pullquote"
    folder = articles(tmp_path / "more", 6, 900)
    story = f'{pullquote} add {news}; {pullquote} add {folder}; echo "ended with $?"; {pullquote} list; '
    story += f'dd if=/dev/zero of=fill bs=1k; {pullquote} tokens add reader; echo "ended with $?"; ls data'
    done = subprocess.run(  # noqa: S603  (our own code)
        ["unshare", "--mount", "sh", "-c", SMALL_DISK, "sh", disk, "sh", "-c", story],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
        env=environment(Path("data")),
    )
    if "mount:" in done.stderr or "unshare:" in done.stderr:
        pytest.skip(f"no small disk can be mounted here: {done.stderr}")
    assert "is full; free some space and run the same again" in done.stderr
    assert "ended with 1" in done.stdout
    assert "dam " in done.stdout
    assert "Traceback" not in done.stderr
    assert "tokens.json.new" not in done.stdout
