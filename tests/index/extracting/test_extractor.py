import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from index.extracting import Extracted, Extractor, Limits, PageSpan, ReaderError, extract, process
from index.extracting.child import answer
from index.extracting.errors import (
    BrokenDocumentError,
    DocumentTooHungryError,
    DocumentTooLargeError,
    DocumentTooSlowError,
    EmptyDocumentError,
    error_of_code,
)
from index.extracting.frames import Frame, FrameError, pack, unpack

pytestmark = pytest.mark.slow

TEXT = b"One paragraph.\n\nAnother one."
FOUND = "One paragraph.\n\nAnother one."
ROOT = Path(__file__).parents[3]


def gone(pid: int) -> bool:
    """Tell whether a process has ended."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_several_documents_in_one_process(extractor: Extractor, make_pdf: Callable[..., bytes]) -> None:
    """One process reads documents of all kinds, and pages come through."""
    assert extractor.extract(TEXT, "text").text == FOUND
    first = extractor.pid
    found = extractor.extract(make_pdf([["Text of a page."]]), "pdf")
    assert found.pages == (PageSpan(1, 0, 15),)
    assert extractor.pid == first


def test_errors_come_through(extractor: Extractor) -> None:
    """An error in the other process is one here, of the same class and words."""
    with pytest.raises(EmptyDocumentError, match=r"^https://a.example/b: holds no text"):
        extractor.extract(b"...", "text", url="https://a.example/b")


def test_refused_before_it_is_sent(extractor: Extractor) -> None:
    """An unknown kind and a document that is too large never reach the other process."""
    with pytest.raises(ValueError, match="'doc' is not one of html"):
        extractor.extract(TEXT, "doc")  # type: ignore[arg-type]
    with pytest.raises(DocumentTooLargeError, match=r"^big.txt: has 20,000,001 bytes"):
        extractor.extract(b"a" * 20_000_001, "text", name="big.txt")


def test_a_crash(extractor: Extractor) -> None:
    """A process that ended is replaced, and whoever waits for it is told."""
    extractor.extract(TEXT, "text")
    assert extractor.pid
    os.kill(extractor.pid, signal.SIGKILL)
    with contextlib.suppress(DocumentTooHungryError):  # its end may not be noticed before the document is sent
        extractor.extract(TEXT, "text")
    assert extractor.extract(TEXT, "text").text == FOUND


def test_a_timeout() -> None:
    """A process that does not answer in time is killed, and replaced."""
    with Extractor(Limits(seconds=0.5)) as extractor:
        extractor.extract(TEXT, "text")
        stopped = extractor.pid
        assert stopped
        os.kill(stopped, signal.SIGSTOP)
        with pytest.raises(DocumentTooSlowError, match=r"^slow.txt: takes longer than 0.5 s"):
            extractor.extract(TEXT, "text", name="slow.txt")
        assert gone(stopped)
        assert extractor.extract(TEXT, "text").text == FOUND


def test_replaced_after_so_many() -> None:
    """After so many documents another process goes on."""
    with Extractor(Limits(documents=1)) as extractor:
        extractor.extract(TEXT, "text")
        first = extractor.pid
        assert extractor.extract(TEXT, "text").text == FOUND
        assert extractor.pid != first


def test_too_little_memory() -> None:
    """A document that needs more memory than there is is refused, and the next one is read."""
    with Extractor(Limits(growth=30_000_000)) as extractor:
        with pytest.raises(DocumentTooHungryError, match=r"^big.txt: "):
            extractor.extract(b"word \n\n" * 1_000_000, "text", name="big.txt")
        assert extractor.extract(TEXT, "text").text == FOUND


def test_threads_take_turns(extractor: Extractor) -> None:
    """Several threads get each their own document's text."""
    found: dict[int, str] = {}

    def read(number: int) -> None:
        found[number] = extractor.extract(f"Text {number}.".encode(), "text").text

    threads = [threading.Thread(target=read, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {number: f"Text {number}." for number in range(8)}


def test_closed() -> None:
    """A closed extractor has no process any more, and says that it is closed."""
    extractor = Extractor()
    extractor.extract(TEXT, "text")
    pid = extractor.pid
    extractor.close()
    assert pid
    assert gone(pid)
    with pytest.raises(ReaderError, match="closed"):
        extractor.extract(TEXT, "text")


def test_one_document() -> None:
    """A single document needs no extractor of one's own."""
    assert extract(TEXT, "text").text == FOUND


def test_it_ends_with_its_parent() -> None:
    """The process ends when its parent is killed."""
    story = "import time; from index.extracting import Extractor; e = Extractor(); e.extract(b'Text.', 'text');"
    story += "print(e.pid, flush=True); time.sleep(60)"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    with subprocess.Popen(  # noqa: S603  (our own)
        [sys.executable, "-c", story], stdout=subprocess.PIPE, cwd=ROOT, env=environment
    ) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        parent.kill()
    until = time.monotonic() + 20
    while not gone(pid) and time.monotonic() < until:
        time.sleep(0.05)
    assert gone(pid)


def test_it_cannot_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that does not start is an error that says so."""
    monkeypatch.setattr(process, "_MODULE", "index.extracting.none")
    with Extractor() as extractor, pytest.raises(ReaderError, match=r"ended with exit code 1"):
        extractor.extract(TEXT, "text")
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with Extractor() as extractor, pytest.raises(ReaderError, match="cannot be started"):
        extractor.extract(TEXT, "text")


@pytest.mark.skipif(sys.platform != "linux", reason="the environment of a process is read on Linux")
def test_it_knows_no_secrets(extractor: Extractor) -> None:
    """The process gets no settings and no keys in its environment."""
    extractor.extract(TEXT, "text")
    names = {entry.partition(b"=")[0] for entry in Path(f"/proc/{extractor.pid}/environ").read_bytes().split(b"\0")}
    assert names <= {b"", b"PYTHONPATH", b"PYTHONUTF8", b"LC_ALL", b"PATH", b"OPENBLAS_NUM_THREADS", b"OMP_NUM_THREADS"}


CONFINED = """
import os, socket, subprocess, sys
from index.extracting.confinement import confine
confine(100_000_000)
refused = []
def attempt(what):
    try:
        what()
    except (PermissionError, MemoryError):
        refused.append(what)
attempt(lambda: open("/etc/passwd"))
attempt(lambda: open(sys.argv[1], "w"))
attempt(lambda: os.open(sys.argv[1], os.O_CREAT | os.O_WRONLY))
attempt(lambda: socket.create_connection(("127.0.0.1", 9)))
attempt(lambda: socket.getaddrinfo("localhost", 80))
attempt(lambda: subprocess.run(["true"]))
attempt(lambda: os.system("true"))
attempt(lambda: os.remove(sys.argv[1]))
attempt(lambda: bytearray(500_000_000))
import wave
print(len(refused))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="memory is bounded on Linux")
def test_confinement(tmp_path: Path) -> None:
    """A confined process reads no files but Python's own, writes none, connects to nothing, and has bounded memory."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(  # noqa: S603  (our own)
        [sys.executable, "-c", CONFINED, tmp_path / "a"], capture_output=True, text=True, check=False, env=environment
    )
    assert done.stdout.strip() == "9", done.stderr
    assert not (tmp_path / "a").exists()


REQUEST = Frame({"kind": "text", "name": "a.txt", "url": None, "content_type": None}, TEXT)


def test_answers() -> None:
    """A document is answered by its text, or by an error that names it, whatever the reading raises."""

    def fails(error: BaseException) -> Frame:
        def raising(*_: object, **__: object) -> Extracted:
            raise error

        return answer(REQUEST, raising, Limits())

    reply = answer(REQUEST, lambda *_, **__: Extracted("Text.", title="T", origins={"title": "h1"}), Limits())
    assert Extracted.from_json(reply.fields, reply.body.decode()) == Extracted(
        "Text.", title="T", origins={"title": "h1"}
    )
    assert fails(EmptyDocumentError("a.txt: nothing")).fields == {
        "error": "EmptyDocumentError",
        "text": "a.txt: nothing",
    }
    assert fails(MemoryError()).fields["error"] == "DocumentTooHungryError"
    assert str(fails(KeyError("x")).fields["text"]).startswith("a.txt: cannot be read (KeyError: 'x')")
    assert error_of_code("BrokenDocumentError") is BrokenDocumentError


class Pipe:
    """Bytes that are read as from a pipe."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def read(self, size: int) -> bytes:
        """Return the next bytes, fewer at the end."""
        piece, self._data = self._data[:size], self._data[size:]
        return piece


def test_frames() -> None:
    """A frame comes through as it was sent, and a cut one is the end."""
    frame = Frame({"name": "é"}, b"\x00\xff")
    data = b"".join(pack(frame))
    assert unpack(Pipe(data).read, most=2) == frame
    assert [unpack(Pipe(data[:end]).read, most=2) for end in (0, 5, 10, len(data) - 1)] == [None] * 4


@pytest.mark.parametrize(
    "data", [b"\xff" * 8, b"\0\0\0\x01\0\0\0\0{", b"\0\0\0\x01\0\0\0\x001", b"\0\0\0\x02\0\0\0\x09{}"]
)
def test_frames_that_are_none(data: bytes) -> None:
    """What is too large, or no object of JSON, is no frame."""
    with pytest.raises(FrameError):
        unpack(Pipe(data).read, most=2)
