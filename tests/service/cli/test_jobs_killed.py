"""A service that is killed while it works off a job, and started again."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

pytestmark = pytest.mark.slow

Serve = Callable[..., subprocess.Popen[bytes]]


def api(data: Path, method: str, path: str, **body: object) -> dict[str, object]:
    """Ask the service that owns a folder."""
    owner = json.loads((data / "owner.json").read_text())
    headers = {"Authorization": f"Bearer {owner['key']}"}
    reply = httpx.request(
        method,
        f"{owner['url']}/api{path}",
        headers=headers,
        trust_env=False,
        timeout=60,
        **body,  # type: ignore[arg-type]
    )
    assert reply.is_success, reply.text
    told: dict[str, object] = reply.json()
    return told


def path_of(url: str) -> str:
    """Return the path of a page."""
    return "/" + url.rpartition("/")[2]


def states(data: Path, job_id: object) -> dict[str, str]:
    """Return the state of each item of a job."""
    job = api(data, "GET", f"/jobs/{job_id}?limit=1000")
    return {item["name"]: item["state"] for item in job["items"]}  # type: ignore[attr-defined]


def ended(data: Path, job_id: object) -> dict[str, object]:
    """Wait for a job, and return it."""
    deadline = time.monotonic() + 120
    while (job := api(data, "GET", f"/jobs/{job_id}"))["state"] == "running" and time.monotonic() < deadline:
        time.sleep(0.05)
    return job


def test_a_killed_service_goes_on_with_its_job(serve: Serve, tmp_path: Path, news_site: object) -> None:
    """Killed three times, each time further on: every item is live at last, no page that was kept is fetched again."""
    data, site = tmp_path / "data", news_site
    service = serve(data, fetch_private_hosts=site.host)  # type: ignore[attr-defined]
    urls = [site.url(f"page{n}") for n in range(4)]  # type: ignore[attr-defined]
    articles = [{"id": f"a{n}", "text": f"Report {n} came by the north road."} for n in range(80)]
    job_id = api(data, "POST", "/articles", json={"urls": urls, "articles": articles})["id"]
    asked: dict[str, int] = {}  # how often, when it was first seen to be kept
    for kills in range(3):
        deadline = time.monotonic() + 60
        while len(asked) <= kills and time.monotonic() < deadline:
            for url, state in states(data, job_id).items():
                if url in urls and state != "queued":
                    asked.setdefault(url, site.asked.count(path_of(url)))  # type: ignore[attr-defined]
        assert len(asked) > kills
        os.kill(service.pid, signal.SIGKILL)
        service.wait()
        service = serve(data, fetch_private_hosts=site.host)  # type: ignore[attr-defined]
    job = ended(data, job_id)
    assert (job["state"], job["results"]["failed"], job["done"]) == ("done", 0, 84)  # type: ignore[index]
    for url, times in asked.items():
        assert site.asked.count(path_of(url)) == times  # type: ignore[attr-defined]
    assert api(data, "GET", "/articles")["total"] == 84
    assert not list((data / "spool").iterdir())


def test_a_killed_service_goes_on_with_a_sitemap(serve: Serve, tmp_path: Path, site: object) -> None:
    """Killed when its pages have just become items, and once more: each page is an item once, and live at last."""
    data = tmp_path / "data"
    names = [f"page{n}" for n in range(4)]
    for name in names:
        site.article(f"/{name}", name, f"The ferry {name} sails.")  # type: ignore[attr-defined]
    site.sitemap("/map", **dict.fromkeys(names, "2024-05-02"))  # type: ignore[attr-defined]
    service = serve(data, fetch_private_hosts=site.host)  # type: ignore[attr-defined]
    job_id = api(data, "POST", "/articles", json={"urls": [f"{site.url}/map"]})["id"]  # type: ignore[attr-defined]
    for live in (0, 1):
        deadline = time.monotonic() + 60
        while (found := list(states(data, job_id).values())).count("live") < live or "listed" not in found:
            assert time.monotonic() < deadline
        os.kill(service.pid, signal.SIGKILL)
        service.wait()
        service = serve(data, fetch_private_hosts=site.host)  # type: ignore[attr-defined]
    job = ended(data, job_id)
    assert (job["state"], job["total"], job["results"]["failed"]) == ("done", 5, 0)  # type: ignore[index]
    assert [article["modified_at"] for article in api(data, "GET", "/articles")["articles"]] == ["2024-05-02"] * 4  # type: ignore[attr-defined]
    assert site.asked.count("/map") == 1  # type: ignore[attr-defined]
