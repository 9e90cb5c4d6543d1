"""Jobs over HTTP: pages, files and articles sent at once, watched, cancelled, and refused where they are too many."""

import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from index.articles import derived_id

pytestmark = pytest.mark.slow

OpenClient = Callable[..., TestClient]
DONE = ("done", "cancelled")


def send(client: TestClient, **body: object) -> dict[str, object]:
    """Send a job, and return it as it began."""
    reply = client.post("/api/articles", **body)  # type: ignore[arg-type]
    assert reply.status_code == 202, reply.text
    job: dict[str, object] = reply.json()
    assert reply.headers["Location"] == f"/api/jobs/{job['id']}"
    return job


def events(client: TestClient, job_id: object) -> list[tuple[str, dict[str, object]]]:
    """Return the events of a job until its end."""
    lines = client.get(f"/api/jobs/{job_id}/events").text.split("\n")
    names = [line.removeprefix("event: ") for line in lines if line.startswith("event: ")]
    return list(zip(names, (json.loads(line[6:]) for line in lines if line.startswith("data: ")), strict=True))


def ended(client: TestClient, job_id: object) -> dict[str, object]:
    """Wait for the end of a job, and return it."""
    name, body = events(client, job_id)[-1]
    assert (name, body["state"] in DONE) == ("final", True)
    return body


def test_pages_and_articles_become_live(open_client: OpenClient, news_site: object) -> None:
    """All are listed, read and searched afterwards; what failed says why, and the others are not affected."""
    client = open_client(fetch_private_hosts=(news_site.host,))  # type: ignore[attr-defined]
    urls = [news_site.url("one"), news_site.url("gone"), "ftp://a.example/", "http://10.0.0.1/"]  # type: ignore[attr-defined]
    articles = [
        {"id": "dam", "text": "The Hessel Dam gate failed.", "outlet": "The Compass", "published_at": "2023-10-17"},
        {"text": "It has neither."},
        {"id": "../x", "text": "Not an id."},
        {"id": "late", "text": "A report.", "published_at": "tomorrow"},
    ]
    job = send(client, json={"urls": urls, "articles": articles})
    assert (job["total"], job["state"]) == (8, "running")
    done = ended(client, job["id"])
    assert done["results"] == {"added": 2, "updated": 0, "unchanged": 0, "deleted": 0, "failed": 6}
    failures = {item["name"]: (item["error"], item["reason"]) for item in done["failures"]}  # type: ignore[index, attr-defined]
    assert {name: error for name, (error, _) in failures.items()} == {
        urls[1]: "not_fetched",
        urls[2]: "url_refused",
        urls[3]: "address_refused",
        "article 2": "invalid_article",
        "../x": "invalid_article",
        "late": "invalid_article",
    }
    for name, (_, reason) in failures.items():
        assert reason.startswith(f"{name}: ")
    assert client.get("/api/articles/dam").json()["published_at"] == "2023-10-17"
    page = client.get(f"/api/articles/{derived_id(urls[0])}").json()
    assert (page["title"], page["url"]) == ("Ferry one", urls[0])
    assert client.post("/api/search", json={"question": "Hessel Dam"}).json()["evidence"][0]["article_id"] == "dam"


def test_files_become_live(client: TestClient) -> None:
    """Text, Markdown, JSON lines and pages in files; the same again changes nothing, another text is an update."""
    page = b"<html><body><article><p>" + b"The museum opens again on Monday. " * 20 + b"</p></article></body></html>"
    files = [
        ("files", ("ferry.txt", b"The ferry sails again.")),
        ("files", ("dam.md", b"---\ntitle: Dam\noutlet: The Compass\n---\n\nThe dam failed.")),
        ("files", ("dump.jsonl", b'{"id": "a", "text": "Rain fell."}\n{"id": "b", "text": ""}\n')),
        ("files", ("museum.html", page)),
    ]
    done = ended(client, send(client, files=files)["id"])
    assert done["results"] == {"added": 4, "updated": 0, "unchanged": 0, "deleted": 0, "failed": 1}
    assert [item["name"] for item in done["failures"]] == ["dump.jsonl, line 2"]  # type: ignore[index, attr-defined]
    done = ended(client, send(client, files=[*files, ("files", ("dam.md", b"The dam holds."))])["id"])
    assert done["results"] == {"added": 0, "updated": 1, "unchanged": 4, "deleted": 0, "failed": 1}


