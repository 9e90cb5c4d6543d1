"""A service in a process of its own, for what is measured or proved over HTTP."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx

from eval.errors import EvalError
from service.offline import FORCED

__all__ = ["ServingError", "serving", "start_service", "wait_until_ready"]

_START_S = 120
_SCRIPT = str(Path(sys.executable).parent / "pullquote")


class ServingError(EvalError):
    """The service did not start."""


@contextlib.contextmanager
def serving(folder: Path, settings: Mapping[str, str], articles: Path | None = None) -> Iterator[str]:
    """Yield the address of a service over `articles`, with these settings, named as fields are.

    Models are those of `data/models` unless the environment names another folder. Raises ServingError.
    """
    process, url = start_service(folder, settings, articles)
    try:
        wait_until_ready(url)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=30)


def start_service(
    folder: Path, settings: Mapping[str, str], articles: Path | None = None
) -> tuple[subprocess.Popen[bytes], str]:
    """Return the process of a service that is starting, and its address; whoever asks for it ends it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        bind = f"127.0.0.1:{probe.getsockname()[1]}"
    models = os.environ.get("PULLQUOTE_MODELS_DIR", str(Path("data/models").absolute()))
    given = {"data_dir": str(folder / "data"), "models_dir": models, "bind": bind, "log_level": "error", **settings}
    environment = {**os.environ, **FORCED, **{f"PULLQUOTE_{name.upper()}": value for name, value in given.items()}}
    if articles:
        subprocess.run([_SCRIPT, "add", str(articles)], env=environment, check=True, capture_output=True)  # noqa: S603
    return subprocess.Popen([_SCRIPT, "serve"], env=environment, stdout=subprocess.DEVNULL), f"http://{bind}"  # noqa: S603


def wait_until_ready(url: str) -> None:
    """Wait until the service at an address is ready. Raises ServingError."""
    end = time.monotonic() + _START_S
    while time.monotonic() < end:
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(f"{url}/readyz", trust_env=False, timeout=10).is_success:
                return
        time.sleep(0.2)
    raise ServingError(f"the service did not get ready within {_START_S} seconds")
