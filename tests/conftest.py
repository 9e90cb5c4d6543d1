"""What all tests share: no network but loopback, models by path, a library in a temporary folder."""

import ipaddress
import os
import socket
import time
from collections.abc import Callable
from pathlib import Path

import hypothesis
import pytest

from index.weights import MINILM, require
from service.local.catalogue import QWEN_CODER_1_5B
from service.offline import force_offline
from service.settings import Settings

force_offline()
hypothesis.settings.register_profile("seeded", derandomize=True, deadline=None, max_examples=60)
hypothesis.settings.load_profile("seeded")

ROOT = Path(__file__).parent.parent


class NetworkRefusedError(RuntimeError):
    """A test tried to leave this machine."""


def _refuse_unless_loopback(address: object) -> None:
    host = address[0] if isinstance(address, tuple) else address
    try:
        allowed = ipaddress.ip_address(str(host)).is_loopback
    except ValueError:
        allowed = host == "localhost" or str(host).startswith(("/", "\0"))
    if not allowed:
        raise NetworkRefusedError(f"a test tried to reach {address!r}")


@pytest.fixture(autouse=True)
def _loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection and look-up that leaves this machine."""
    connect, connect_ex, resolve = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: object) -> None:
        _refuse_unless_loopback(address)
        connect(self, address)  # type: ignore[arg-type]

    def guarded_connect_ex(self: socket.socket, address: object) -> int:
        _refuse_unless_loopback(address)
        return connect_ex(self, address)  # type: ignore[arg-type]

    def guarded_resolve(host: object, *args: object, **kwargs: object) -> object:
        if host is not None:
            _refuse_unless_loopback(host.decode() if isinstance(host, bytes) else host)
        return resolve(host, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded_connect)
    monkeypatch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
    monkeypatch.setattr(socket, "getaddrinfo", guarded_resolve)


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Start every test without settings of the developer's own, in an empty folder without .env."""
    for name in [name for name in os.environ if name.startswith("PULLQUOTE_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


_MODELS = Path(os.environ.get("PULLQUOTE_MODELS_DIR") or ROOT / "data" / "models").resolve()


@pytest.fixture(scope="session")
def models_folder() -> Path:
    """Return the folder of pulled models; `make models` fills it."""
    return _MODELS


@pytest.fixture(scope="session")
def encoder_folder(models_folder: Path) -> Path:
    """Return the folder of the default encoder."""
    return require(models_folder, MINILM)


@pytest.fixture(scope="session")
def chat_weights(models_folder: Path) -> Path:
    """Return the file of the default chat model."""
    return require(models_folder, QWEN_CODER_1_5B) / QWEN_CODER_1_5B.files[0].path


@pytest.fixture(scope="session")
def samples() -> Path:
    """Return the folder of the sample articles."""
    return ROOT / "eval" / "samples" / "articles"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return settings with a fake encoder and a fake chat model, in a folder of the test's own."""
    return Settings(data_dir=tmp_path / "data", encoder="fake", chat_model="fake:extract")


@pytest.fixture(scope="session")
def pick_port() -> Callable[[], int]:
    """Return what finds a port of loopback that is free now."""

    def pick() -> int:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port: int = probe.getsockname()[1]
        return port

    return pick


@pytest.fixture
def free_port(pick_port: Callable[[], int]) -> int:
    """Return a port of loopback that is free now."""
    return pick_port()


@pytest.fixture
def grows_linearly() -> Callable[[Callable[[str], object], str], bool]:
    """Tell whether the time of a function of text grows with the text, and not with its square.

    A text eight times as long may take up to 24 times as long: on a busy machine no less is sure, and a square is 64.
    """

    def seconds(work: Callable[[str], object], text: str) -> float:
        begun = time.process_time()
        work(text)
        return time.process_time() - begun

    def grows(work: Callable[[str], object], unit: str) -> bool:
        short, long = ((unit * size)[:size] for size in (2_000, 16_000))
        return min(seconds(work, long) for _ in range(2)) < 24 * max(seconds(work, short) for _ in range(2)) + 0.01

    return grows
