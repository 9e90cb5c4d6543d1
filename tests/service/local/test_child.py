"""The child's side of the line, seen from outside, with the fake in the real one's place."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from service.local.protocol import ChildConfig, read_ready

CONFIG = ChildConfig("fake.gguf", context_tokens=4096, slots=2, threads=1, api_key="key")

PARENT = """
import asyncio, pathlib
from service.local.supervisor import LocalConfig, LocalServer

async def main():
    server = LocalServer(LocalConfig(pathlib.Path("fake.gguf")), module="service.local.fake_child")
    await server.start()
    print(server.pid, flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""


@contextmanager
def child(*, first_line: bytes) -> Iterator[subprocess.Popen[bytes]]:
    """Run the fake child, having written a line to it."""
    command = [sys.executable, "-m", "service.local.fake_child"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe) as process:  # noqa: S603 - our own module
        assert process.stdin
        process.stdin.write(first_line)
        process.stdin.flush()
        try:
            yield process
        finally:
            process.kill()


def ready(process: subprocess.Popen[bytes]) -> int:
    """Wait until the child is ready and return its port."""
    assert process.stdout
    port = read_ready(process.stdout.readline())
    assert port
    return port


def is_running(pid: int) -> bool:
    """Tell a running process from one that is gone, or dead and not yet collected."""
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


def test_the_end_of_the_line_is_the_end_of_the_child() -> None:
    """A child whose parent closes the line ends at once."""
    with child(first_line=CONFIG.to_line()) as process:
        ready(process)
        assert process.stdin
        process.stdin.close()
        assert process.wait(timeout=2) == 0


def test_a_parent_gone_before_it_spoke() -> None:
    """A child that never gets its configuration ends."""
    with child(first_line=b'{"model') as process:
        assert process.stdin
        process.stdin.close()
        assert process.wait(timeout=5) == 0


def test_an_interrupt_is_the_parents_business() -> None:
    """Ctrl-C, which reaches the whole group, does not end the child."""
    with child(first_line=CONFIG.to_line()) as process:
        ready(process)
        process.send_signal(signal.SIGINT)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(timeout=0.3)


def test_terminate_is_obeyed() -> None:
    """A child that is told to terminate does."""
    with child(first_line=CONFIG.to_line()) as process:
        ready(process)
        process.terminate()
        assert process.wait(timeout=2) == -signal.SIGTERM


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for the process in /proc")
def test_a_killed_parent_takes_its_child_along() -> None:
    """A child is gone within two seconds of a parent that was killed with no chance to clean up."""
    command = [sys.executable, "-c", PARENT]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as parent:  # noqa: S603 - our own script
        assert parent.stdout
        pid = int(parent.stdout.readline())
        assert is_running(pid)
        parent.kill()
    deadline = time.monotonic() + 2
    while is_running(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not is_running(pid)


def test_the_supervisor_is_cheap_to_import() -> None:
    """Importing the supervisor loads neither the engine nor an HTTP client."""
    script = "import sys, service.local.supervisor; print([m for m in ('xllamacpp', 'httpx') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)  # noqa: S603
    assert done.stdout.strip() == b"[]"


def test_the_configuration_survives_the_line() -> None:
    """What the parent writes is what the child reads, and the key stays out of its repr."""
    line = CONFIG.to_line()
    assert line.count(b"\n") == 1
    assert ChildConfig.from_line(line) == CONFIG
    assert "'key'" not in repr(CONFIG)


@pytest.mark.parametrize("line", [b"", b"hello\n", b"[]\n", b"{}\n", b'{"port": "1"}\n'])
def test_another_reply_is_no_port(line: bytes) -> None:
    """A line that is not the agreed reply is not taken for a port."""
    assert read_ready(line) is None


def test_a_module_without_an_engine(tmp_path: Path) -> None:
    """The real child says by its exit code that the engine is not installed."""
    (tmp_path / "xllamacpp.py").write_text("raise ImportError('not here')")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), *filter(None, sys.path)])}
    done = subprocess.run(
        [sys.executable, "-m", "service.local.child"],
        input=CONFIG.to_line(),
        capture_output=True,
        check=False,
        env=environment,
    )
    assert done.returncode == 65
    assert b"not here" in done.stderr


def test_a_file_that_is_no_model(tmp_path: Path) -> None:
    """The real child says by its exit code that the file is not a model."""
    pytest.importorskip("xllamacpp")
    junk = tmp_path / "junk.gguf"
    junk.write_bytes(b"no model" * 100)
    told = json.loads(CONFIG.to_line()) | {"model_path": str(junk)}
    done = subprocess.run(
        [sys.executable, "-m", "service.local.child"],
        input=json.dumps(told).encode() + b"\n",
        capture_output=True,
        check=False,
    )
    assert done.returncode == 66
    assert b"junk.gguf" in done.stderr
    assert done.stdout == b""
