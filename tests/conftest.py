"""What all tests share: no network but loopback, models by path, a library in a temporary folder."""

import hashlib
import http.server
import ipaddress
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
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


class Site:
    """A web site on a loopback address of its own, at a port that is fetched from; what it serves may change.

    `asked` holds the paths that were asked for but robots.txt, with a `*` before those answered by 304.
    """

    def __init__(self) -> None:
        self.replies: dict[str, Reply] = {}
        self.asked: list[str] = []
        self.closing = threading.Event()
        number = int.from_bytes(os.urandom(3), "big")
        self.host = f"127.{1 + number % 250}.{number // 250 % 250}.{2 + number // 62_500 % 250}"
        self.url = f"http://{self.host}:8080"
        self._server = http.server.ThreadingHTTPServer((self.host, 8080), type("H", (_Handler,), {"site": self}))
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    def put(self, path: str, body: str | bytes, content_type: str = "text/html; charset=utf-8", **more: object) -> None:
        """Serve a body at a path; `more` are fields of Reply."""
        self.replies[path] = Reply(body if isinstance(body, bytes) else body.encode(), content_type, **more)  # type: ignore[arg-type]

    def article(self, path: str, title: str, said: str, head: str = "", **more: object) -> None:
        """Serve an article that says something."""
        text = f"<p>{said}</p><p>It was a long day at the harbour of Port Ellis, as everybody said who was there.</p>"
        page = f"<html lang=en><head><title>{title}</title>{head}</head><body><article><h1>{title}</h1>{text * 2}"
        self.put(path, f"<!doctype html>{page}</article></body></html>", **more)

    def feed(self, path: str, *links: str, dates: str = "", **more: object) -> None:
        """Serve a feed of some links; `dates` are elements of each item."""
        items = "".join(f"<item><title>T</title><link>{link}</link>{dates}</item>" for link in links)
        self.put(path, f'<rss version="2.0"><channel><title>F</title>{items}</channel></rss>', "text/xml", **more)

    def sitemap(self, path: str, **lastmods: str) -> None:
        """Serve a sitemap of pages by name, each with its lastmod where there is one."""
        pages = "".join(
            f"<url><loc>{self.url}/{name}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</url>"
            for name, day in lastmods.items()
        )
        self.put(path, f"<urlset>{pages}</urlset>", "application/xml", cached=False)

    def asked_now(self) -> list[str]:
        """Return what was asked for since the last call, in order of names."""
        asked, self.asked = sorted(self.asked), []
        return asked

    def close(self) -> None:
        """Stop."""
        self.closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@dataclass(frozen=True)
class Reply:
    """What is served at a path.

    With `cached` it has an ETag, and is not sent again while that is the same; what `hangs` is not ended with its body.
    """

    body: bytes
    content_type: str
    status: int = 200
    cached: bool = True
    hangs: bool = False
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def etag(self) -> str:
        """Return the ETag of the body."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:8]}"'


class _Handler(http.server.BaseHTTPRequestHandler):
    site: Site

    def do_GET(self) -> None:
        reply = self.site.replies.get(self.path, Reply(b"gone", "text/html", 404))
        same = reply.cached and reply.status == 200 and self.headers["If-None-Match"] == reply.etag
        if self.path != "/robots.txt":
            self.site.asked.append("*" * same + self.path)
        self.send_response(304 if same else reply.status)
        for name, value in {"Content-Type": reply.content_type, **reply.headers}.items():
            self.send_header(name, value)
        if reply.cached and reply.status == 200:
            self.send_header("ETag", reply.etag)
        self.end_headers()
        if not same:
            self.wfile.write(reply.body)
        if reply.hangs:
            self.wfile.flush()
            self.site.closing.wait(60)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[Site]:
    """Return a web site, which is stopped at the end."""
    opened = Site()
    yield opened
    opened.close()