def test_events_tell_the_whole_job(client: TestClient) -> None:
    """Each item once when it has ended, counts that only go up, and the body of the plain call as the last."""
    articles = [{"id": f"a{n}", "text": f"Report {n} came."} for n in range(40)] + [{"id": "bad", "text": " "}]
    job = send(client, json={"articles": articles})
    told = events(client, job["id"])
    items = [body for name, body in told if name == "item"]
    done = [body["done"] for name, body in told if name == "progress"]
    assert sorted(item["name"] for item in items) == sorted(article["id"] for article in articles)  # type: ignore[type-var]
    assert done == sorted(done)  # type: ignore[type-var]
    assert done[-1] == 41
    assert [name for name, _ in told].count("final") == 1
    assert told[-1] == ("final", client.get(f"/api/jobs/{job['id']}").json())
    assert events(client, job["id"])[-1] == told[-1]  # one that has ended is told too


def test_an_idle_stream_shows_that_it_lives(
    open_client: OpenClient, news_site: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While nothing happens comments come, so that nobody takes the connection for dead."""
    monkeypatch.setattr("fastapi.routing._PING_INTERVAL", 0.05)
    client = open_client(fetch_private_hosts=(news_site.host,))  # type: ignore[attr-defined]
    news_site.open.clear()  # type: ignore[attr-defined]
    job = send(client, json={"urls": [news_site.url("one")]})  # type: ignore[attr-defined]
    # the whole reply is only given at its end, which the site holds back until the server has had time to be bored
    threading.Timer(1, news_site.open.set).start()  # type: ignore[attr-defined]
    pings = [line for line in client.get(f"/api/jobs/{job['id']}/events").text.split("\n") if line.startswith(":")]
    assert pings


def test_jobs_are_listed_and_paged(client: TestClient) -> None:
    """The newest first; items of one in pages."""
    ids = [send(client, json={"articles": [{"id": f"a{n}", "text": "Rain."}]})["id"] for n in range(3)]
    assert [job["id"] for job in client.get("/api/jobs?limit=2").json()["jobs"]] == [ids[2], ids[1]]
    job = send(client, json={"articles": [{"id": f"b{n}", "text": "Rain."} for n in range(5)]})
    page = client.get(f"/api/jobs/{job['id']}?offset=1&limit=2").json()
    assert ([item["name"] for item in page["items"]], page["total"]) == (["b1", "b2"], 5)


def test_a_job_is_cancelled(open_client: OpenClient, news_site: object) -> None:
    """What is not done is given up, a fetch that is under way included; the next job is done."""
    client = open_client(fetch_private_hosts=(news_site.host,))  # type: ignore[attr-defined]
    news_site.open.clear()  # type: ignore[attr-defined]
    job = send(client, json={"urls": [news_site.url(f"{n}") for n in range(6)]})  # type: ignore[attr-defined]
    cancelled = client.delete(f"/api/jobs/{job['id']}").json()
    assert (cancelled["state"], cancelled["items_by_state"]["cancelled"]) == ("cancelled", 6)
    news_site.open.set()  # type: ignore[attr-defined]
    assert ended(client, job["id"])["items_by_state"]["cancelled"] == 6  # type: ignore[index]
    assert ended(client, send(client, json={"articles": [{"id": "a", "text": "Rain."}]})["id"])["state"] == "done"
    assert client.get("/api/articles").json()["total"] == 1
    assert client.delete(f"/api/jobs/{job['id']}").status_code == 200
    assert client.delete("/api/jobs/job_0").json()["error"] == "job_not_found"


def test_what_waits_is_bounded(open_client: OpenClient, news_site: object) -> None:
    """Beyond the limits 429 with Retry-After and the limit's name; there is room again once jobs are done."""
    client = open_client(fetch_private_hosts=(news_site.host,), max_jobs=2, max_job_items=5)  # type: ignore[attr-defined]
    news_site.open.clear()  # type: ignore[attr-defined]
    page = {"urls": [news_site.url("one")]}  # type: ignore[attr-defined]
    first = send(client, json=page)
    reply = client.post("/api/articles", json={"articles": [{"id": "a", "text": "Rain."}] * 5})
    assert (reply.status_code, reply.json()["error"]) == (429, "jobs_full")
    assert "1 items wait to be done, and at most 5 may (PULLQUOTE_MAX_JOB_ITEMS)" in reply.json()["detail"]
    send(client, json=page)
    reply = client.post("/api/articles", json=page)
    assert "2 jobs wait to be done, and at most 2 may (PULLQUOTE_MAX_JOBS)" in reply.json()["detail"]
    assert int(reply.headers["Retry-After"]) > 0
    reply = client.post("/api/articles", json={"articles": [{"id": "a", "text": "Rain."}] * 6})
    assert (reply.status_code, reply.json()["error"]) == (413, "job_too_large")
    news_site.open.set()  # type: ignore[attr-defined]
    ended(client, first["id"])
    send(client, json=page)


def test_too_many_files_and_too_many_bytes(open_client: OpenClient) -> None:
    """413 that names the limit; nothing of it is kept."""
    client = open_client(max_job_files=2, max_body_bytes=2_000)
    files = [("files", (f"{n}.txt", b"Rain.")) for n in range(3)]
    reply = client.post("/api/articles", files=files)
    assert (reply.status_code, reply.json()["error"]) == (413, "body_too_large")
    assert "more than 2 files were sent; send them in parts, or raise PULLQUOTE_MAX_JOB_FILES" in reply.json()["detail"]
    large = [("files", ("a.txt", b"Rain. " * 400))]
    boundary = {"Content-Type": "multipart/form-data; boundary=x"}
    body = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\n' + b"Rain. " * 400
    for reply in (
        client.post("/api/articles", files=large),
        client.post("/api/articles", content=iter([body[:900], body[900:], b"\r\n--x--\r\n"]), headers=boundary),
    ):
        assert (reply.status_code, reply.json()["error"]) == (413, "body_too_large")
        assert "PULLQUOTE_MAX_BODY_BYTES" in reply.json()["detail"]
    assert client.get("/api/jobs").json()["jobs"] == []
    send(client, files=files[:2])


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"json": {}}, "body: Value error, a job needs `urls` or `articles`"),
        ({"json": {"urls": []}}, "body.urls: List should have at least 1 item"),
        ({"json": {"urls": ["a" * 2_001]}}, "body.urls.0: String should have at most 2000 characters"),
        ({"json": {"urls": ["http://a.example"], "x": 1}}, "body.x: Extra inputs are not permitted"),
        ({"json": [1]}, "body: Input should be an object"),
        ({"content": b"{", "headers": {"Content-Type": "application/json"}}, "body: Invalid JSON"),
        ({"content": b"[" * 9_999, "headers": {"Content-Type": "application/json"}}, "body: Invalid JSON"),
        ({"content": b"a", "headers": {"Content-Type": "text/plain"}}, "body: must be JSON"),
        ({"content": b"a"}, "body: must be JSON"),
        ({"files": [("file", ("a.txt", b"Rain."))]}, "body.file: is no field of this form; send files as 'files'"),
        ({"files": [("files", (None, b"Rain."))]}, "body: the form cannot be read (Too many fields"),
        ({"content": b"a", "headers": {"Content-Type": "multipart/form-data"}}, "body: the form cannot be read"),
        (
            {"content": b"a", "headers": {"Content-Type": "multipart/form-data; boundary=x"}},
            "body: the form cannot be read",
        ),
        (
            {"content": b"--x--\r\n", "headers": {"Content-Type": "multipart/form-data; boundary=x"}},
            "body.files: Field required",
        ),
    ],
)
def test_what_is_no_job_is_refused(shared: TestClient, sent: dict[str, object], words: str) -> None:
    """422 with what is wrong, and no job."""
    reply = shared.post("/api/articles", **sent)  # type: ignore[arg-type]
    assert (reply.status_code, reply.json()["error"]) == (422, "invalid_request")
    assert reply.json()["detail"].startswith(words)
    assert shared.get("/api/jobs").json()["jobs"] == []


