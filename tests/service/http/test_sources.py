"""What is followed, by HTTP."""

from fastapi.testclient import TestClient

from index import find_owner
from service.settings import Settings

FEED = {"place": "https://news.example/feed.xml", "kind": "feed"}
PAGE = {"place": "https://news.example/a", "kind": "page", "listing": FEED["place"], "etag": '"1"', "told": {"a": "b"}}


def test_a_source_is_followed_and_forgotten(client: TestClient) -> None:
    """It is listed once however often it is followed, with what was seen of it, and then there is none."""
    first, again = (client.post("/api/sources", json=FEED).json() for _ in range(2))
    assert first == again
    assert client.get("/api/sources").json() == {"sources": [first]}
    items = f"/api/sources/{first['id']}/items"
    assert client.post(items, json={"items": [PAGE], "synced": True}).status_code == 204
    (item,) = client.get(items).json()["items"]
    assert item == {**PAGE, "article_id": None, "last_modified": None, "shared": False}
    assert client.get("/api/sources").json()["sources"][0]["synced_at"] is not None
    assert client.get(f"{items}?offset=1").json()["items"] == []
    client.post(items, json={"dropped": [PAGE["place"]]})
    assert client.get(items).json()["items"] == []
    assert client.delete(f"/api/sources/{first['id']}").status_code == 204
    for reply in (client.get(items), client.post(items, json={}), client.delete(f"/api/sources/{first['id']}")):
        assert (reply.status_code, reply.json()["error"]) == (404, "source_not_found")


def test_only_a_truth_value_says_that_a_source_was_read(client: TestClient) -> None:
    """A number in its place is refused, and nothing is noted."""
    source = client.post("/api/sources", json=FEED).json()
    assert client.post(f"/api/sources/{source['id']}/items", json={"synced": 1}).status_code == 422
    assert client.get("/api/sources").json()["sources"][0]["synced_at"] is None


def test_an_item_knows_only_articles_that_are_there(client: TestClient, stored: dict[str, object]) -> None:
    """An article that was removed is no longer that of its item, so that its page is fetched again."""
    assert stored
    key = client.post("/api/sources", json=FEED).json()["id"]
    client.post(f"/api/sources/{key}/items", json={"items": [{**PAGE, "article_id": "visit"}]})
    assert client.get(f"/api/sources/{key}/items").json()["items"][0]["article_id"] == "visit"
    client.delete("/api/articles/visit")
    assert client.get(f"/api/sources/{key}/items").json()["items"][0]["article_id"] is None


def test_folders_are_for_commands_of_the_owner(client: TestClient, settings: Settings) -> None:
    """Nobody else may have the service read files of its machine, as a folder or in the guise of a feed."""
    folder = {"place": "/etc", "kind": "folder"}
    refused = client.post("/api/sources", json=folder)
    assert (refused.status_code, refused.json()["error"]) == (403, "forbidden")
    client.post("/api/sources", json={**folder, "kind": "feed"})
    assert client.get("/api/sources").json()["sources"][0]["kind"] == "feed"
    owner = find_owner(settings.data_dir)
    assert owner is not None
    headers = {"Authorization": f"Bearer {owner.key}"}
    assert client.post("/api/sources", json=folder, headers=headers).status_code == 200


def test_what_cannot_be_sent_again_is_refused(client: TestClient) -> None:
    """An ETag with a line break, and too many items, are refused."""
    key = client.post("/api/sources", json=FEED).json()["id"]
    for body in ({"items": [{**PAGE, "etag": "a\nX: b"}]}, {"items": [PAGE] * 1_001}, {"other": 1}):
        assert client.post(f"/api/sources/{key}/items", json=body).status_code == 422
