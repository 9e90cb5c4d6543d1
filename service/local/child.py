"""The child process: llama.cpp's own HTTP server on a free loopback port. Run by the supervisor, not by hand."""

import importlib
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Protocol
from urllib.parse import urlsplit

from service.local.lifeline import Lifeline
from service.local.protocol import ChildConfig, ChildExit

__all__ = ["main"]

# A request that its client has left is noticed between two batches of the prompt. With llama.cpp's 2,048 tokens
# that is 20 s on two cores, with 64 it is 0.7 s; the prompt is read as fast (91 against 97 tokens a second).
_BATCH = 64

# Every waiting request holds one; when all are held, not even /health is answered.
_HTTP_THREADS = 64

# OpenMP's threads spin while they wait for each other, hundreds of times a token; where another process wants the
# same core, each wait costs a time slice. Tokens a second on two cores, idle / one of them busy with something else:
# 36 / 1 as it comes, 24 / 21 with no spin, 34 / 19 with a short one.
_SPIN_COUNT = "300"


class _Server(Protocol):
    listening_address: str


def main() -> None:
    """Serve until the parent closes standard input."""
    lifeline = Lifeline()
    config = lifeline.read_config()
    server = _open_server(_load_engine(), config)
    lifeline.announce(urlsplit(server.listening_address).port or 0)
    lifeline.hold()


def _load_engine() -> ModuleType:
    if "OMP_WAIT_POLICY" not in os.environ:
        os.environ.setdefault("GOMP_SPINCOUNT", _SPIN_COUNT)
    try:
        return importlib.import_module("xllamacpp")
    except ImportError as error:
        print(f"xllamacpp cannot be loaded: {error}", file=sys.stderr)  # noqa: T201 - stderr is the log
        sys.exit(ChildExit.NO_ENGINE)


def _open_server(engine: ModuleType, config: ChildConfig) -> _Server:
    params = engine.CommonParams()
    params.model.path = config.model_path
    params.model_alias = {Path(config.model_path).stem}  # else replies show the path
    params.n_ctx = config.context_tokens * config.slots  # llama.cpp divides it among the slots
    params.n_parallel = config.slots
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = config.threads
    params.n_batch = params.n_ubatch = _BATCH
    # Mapped, the file stays resident beside the repacked copy that is computed with: 2.07 GB instead of 1.47.
    params.load_mode = engine.llama_load_mode.LLAMA_LOAD_MODE_NONE
    params.fit_params = False  # it would shrink the context without a word where memory is short
    params.cache_prompt = True
    params.cache_ram_mib = 0  # by default up to 8 GiB of old prompts; the slots keep those that matter
    params.cache_idle_slots = False
    if config.prefixes:
        params.slot_save_path = os.path.join(config.prefixes, "")  # noqa: PTH118 - llama.cpp puts names behind it
    params.verbosity = 2  # warnings and errors
    _close_doors(params, config.api_key)
    try:
        server: _Server = engine.Server(params)
    except RuntimeError as error:
        print(f"llama.cpp: {error}", file=sys.stderr)  # noqa: T201 - stderr is the log
        sys.exit(ChildExit.BAD_MODEL)
    return server


class _Params(Protocol):
    """The part of llama.cpp's parameters that says who may ask for what."""

    hostnames: list[str]
    port: int
    api_keys: list[str]
    cors_origins: str
    n_threads_http: int
    offline: bool
    ui: bool
    endpoint_slots: bool
    endpoint_props: bool
    endpoint_metrics: bool


def _close_doors(params: _Params, api_key: str) -> None:
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.api_keys = [api_key]
    params.cors_origins = ""  # by default any web page may read the replies
    params.n_threads_http = _HTTP_THREADS
    params.offline = True
    params.ui = params.endpoint_slots = params.endpoint_props = params.endpoint_metrics = False


if __name__ == "__main__":
    main()
