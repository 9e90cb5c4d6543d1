"""Feeds and sitemaps sent as jobs: what they name is listed, read, searched, and told as it happens."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from index.articles import derived_id
from tests.service.http.test_jobs import ended, events, send

pytestmark = pytest.mark.slow

OpenClient = Callable[..., TestClient]
PUBLISHED = "<pubDate>Thu, 02 May 2024 08:30:00 GMT</pubDate>"


def test_a_feed_becomes_its_pages(open_client: OpenClient, site: object) -> None:
    """The feed is told as what it was, its pages as items that came later, and a page that is broken fails alone."""
    site.article("/a", "Ferry", "The ferry sails.")  # type: ignore[attr-defined]
    site.feed("/feed", "/a", "/gone", "/a", dates=PUBLISHED)  # type: ignore[attr-defined]
    client = open_client(fetch_private_hosts=(site.host,))  # type: ignore[attr-defined]
    job = send(client, json={"urls": [f"{site.url}/feed"]})  # type: ignore[attr-defined]
    assert job["total"] == 1
    done = ended(client, job["id"])
    assert (done["total"], done["done"]) == (3, 3)
    assert done["items_by_state"]["listed"] == 1  # type: ignore[index]
    assert done["results"] == {"added": 1, "updated": 0, "unchanged": 0, "deleted": 0, "failed": 1}
    feed, *_ = [item for name, item in events(client, job["id"]) if name == "item"]
    assert (feed["state"], feed["reason"]) == ("listed", f"{site.url}/feed: is a feed that names 2 pages")  # type: ignore[attr-defined]
    assert feed["warnings"] == ["1 entries left out that name the same page again"]
    assert [item["error"] for item in done["failures"]] == ["not_fetched"]  # type: ignore[index, attr-defined]
    article = client.get(f"/api/articles/{derived_id(site.url + '/a')}").json()  # type: ignore[attr-defined]
    assert article["published_at"] == "2024-05-02T08:30:00+00:00"
    found = client.post("/api/search", json={"question": "When does the ferry sail?"}).json()["evidence"]
    assert found[0]["article_id"] == article["id"]


def test_a_feed_that_names_too_many(open_client: OpenClient, site: object) -> None:
    """The newest pages are read, and how many were left out is told with the setting that raises it."""
    for name in "abc":
        site.article(f"/{name}", name, f"The ferry {name} sails.")  # type: ignore[attr-defined]
    site.sitemap("/map", a="2024-05-01", b="2024-05-03", c="2024-05-02")  # type: ignore[attr-defined]
    client = open_client(fetch_private_hosts=(site.host,), max_entries=1)  # type: ignore[attr-defined]
    done = ended(client, send(client, json={"urls": [f"{site.url}/map"]})["id"])  # type: ignore[attr-defined]
    listed, live = done["items"]  # type: ignore[misc]
    assert listed["warnings"] == ["2 pages were left out beside the newest 1; PULLQUOTE_MAX_ENTRIES raises that"]
    assert (live["name"], live["state"]) == (f"{site.url}/b", "live")  # type: ignore[attr-defined]


def test_a_feed_that_leads_inside(open_client: OpenClient, site: object, news_site: object) -> None:
    """A page of a feed is fetched only from where any page may be."""
    site.feed("/feed", "http://10.0.0.1/", news_site.url("one"))  # type: ignore[attr-defined]
    client = open_client(fetch_private_hosts=(site.host,))  # type: ignore[attr-defined]
    done = ended(client, send(client, json={"urls": [f"{site.url}/feed"]})["id"])  # type: ignore[attr-defined]
    assert [item["error"] for item in done["failures"]] == ["address_refused"] * 2  # type: ignore[index, attr-defined]
    assert news_site.asked == []  # type: ignore[attr-defined]
