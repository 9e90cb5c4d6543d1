from collections.abc import Callable
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

Body = dict[str, object]
QUESTION = "Who led the Chinese side?"


def test_a_question_is_answered(client: TestClient, stored: Body) -> None:
    """The answer comes with its sentence, which is a slice of the article at that version."""
    reply = client.post("/api/ask", json={"question": QUESTION})
    assert reply.status_code == 200
    body = reply.json()
    assert (body["outcome"], body["answer"]) == ("answered", "General Zhang Youxia led the Chinese side.[1]")
    (citation,) = body["citations"]
    again = client.get(f"/api/articles/{citation['article_id']}", params={"version": citation["version"]}).json()
    assert again == stored
    assert again["text"][citation["start"] : citation["end"]] == citation["quote"]
    assert citation["published_at"] == body["as_of"] == "2022-06-13"


def test_every_outcome_has_status_200(client: TestClient, article: Body) -> None:
    """Nothing indexed, nothing admitted, nothing found: all are answers."""
    asked = {"question": QUESTION}
    assert client.post("/api/ask", json=asked).json()["reason"] == "index_empty"
    client.put("/api/articles/visit", json=article)
    filtered = client.post("/api/ask", json={**asked, "filters": {"outlets": ["Other"]}})
    assert (filtered.status_code, filtered.json()["reason"]) == (200, "no_articles_match_filters")
    refused = client.post("/api/ask", json={"question": "When was the purple bridge painted?"})
    assert (refused.status_code, refused.json()["reason"]) == (200, "no_evidence")
    assert refused.json()["nearest"]


@pytest.mark.parametrize(("model", "reason"), [("fake:down", "model_unavailable"), ("fake:nonsense", "model_invalid")])
def test_a_model_that_fails_is_an_answer_too(
    open_client: Callable[..., TestClient], article: Body, model: str, reason: str
) -> None:
    """The outcome `failed` has status 200, and repeats nothing of the provider's error."""
    client = open_client(chat_model=model)
    client.put("/api/articles/visit", json=article)
    reply = client.post("/api/ask", json={"question": QUESTION})
    assert (reply.status_code, reply.json()["outcome"], reply.json()["reason"]) == (200, "failed", reason)
    assert "sk-canary" not in reply.text


@pytest.mark.usefixtures("stored")
def test_all_fields_of_a_question_are_taken(client: TestClient) -> None:
    """History, filters, time, queries and limit may be given."""
    reply = client.post(
        "/api/ask",
        json={
            "question": QUESTION,
            "history": [{"role": "user", "content": "Hello."}, {"role": "assistant", "content": "Ask."}],
            "filters": {"outlets": ["Apex"], "published_from": "2022", "published_to": None},
            "asked_at": "2022-06-20T00:00:00Z",
            "search_as": ["General Zhang", "Chinese side"],
            "limit": 1,
        },
    )
    assert reply.json()["searched"] == ["General Zhang", "Chinese side"]
    assert (reply.json()["degraded"], reply.json()["window"]) == ([], None)
    assert reply.json()["as_of"] == "2022-06-13"


def test_a_search_gives_passages_and_evidence(client: TestClient, stored: Body) -> None:
    """Passages come ranked, evidence numbered in reading order, both as slices of the article."""
    text = str(stored["text"])
    body = client.post("/api/search", json={"question": QUESTION, "limit": 3}).json()
    assert body["passages"]
    assert [item["n"] for item in body["evidence"]] == [1, 2, 3]
    for item in (*body["passages"], *body["evidence"]):
        assert text[item["start"] : item["end"]] == item["text"]
    assert (body["searched"], body["reason"], body["articles_searched"]) == ([QUESTION], None, 1)
    least = client.post("/api/search", json={"question": QUESTION, "budget_tokens": 1}).json()
    assert [item["text"] for item in least["evidence"]] == ["General Zhang Youxia led the Chinese side."]
    none = client.post("/api/search", json={"question": QUESTION, "filters": {"published_to": "2022"}}).json()
    assert (none["passages"], none["reason"]) == ([], "no_articles_match_filters")


def test_a_search_of_an_empty_library_says_why(client: TestClient) -> None:
    """Nothing is found, and the reason is told."""
    body = client.post("/api/search", json={"question": QUESTION}).json()
    assert (body["evidence"], body["reason"], body["articles_searched"]) == ([], "index_empty", 0)


