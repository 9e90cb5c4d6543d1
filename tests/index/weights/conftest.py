"""Tiny weights, a hub on a loopback port, and a folder of wheels that the real pip reads."""

import hashlib
import os
import threading
import zipfile
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from index.weights import HubSource, WeightFile, Weights, WheelMember, WheelSource

FILES = {"model.bin": bytes(range(256)) * 400, "1_Pooling/config.json": b'{"dimension": 3}'}


@pytest.fixture
def files() -> dict[str, bytes]:
    """Hold the official bytes of the tiny model."""
    return dict(FILES)


@pytest.fixture
def tiny(files: dict[str, bytes]) -> Weights:
    """Describe a model of two files: on a hub, and in one wheel, the larger file cut into three more."""
    parts = tuple(WheelMember(f"tiny-part{n}", "1.0", f"tiny_part{n}/part.bin") for n in (1, 2, 3))
    small = WheelMember("tiny-config", "1.0", "tiny_config/config.json")
    return Weights(
        name="pullquote-tests/tiny",
        licence="Apache-2.0",
        files=tuple(WeightFile(path, len(data), hashlib.sha256(data).hexdigest()) for path, data in files.items()),
        sources=(
            HubSource("pullquote-tests/tiny", "r1"),
            WheelSource({"model.bin": parts, "1_Pooling/config.json": (small,)}),
        ),
    )


@pytest.fixture
def add_wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Mapping[str, bytes]], Path]:
    """Return what puts a wheel of version 1.0 where pip finds it, and nothing else."""
    house = tmp_path / "wheelhouse"
    house.mkdir()
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(house))

    def add(distribution: str, members: Mapping[str, bytes]) -> Path:
        package = distribution.replace("-", "_")
        info = f"{package}-1.0.dist-info"
        wheel = house / f"{package}-1.0-py3-none-any.whl"
        with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
            for path, data in members.items():
                archive.writestr(path, data)
            archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.0\n")
            archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
            archive.writestr(f"{info}/RECORD", "")
        return wheel

    return add


@pytest.fixture
def tiny_wheels(add_wheel: Callable[[str, Mapping[str, bytes]], Path], files: dict[str, bytes]) -> list[Path]:
    """Put the tiny model's wheels where pip finds them: three unequal parts, and the small file."""
    model = files["model.bin"]
    cuts = (model[:50_000], model[50_000:90_000], model[90_000:])
    wheels = [add_wheel(f"tiny-part{n}", {f"tiny_part{n}/part.bin": part}) for n, part in enumerate(cuts, start=1)]
    return [*wheels, add_wheel("tiny-config", {"tiny_config/config.json": files["1_Pooling/config.json"]})]


@pytest.fixture
def hub_files(files: dict[str, bytes]) -> dict[str, bytes]:
    """Hold what the hub serves, by path inside the repository; change it to make the hub lie."""
    return files


@pytest.fixture
def hub_asked() -> list[tuple[str, str | None]]:
    """Collect path and Range header of every request to the hub."""
    return []


@pytest.fixture
def hub_cuts() -> list[int]:
    """Say after how many bytes the hub drops the connection, one number a request."""
    return []


@pytest.fixture
def hub_url(
    hub_files: dict[str, bytes],
    hub_asked: list[tuple[str, str | None]],
    hub_cuts: list[int],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[str]:
    """Run a hub that redirects to its store, as the real one does, and knows ranges."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.startswith("/pullquote-tests/tiny/resolve/r1/"):
                self.send_response(302)
                self.send_header("Location", self.path.replace("/pullquote-tests/tiny/resolve/r1", "/store"))
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            path, span = self.path.removeprefix("/store/"), self.headers["Range"]
            hub_asked.append((path, span))
            if path not in hub_files:
                self.send_error(404)
                return
            self._send(hub_files[path], int(span.removeprefix("bytes=").rstrip("-")) if span else 0)

        def _send(self, data: bytes, start: int) -> None:
            if start >= len(data):
                self.send_error(416)
                return
            self.send_response(206 if start else 200)
            self.send_header("Content-Length", str(len(data) - start))
            if start:
                self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
            self.end_headers()
            self.wfile.write(data[start:][: hub_cuts.pop(0) if hub_cuts else None])

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
