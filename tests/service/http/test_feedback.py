"""Feedback on answers: which of them can be rated, for how long, and what becomes of them."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from service.contract import AskIn
from service.http.app import create_app
from service.journal import read_kept
from service.settings import Settings

pytestmark = pytest.mark.slow

OpenClient = Callable[..., TestClient]
QUESTION = {"question": "Who led the Chinese side?"}
QUOTE = "General Zhang Youxia led the Chinese side."


def files_with(folder: Path, text: str) -> list[str]:
    """Return the names of the journal's files that hold a text, byte for byte."""
    return sorted(each.name for each in folder.glob("journal.db*") if text.encode() in each.read_bytes())


@pytest.fixture
def answer_id(client: TestClient, stored: object) -> str:  # noqa: ARG001
    """Return the id of an answer that was just given, and is kept."""
    answer = client.post("/api/ask", json=QUESTION).json()
    assert client.get("/readyz").json()["parts"]["journal"]["detail"].startswith("1 answers")
    return str(answer["id"])


def test_an_answer_can_be_rated_and_rated_again(client: TestClient, settings: Settings, answer_id: str) -> None:
    """The reply is what was stored, and the second rating takes the place of the first."""
    first = client.post("/api/feedback", json={"answer_id": answer_id, "rating": "down", "note": "too short"})
    assert first.status_code == 200
    body = first.json()
    assert body.pop("given_at").endswith("Z")
    assert body == {"answer_id": answer_id, "rating": "down", "note": "too short"}
    second = client.post("/api/feedback", json={"answer_id": answer_id, "rating": "up"})
    assert (second.status_code, second.json()["note"]) == (200, None)
    (kept,) = read_kept(settings.journal_path)
    assert kept.feedback
    assert kept.feedback.model_dump() == second.json()


def test_every_answer_is_kept_whole(client: TestClient, settings: Settings, stored: object) -> None:  # noqa: ARG001
    """Request and answer are kept as they were sent and given, whatever the outcome."""
    asked = {**QUESTION, "asked_at": "2024-05-01", "filters": {"outlets": ["Apex"]}, "limit": 3}
    follow_up = {"question": "And whom?", "history": [{"role": "user", "content": "Hm"}], "search_as": ["nobody"]}
    given = [client.post("/api/ask", json=body).json() for body in (asked, follow_up)]
    assert client.get("/readyz").json()["parts"]["journal"]["detail"] == "2 answers of the last 30 days"
    rows = {kept.answer.id: kept for kept in read_kept(settings.journal_path)}
    assert [rows[body["id"]].answer.model_dump(mode="json") for body in given] == given
    assert [rows[body["id"]].request for body in given] == [AskIn.model_validate(sent) for sent in (asked, follow_up)]


def test_an_answer_that_is_not_kept_cannot_be_rated(client: TestClient) -> None:
    """404 with the days and what to do."""
    reply = client.post("/api/feedback", json={"answer_id": "ans_0", "rating": "up"})
    assert (reply.status_code, reply.json()["error"]) == (404, "answer_not_kept")
    assert "'ans_0'" in reply.json()["detail"]
    assert "kept for 30 days (PULLQUOTE_KEEP_ANSWERS_DAYS)" in reply.json()["detail"]


def test_where_nothing_is_kept_nothing_can_be_rated(
    open_client: OpenClient, settings: Settings, article: object
) -> None:
    """409 that names the setting; questions are answered, and no journal is made."""
    client = open_client(keep_answers_days=0)
    client.put("/api/articles/visit", json=article)
    answer = client.post("/api/ask", json=QUESTION).json()
    assert (answer["outcome"], answer["degraded"]) == ("answered", [])
    reply = client.post("/api/feedback", json={"answer_id": answer["id"], "rating": "up"})
    assert (reply.status_code, reply.json()["error"]) == (409, "feedback_off")
    assert "PULLQUOTE_KEEP_ANSWERS_DAYS is 0" in reply.json()["detail"]
    assert client.delete("/api/articles/visit").status_code == 204
    assert not settings.journal_path.exists()
    assert client.get("/readyz").json()["parts"]["journal"]["ok"] is True


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"rating": "good"}, "body.rating: Input should be 'up' or 'down'"),
        ({"rating": None}, "body.rating"),
        ({"note": "x" * 2_001}, "body.note: String should have at most 2000 characters"),
        ({"note": 5}, "body.note"),
        ({"note": "half \ud800"}, "body.note"),
        ({"answer_id": ""}, "body.answer_id"),
        ({"answer_id": "x" * 129}, "body.answer_id"),
        ({"comment": "x"}, "body.comment: Extra inputs are not permitted"),
    ],
)
def test_what_is_no_feedback_is_refused(
    client: TestClient, settings: Settings, answer_id: str, change: dict[str, object], problem: str
) -> None:
    """422 that names the field, and nothing is stored; a note may have 2,000 characters."""
    good = {"answer_id": answer_id, "rating": "up", "note": "x" * 2_000}
    half_characters_too = json.dumps({**good, **change})
    reply = client.post("/api/feedback", content=half_characters_too, headers={"Content-Type": "application/json"})
    assert (reply.status_code, reply.json()["error"]) == (422, "invalid_request")
    assert problem in reply.json()["detail"]
    assert read_kept(settings.journal_path)[0].feedback is None
    assert client.post("/api/feedback", json=good).status_code == 200


