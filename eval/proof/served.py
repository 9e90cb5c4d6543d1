"""`python -m eval.proof served`: a whole service, killed again and again while several clients use it over HTTP.

After each start it must be ready by itself, with every article that was acknowledged found by each of its sentences,
once and whole, with none that was removed, and with jobs that go on and end. The encoder is the fake one.
"""

import argparse
import random
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from eval.proof.clients import TIMEOUT_S, Client
from eval.proof.served_truth import look
from eval.serving import ServingError, start_service, wait_until_ready
from service.cli.output import console, stderr

__all__ = ["Served", "kill_the_service", "main"]

_SETTINGS = {"encoder": "fake", "chat_model": "fake:extract", "rate_limit": "none", "max_jobs": "1000"}
_CLIENTS = 4
_MOST_CHANGES = 40
_LATER_S = 0.3
_NEVER_S = 60  # a service that acknowledges nothing
_AT_START = 0.2
_START_S = 4.0


@dataclass
class Served:
    """One life of a service: when it was killed, what was wrong when it began, and what was done in it."""

    moment: str
    problems: list[str] = field(default_factory=list)
    seconds: float | None = None
    sentences: int = 0
    changes: int = 0
    searches: int = 0


def kill_the_service(folder: Path, *, count: int, seed: int) -> Iterator[Served]:
    """Yield what each of `count` lives found, and of one more that is not killed before it has looked."""
    chance = random.Random(seed)
    clients = [Client(number, seed) for number in range(_CLIENTS)]
    for number in range(count + 1):
        at_start = 0 < number < count and chance.random() < _AT_START
        life = Served("the start" if at_start else "requests" if number < count else "the end")
        process, url = start_service(folder, _SETTINGS)
        try:
            if at_start:
                time.sleep(chance.random() * _START_S)
            else:
                _live(process, url, clients, life, chance)
        finally:
            process.kill()
            if (code := process.wait()) != -signal.SIGKILL:
                life.problems.append(f"the process ended by itself with {code}")
        yield life


def _live(
    process: subprocess.Popen[bytes], url: str, clients: Sequence[Client], life: Served, chance: random.Random
) -> None:
    begun = time.monotonic()
    try:
        wait_until_ready(url)
        life.seconds = time.monotonic() - begun
        with httpx.Client(base_url=url, trust_env=False, timeout=TIMEOUT_S) as http:
            life.problems, life.sentences = look(http, clients)
    except (ServingError, httpx.HTTPError) as exc:
        life.problems.append(f"{type(exc).__name__}: {exc}")
        return
    if _imports_torch(process.pid):
        life.problems.append("torch was imported, which makes a start slow")
    if life.moment == "requests":
        _use_until_killed(process, url, clients, life, chance)


def _use_until_killed(
    process: subprocess.Popen[bytes], url: str, clients: Sequence[Client], life: Served, chance: random.Random
) -> None:
    """Have all clients work at once; kill the service at some moment after so many acknowledged changes."""
    killed_after, later_s = chance.randrange(1, _MOST_CHANGES), chance.random() * _LATER_S
    counting, enough = threading.Lock(), threading.Event()

    def acknowledged() -> None:
        with counting:
            life.changes += 1
            if life.changes >= killed_after:
                enough.set()

    threads = [threading.Thread(target=client.work, args=(url, acknowledged)) for client in clients]
    searches = sum(client.searches for client in clients)
    for thread in threads:
        thread.start()
    enough.wait(_NEVER_S)
    time.sleep(later_s)
    process.kill()
    for thread in threads:
        thread.join()
    life.searches = sum(client.searches for client in clients) - searches


def _imports_torch(pid: int) -> bool:
    """Tell whether a process has loaded torch, where the system tells what it has loaded."""
    maps = Path(f"/proc/{pid}/maps")
    return maps.exists() and "libtorch" in maps.read_text()


def main(argv: Sequence[str] | None = None) -> int:
    """Kill, and print what was found; return 1 where anything was lost."""
    parser = argparse.ArgumentParser(prog="python -m eval.proof served", description=__doc__, allow_abbrev=False)
    parser.add_argument("--count", type=int, default=20, help="how many kills; default: 20, three minutes")
    parser.add_argument("--seed", type=int, default=0, help="which ones")
    options = parser.parse_args(argv)
    lives = []
    with TemporaryDirectory(prefix="pullquote-proof-", ignore_cleanup_errors=True) as folder:
        for life in kill_the_service(Path(folder), count=options.count, seed=options.seed):
            lives.append(life)
            for problem in life.problems:
                stderr().print(f"life {len(lives)}, killed amid {life.moment}: {problem}", markup=False)
    return _report(lives)


def _report(lives: Sequence[Served]) -> int:
    checked = [life for life in lives if life.seconds is not None]
    failed = sum(bool(life.problems) for life in lives)
    changes = sum(life.changes for life in lives)
    at_start = sum(life.moment == "the start" for life in lives)
    out = console()
    out.print(f"kills      {len(lives) - 1:,}, {at_start:,} of them while it started")
    out.print(f"amid       {changes:,} acknowledged changes, {sum(life.searches for life in lives):,} searches")
    out.print(f"checked    {len(checked):,} starts, of {sum(life.sentences for life in checked):,} sentences in all")
    out.print(f"ready      by itself, at most {max((life.seconds or 0 for life in checked), default=0):.1f} seconds")
    out.print(f"failed     {failed:,} of {len(lives):,}")
    return 1 if failed or not changes or not checked else 0