def test_an_article_is_added_changed_and_removed(client: TestClient, article: Body) -> None:
    """201 for a new one, 200 after that, 204 for the end, then 404."""
    path = "/api/articles/visit"
    added = client.put(path, json=article)
    assert (added.status_code, added.json()["change"], added.json()["encoded"]) == (201, "added", 1)
    same = client.put(path, json=article)
    assert (same.status_code, same.json()["change"]) == (200, "unchanged")
    signed = client.put(path, json={**article, "author": "Other"})
    assert (signed.status_code, signed.json()["change"], signed.json()["encoded"]) == (200, "updated", 0)
    renamed = client.put(path, json={**article, "title": "Other"})
    assert (renamed.status_code, renamed.json()["change"], renamed.json()["encoded"]) == (200, "updated", 1)
    changed = client.put(path, json={**article, "text": "Nothing happened."})
    assert (changed.status_code, changed.json()["change"]) == (200, "updated")
    gone = client.get(path, params={"version": added.json()["version"]})
    assert (gone.status_code, gone.json()["error"]) == (410, "version_gone")
    assert changed.json()["version"] in gone.json()["detail"]
    removed = client.delete(path)
    assert (removed.status_code, removed.content) == (204, b"")
    for reply in (client.delete(path), client.get(path)):
        assert (reply.status_code, reply.json()["error"]) == (404, "article_not_found")
    assert client.post("/api/ask", json={"question": QUESTION}).json()["reason"] == "index_empty"


def test_articles_are_listed_by_pages(client: TestClient, article: Body) -> None:
    """Offset and limit cut the list by id; the total stays."""
    assert client.get("/api/articles").json() == {"articles": [], "total": 0, "offset": 0, "limit": 100}
    for name in ("c", "a", "b"):
        client.put(f"/api/articles/{name}", json={"text": "One. Two.", "language": "en"})
    page = client.get("/api/articles", params={"offset": 1, "limit": 1}).json()
    assert ([entry["id"] for entry in page["articles"]], page["total"]) == (["b"], 3)
    assert (page["articles"][0]["chars"], page["articles"][0]["sentences"]) == (9, 2)
    client.put("/api/articles/a", json=article)
    first = client.get("/api/articles").json()["articles"][0]
    assert first.items() >= {name: article[name] for name in article if name != "text"}.items()
    assert "text" not in first


@pytest.mark.parametrize("article_id", ["a#b", "a~b", "a:b", "a#b~c:d._-", "...", "~", "#", "x" * 128, "con"])
def test_ids_with_signs_are_percent_encoded(client: TestClient, article: Body, article_id: str) -> None:
    """Every allowed sign of an id survives the way through the path."""
    path = f"/api/articles/{quote(article_id, safe='')}"
    assert client.put(path, json=article).json()["id"] == article_id
    assert client.get(path).json()["id"] == article_id
    answer = client.post("/api/ask", json={"question": QUESTION, "filters": {"article_ids": [article_id]}}).json()
    assert answer["citations"][0]["article_id"] == article_id
    assert client.delete(path).status_code == 204


def test_a_path_taken_by_another_file_is_a_conflict(client: TestClient) -> None:
    """An id made from a path belongs to the file that came first."""
    body = {"text": "One.", "source": "/news/1.md", "origins": {"id": "path"}}
    assert client.put("/api/articles/a", json=body).status_code == 201
    reply = client.put("/api/articles/a", json={**body, "source": "/other/1.md", "text": "Two."})
    assert (reply.status_code, reply.json()["error"]) == (409, "id_taken")
    assert client.get("/api/articles/a").json()["text"] == "One."


def test_health_and_readiness(client: TestClient) -> None:
    """The process answers, and each part is touched."""
    assert client.get("/healthz").json() == {"status": "ok"}
    reply = client.get("/readyz")
    assert reply.status_code == 200
    assert reply.json()["ready"] is True
    assert {name: part["ok"] for name, part in reply.json()["parts"].items()} == {
        "ledger": True,
        "index": True,
        "model": True,
        "journal": True,
    }


@pytest.mark.parametrize("changes", [{"chat_model": "fake:down"}, {"encoder": "nowhere"}])
def test_a_part_that_fails_makes_it_unready(open_client: Callable[..., TestClient], changes: dict[str, str]) -> None:
    """503 with the state of each part, no secret, while the process is healthy."""
    client = open_client(**changes)
    reply = client.get("/readyz")
    assert (reply.status_code, reply.json()["ready"]) == (503, False)
    assert sorted(part["ok"] for part in reply.json()["parts"].values()) == [False, True, True, True]
    assert "sk-canary" not in reply.text
    assert client.get("/healthz").status_code == 200