def test_deleting_an_article_takes_its_words_from_kept_answers(
    client: TestClient, settings: Settings, answer_id: str
) -> None:
    """Once the deletion is acknowledged, no file of the journal holds them; the answer can still be rated."""
    assert files_with(settings.data_dir, QUOTE)
    assert client.delete("/api/articles/visit").status_code == 204
    assert files_with(settings.data_dir, "Zhang Youxia") == []
    reply = client.post("/api/feedback", json={"answer_id": answer_id, "rating": "down"})
    assert reply.status_code == 200
    (kept,) = read_kept(settings.journal_path, rating="down")
    assert kept.redacted
    assert [citation.article_id for citation in kept.answer.citations] == ["visit"]


def test_replacing_an_article_leaves_kept_answers(
    client: TestClient, settings: Settings, answer_id: str, article: dict[str, object]
) -> None:
    """What was quoted stays as it was quoted, with the version that it was."""
    assert client.put("/api/articles/visit", json={**article, "text": "Nobody led anything."}).status_code == 200
    (kept,) = read_kept(settings.journal_path)
    assert (kept.answer.id, kept.redacted) == (answer_id, False)
    assert kept.answer.citations[0].quote == QUOTE


def test_a_deletion_that_cannot_be_redacted_is_told(settings: Settings, article: object) -> None:
    """503 that says what is done and what is not; the article is gone, and the next start does the rest."""
    with TestClient(create_app(settings), base_url="http://127.0.0.1") as client:
        client.put("/api/articles/visit", json=article)
        client.post("/api/ask", json=QUESTION)
        client.get("/readyz")
        with sqlite3.connect(settings.journal_path) as other:
            other.execute("CREATE TRIGGER refuse BEFORE UPDATE ON answers BEGIN SELECT RAISE(ABORT, 'no'); END")
        reply = client.delete("/api/articles/visit")
        assert (reply.status_code, reply.json()["error"]) == (503, "journal")
        assert "article 'visit' is removed, but answers that quote it are still kept" in reply.json()["detail"]
        assert client.get("/api/articles/visit").status_code == 404
        other.execute("DROP TRIGGER refuse")
        other.close()
    assert files_with(settings.data_dir, QUOTE)
    with TestClient(create_app(settings), base_url="http://127.0.0.1") as client:
        assert client.get("/readyz").json()["parts"]["journal"]["ok"]
        assert files_with(settings.data_dir, "Zhang Youxia") == []


def test_a_journal_that_cannot_be_written_is_in_nobodys_way(
    open_client: OpenClient, settings: Settings, article: object
) -> None:
    """Questions are answered and say so, the service is ready, and feedback is 503."""
    settings.journal_path.mkdir(parents=True)
    client = open_client()
    client.put("/api/articles/visit", json=article)
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()["ready"]) == (200, True)
    assert ready.json()["parts"]["journal"]["ok"] is False
    answer = client.post("/api/ask", json=QUESTION).json()
    assert (answer["outcome"], answer["answer"]) == ("answered", f"{QUOTE}[1]")
    assert [each["part"] for each in answer["degraded"]] == ["journal"]
    reply = client.post("/api/feedback", json={"answer_id": answer["id"], "rating": "up"})
    assert (reply.status_code, reply.json()["error"]) == (503, "journal")
    assert reply.headers["Retry-After"]


@pytest.mark.parametrize("content", [b"no database" * 100, b""])
def test_a_journal_that_cannot_be_read_is_in_nobodys_way(
    open_client: OpenClient, settings: Settings, article: object, content: bytes
) -> None:
    """The service starts, answers and takes feedback; what was set aside is named where the state is told."""
    settings.data_dir.mkdir()
    settings.journal_path.write_bytes(content)
    client = open_client()
    client.put("/api/articles/visit", json=article)
    answer = client.post("/api/ask", json=QUESTION).json()
    assert (answer["outcome"], answer["degraded"]) == ("answered", [])
    assert client.post("/api/feedback", json={"answer_id": answer["id"], "rating": "up"}).status_code == 200
    part = client.get("/readyz").json()["parts"]["journal"]
    assert part["ok"]
    assert ("journal.db.aside-1 could not be read" in part["detail"]) is bool(content)


def test_answers_are_there_after_a_restart(settings: Settings, article: object) -> None:
    """An answer of before can be rated by its id."""
    with TestClient(create_app(settings), base_url="http://127.0.0.1") as client:
        client.put("/api/articles/visit", json=article)
        answer = client.post("/api/ask", json=QUESTION).json()
    with TestClient(create_app(settings), base_url="http://127.0.0.1") as client:
        reply = client.post("/api/feedback", json={"answer_id": answer["id"], "rating": "up"})
    assert reply.status_code == 200
