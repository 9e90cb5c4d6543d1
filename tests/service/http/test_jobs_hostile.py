"""Documents made to hurt, sent over HTTP: each fails alone, by its name, and the service goes on."""

import json
from collections.abc import Callable, Iterator, Mapping

import pytest
from fastapi.testclient import TestClient

from tests.index.extracting.conftest import raw_pdf, word_document
from tests.index.extracting.test_hostile import DOCX, GOOD, GZIP, HTML, PDF

pytestmark = pytest.mark.slow

OpenClient = Callable[..., TestClient]
# what is large, or runs into a limit of time, is told apart where documents are read
SLOW = {
    "one line of 10 MB", "10 MB without a space", "200,000 nested tags", "200,000 nested inline tags",
    "200,000 open lists", "500,000 links", "20,000 nested tables", "500,000 attributes", "open tag", "open comment",
    "a million entities", "blanks in JSON-LD", "long title", "wide JSON-LD", "page tree of a million",
    "bomb of many members", "a million empty paragraphs", "bomb beside the text",
}  # fmt: skip


def documents() -> Iterator[tuple[str, bytes]]:
    """Yield hostile files by names that tell what they are."""
    kinds: tuple[tuple[str, Mapping[str, Callable[[], bytes]]], ...] = (
        ("html", HTML),
        ("html.gz", GZIP),
        ("pdf", {case: (lambda made=made: made(raw_pdf)) for case, made in PDF.items()}),
        ("docx", {case: (lambda made=made: made(word_document)) for case, made in DOCX.items()}),
    )
    for ending, cases in kinds:
        for case, make in cases.items():
            if case not in SLOW:
                yield f"{case}.{ending}", make()


def sent(client: TestClient, files: list[tuple[str, bytes]]) -> dict[str, dict[str, object]]:
    """Send files as one job, and return what became of each by its name."""
    job = client.post("/api/articles", files=[("files", file) for file in files]).json()
    lines = client.get(f"/api/jobs/{job['id']}/events").text.split("\n")
    final = json.loads([line for line in lines if line.startswith("data: ")][-1][6:])
    assert (final["state"], final["total"]) == ("done", len(files))
    return {item["name"]: item for item in final["items"]}


def test_hostile_documents_fail_alone(open_client: OpenClient) -> None:
    """Each gives text or a failed item whose error names the file; a good one is read, and searches are answered."""
    client = open_client(max_body_bytes=50_000_000)
    files = [*documents(), ("good.html", GOOD)]
    items = sent(client, files)
    failed = {name: item for name, item in items.items() if item["state"] == "failed"}
    for name, item in failed.items():
        assert item["error"] in ("unreadable_document", "invalid_article"), item
        assert str(item["reason"]).startswith(f"{name}: "), item
    assert len(failed) >= 25, sorted(failed)
    assert {item["state"] for item in items.values()} == {"live", "failed"}
    for name, item in items.items():
        if item["state"] == "live":
            text = client.get(f"/api/articles/{item['article_id']}").json()["text"]
            assert "root:" not in text, name
    assert items["good.html"]["change"] == "added"
    found = client.post("/api/search", json={"question": "When does the ferry sail?"}).json()
    assert "ferry" in found["passages"][0]["text"]
    assert client.get("/readyz").status_code == 200
    assert sent(client, [("again.txt", b"Rain fell on the quay.")])["again.txt"]["state"] == "live"
