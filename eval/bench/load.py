"""Load on a running service: requests a second and latency of several clients at once, `python -m eval.bench.load`.

The service runs in a process of its own over the sample articles, with the real encoder and a chat model that quotes,
so that what is measured is the service and not a language model. Replies that turn a client away are counted apart.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from rich.table import Table

from eval.metrics.percentiles import percentile
from eval.serving import serving
from service.cli.output import console, stderr

__all__ = ["Load", "main", "measure"]

_SAMPLES = Path(__file__).parent.parent / "samples" / "articles"
_QUESTION = {"question": "What is the toll on the Gannet Bridge?"}
_PATHS = ("/api/search", "/api/ask")
_TURNED_AWAY = (429, 503)


@dataclass
class Load:
    """What clients met: seconds of each reply with 200, and how many were turned away or failed."""

    path: str
    clients: int
    seconds: float
    latencies: list[float] = field(default_factory=list)
    turned_away: int = 0
    failed: int = 0

    @property
    def rate(self) -> float:
        """Return the replies with 200 a second."""
        return len(self.latencies) / self.seconds

    def row(self) -> tuple[str, ...]:
        """Return it as a row of a table."""
        times = [percentile(self.latencies, q) for q in (50, 95)]
        shown = ["-" if taken is None else f"{taken * 1000:.0f}" for taken in times]
        return self.path, str(self.clients), f"{self.rate:.1f}", *shown, str(self.turned_away), str(self.failed)


async def measure(url: str, path: str, clients: int, seconds: float) -> Load:
    """Let `clients` send one request after the other to `path` for so many seconds, and return what they met."""
    load = Load(path, clients, seconds)
    end = time.perf_counter() + seconds
    limits = httpx.Limits(max_connections=clients)
    async with httpx.AsyncClient(base_url=url, timeout=60, trust_env=False, limits=limits) as client:
        await asyncio.gather(*(_client(client, load, end) for _ in range(clients)))
    return load


async def _client(client: httpx.AsyncClient, load: Load, end: float) -> None:
    while (began := time.perf_counter()) < end:
        try:
            reply = await client.post(load.path, json=_QUESTION)
        except httpx.TransportError:
            load.failed += 1
            continue
        if reply.is_success:
            load.latencies.append(time.perf_counter() - began)
        elif reply.status_code in _TURNED_AWAY:
            load.turned_away += 1
            await asyncio.sleep(0.05)  # far less than it is told to wait
        else:
            load.failed += 1


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, and print the table; return the exit code."""
    parser = argparse.ArgumentParser("python -m eval.bench.load", description=__doc__, allow_abbrev=False)
    parser.add_argument("--clients", type=int, nargs="+", default=(1, 8, 32, 128), help="clients at once")
    parser.add_argument("--seconds", type=float, default=8, help="seconds for each (default: %(default)s)")
    options = parser.parse_args(argv)
    table = Table(title="load", title_justify="left", box=None, pad_edge=False)
    for header in ("path", "clients", "replies a second", "median ms", "p95 ms", "turned away", "failed"):
        table.add_column(header, justify="left" if header == "path" else "right")
    settings = {"chat_model": "fake:extract"}
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder), settings, _SAMPLES) as url:
        for path in _PATHS:
            for clients in options.clients:
                stderr().print(f"{path}, {clients} clients", style="dim")
                table.add_row(*asyncio.run(measure(url, path, clients, options.seconds)).row())
    console().print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
