"""A child for tests: the same protocol and doors as the real one, a canned answer, and faults on demand.

Switches, all numbers: `exit_at_start` (that exit code), `start_delay_ms`, `never_ready`, `die_after` (that many
completions), `delay_ms` (of each completion), `hang_health`, `deaf` (to every kind request to end).
"""

import json
import os
import signal
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from service.local.lifeline import Lifeline
from service.local.protocol import ChildConfig

__all__ = ["ANSWER", "main"]

ANSWER = '{"evidence": ["1"], "text": "Yes."}'

_COMPLETION = {
    "id": "chatcmpl-fake",
    "object": "chat.completion",
    "created": 0,
    "model": "fake",
    "choices": [
        {
            "index": 0,
            "finish_reason": "stop",
            "message": {"role": "assistant", "content": ANSWER},
            "logprobs": {"content": [{"token": ANSWER, "logprob": -0.1, "bytes": None, "top_logprobs": []}]},
        }
    ],
    "usage": {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15},
}
_FOREVER_S = 3600


class _FakeServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, config: ChildConfig) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.key = f"Bearer {config.api_key}"
        self.faults = config.options
        self.completions = 0


class _Handler(BaseHTTPRequestHandler):
    server: _FakeServer

    def do_GET(self) -> None:
        if self.path != "/health":
            return self._reply(404, {"error": {"code": 404}})
        if self.server.faults.get("hang_health"):
            time.sleep(_FOREVER_S)
        return self._reply(200, {"status": "ok"})

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.headers.get("Authorization") != self.server.key:
            return self._reply(401, {"error": {"code": 401, "message": "Invalid API Key"}})
        if self.path != "/v1/chat/completions":
            return self._reply(404, {"error": {"code": 404}})
        time.sleep(self.server.faults.get("delay_ms", 0) / 1000)
        self._reply(200, _COMPLETION)
        self.server.completions += 1
        if self.server.completions == self.server.faults.get("die_after"):
            os._exit(1)
        return None

    def _reply(self, status: int, body: dict[str, object]) -> None:
        payload = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)


def main() -> None:
    """Serve until the parent closes standard input."""
    lifeline = Lifeline()
    config = lifeline.read_config()
    _fail_at_start(config)
    server = _FakeServer(config)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    lifeline.announce(server.server_port)
    if config.options.get("deaf"):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        time.sleep(_FOREVER_S)
    lifeline.hold()


def _fail_at_start(config: ChildConfig) -> None:
    faults = config.options
    time.sleep(_FOREVER_S if faults.get("never_ready") else faults.get("start_delay_ms", 0) / 1000)
    if code := faults.get("exit_at_start"):
        print(f"fake child: told to end with {code}", file=sys.stderr)  # noqa: T201 - stderr is the log
        sys.exit(code)


if __name__ == "__main__":
    main()