def test_a_removed_article_is_not_brought_back(open_client: OpenClient, news_site: object) -> None:
    """An article that is removed while a job waits to add it stays away, and the job says so."""
    client = open_client(fetch_private_hosts=(news_site.host,))  # type: ignore[attr-defined]
    news_site.open.clear()  # type: ignore[attr-defined]
    url = news_site.url("one")  # type: ignore[attr-defined]
    job = send(client, json={"urls": [url]})
    assert client.delete(f"/api/articles/{derived_id(url)}").status_code == 204
    news_site.open.set()  # type: ignore[attr-defined]
    assert ended(client, job["id"])["results"]["deleted"] == 1  # type: ignore[index]
    assert client.get("/api/articles").json()["total"] == 0


def hostile_names(outside: Path) -> Iterator[bytes]:
    """Yield names that lead elsewhere where they are taken for paths."""
    target = str(outside).encode()
    ups = [b"../" * n + b"evil.txt" for n in (1, 2, 3, 8)]
    yield from (*ups, *(name.replace(b"/", b"\\") for name in ups))
    yield from (target + b"/evil.txt", b"/" + target + b"/evil.txt", b"file://" + target + b"/evil.txt")
    yield from (b"/etc/passwd.txt", b"/dev/null.txt", b"/proc/self/mem.txt", b"~/evil.txt", b"~root/evil.txt")
    yield from (b"C:\\evil.txt", b"C:/evil.txt", b"C:evil.txt", b"\\\\server\\share\\evil.txt", b"\\\\?\\C:\\evil.txt")
    yield from (b"con.txt", b"nul.txt", b"aux", b"evil.txt:stream", b"evil.txt::$DATA", b"evil.txt.", b"evil.txt ")
    yield from (b"a\x00.txt", b"..\x00/evil.txt", b"evil.txt\x00.png", b"a\x1b[2J.txt", b"a\x7f.txt", b"a\ttab.txt")
    yield from (b"..%2fevil.txt", b"..%252f..%252fevil.txt", b"..%c0%afevil.txt", b"\xc0\xae\xc0\xae/evil.txt")
    yield from (b"..", b".", b"", b"/", b"-rf.txt", b"$(touch evil).txt", b"`touch evil`.txt", b"|touch evil.txt")
    yield from (b"ledger.db", b"../ledger.db", b"owner.json", b"\xff\xfe.txt", "é🛬.txt".encode(), b"a" * 300 + b".txt")
    yield from ("．．／evil.txt".encode(), "\u202eevil.txt".encode(), b"....//evil.txt", b"spool/evil.txt")


