"""A few kills of a whole service: the full count is `make proof`'s."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from eval.proof import served
from eval.proof.clients import Client
from eval.proof.served import Served, kill_the_service
from eval.proof.served_truth import look
from eval.serving import serving

pytestmark = pytest.mark.slow


@pytest.fixture
def service(tmp_path: Path) -> Iterator[httpx.Client]:
    """Return a client of a service with two articles."""
    with (
        serving(tmp_path, {"encoder": "fake", "chat_model": "fake:extract", "rate_limit": "none"}) as url,
        httpx.Client(base_url=url, trust_env=False, timeout=60) as http,
    ):
        for name in ("bridge", "ferry"):
            http.put(f"/api/articles/{name}", json={"text": f"The {name} opened. It is long."}).raise_for_status()
        yield http


def test_a_service_that_is_killed(tmp_path: Path) -> None:
    """After each kill it is ready by itself, and what was acknowledged is there, once and whole, or gone."""
    lives = list(kill_the_service(tmp_path, count=3, seed=1))
    assert [life.problems for life in lives] == [[]] * 4
    assert lives[-1].seconds is not None
    assert lives[-1].sentences > 0
    assert sum(life.changes for life in lives) > 0


def test_what_is_wrong_is_told(service: httpx.Client) -> None:
    """A lost article, one that should be gone, a text that was never sent, and a job that is not there."""
    client = Client(0, seed=1)
    client.said = {name: f"The {name} opened. It is long." for name in ("bridge", "ferry", "gone")}
    client.allowed = {name: {text} for name, text in client.said.items() if name != "gone"}
    assert look(service, [client]) == ([], 4)
    client.allowed |= {"gone": {client.said["gone"]}, "ferry": {None}, "bridge": {None, "The bridge fell."}}
    client.jobs = ["job_0"]
    problems, _ = look(service, [client])
    assert problems == [
        "job_0 is None",
        "bridge is another, or there though removed",
        "ferry is another, or there though removed",
        "gone is lost",
    ]
    client.said.pop("ferry")
    assert "ferry was never sent" in look(service, [client])[0]


def test_a_failure_fails_the_proof() -> None:
    """So does a run that killed nothing amid changes."""
    good = Served("requests", [], 1.0, 5, 3)
    assert served._report([good, Served("the end", [], 1.0, 5)]) == 0
    assert served._report([good, Served("the end", ["a1 is lost"], 1.0, 5)]) == 1
    assert served._report([Served("the end", [], 1.0, 5)]) == 1