def tree(folder: Path) -> set[str]:
    """Return everything below a folder, but what is in the spool and the ledger's own files."""
    return {
        os.path.relpath(path, folder)
        for path in folder.rglob("*")
        if not path.name.startswith("ledger.db") and "vectors" not in path.parts
    }


def test_a_name_is_never_a_path(client: TestClient, tmp_path: Path) -> None:
    """Whatever files are called, nothing is written anywhere but in the ledger and the spool, which is empty after."""
    client.post("/api/search", json={"question": "Rain"})
    ended(client, send(client, files=[("files", ("first.txt", b"Rain fell."))])["id"])
    before = tree(tmp_path)
    names = list(hostile_names(tmp_path / "outside"))
    assert len(names) >= 40
    for name in names:
        head = b'--x\r\nContent-Disposition: form-data; name="files"; filename="' + name.replace(b"\\", b"\\\\")
        body = head + b'"\r\n\r\nRain fell on ' + str(len(name)).encode() + b" roofs.\r\n--x--\r\n"
        sent = client.post("/api/articles", content=body, headers={"Content-Type": "multipart/form-data; boundary=x"})
        assert sent.status_code in (202, 422), (name, sent.text)
        if sent.status_code == 202:
            done = ended(client, sent.json()["id"])
            assert done["done"] == 1
            (item,) = done["items"]  # type: ignore[misc]
            assert not any(ord(character) < 32 for character in item["name"])
    assert tree(tmp_path) == before
    assert not list((tmp_path / "data" / "spool").iterdir())
    assert not (tmp_path / "outside").exists()
    assert client.get("/readyz").status_code == 200


def wait_until(holds: Callable[[], bool]) -> None:
    """Wait for something that happens in the background."""
    for _ in range(2_000):
        if holds():
            return
        time.sleep(0.005)
    raise AssertionError("it never happened")


def test_a_stream_that_nobody_reads_holds_up_nobody(client: TestClient) -> None:
    """A job goes on whether or not somebody watches it."""
    job = send(client, json={"articles": [{"id": f"a{n}", "text": f"Report {n} came."} for n in range(30)]})
    with client.stream("GET", f"/api/jobs/{job['id']}/events"):
        pass
    wait_until(lambda: client.get(f"/api/jobs/{job['id']}").json()["state"] == "done")
