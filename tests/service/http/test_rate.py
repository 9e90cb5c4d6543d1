from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from service.errors import RateLimitedError
from service.http.rate import Rate
from service.settings import Settings
from service.tokens import TokenStore

QUESTION = {"question": "Who led?"}


def test_each_name_has_its_own_window() -> None:
    """One too many is refused with the seconds to wait, and others are not concerned."""
    rate = Rate("2/minute")
    rate.count("a")
    rate.count("a")
    with pytest.raises(RateLimitedError, match="the token 'a' may send 2/minute; send the next") as refused:
        rate.count("a")
    assert 1 <= refused.value.retry_after_s <= 60
    rate.count("b")


def test_no_limit_admits_all() -> None:
    """`none` counts nothing."""
    rate = Rate("none")
    for _ in range(1_000):
        rate.count("a")


def test_a_token_that_sends_too_much_is_told_to_wait(
    open_client: Callable[..., TestClient], settings: Settings
) -> None:
    """429 with Retry-After at once, for this token alone; health is never counted."""
    store = TokenStore(settings.tokens_path)
    eager, calm = ({"Authorization": f"Bearer {store.create(name, 'ask')}"} for name in ("eager", "calm"))
    client = open_client(rate_limit="3/minute")
    replies = [client.post("/api/search", json=QUESTION, headers=eager) for _ in range(5)]
    assert [reply.status_code for reply in replies] == [200, 200, 200, 429, 429]
    assert replies[-1].json()["error"] == "rate_limited"
    assert 1 <= int(replies[-1].headers["Retry-After"]) <= 60
    assert client.post("/api/search", json=QUESTION, headers=calm).status_code == 200
    assert client.get("/healthz", headers=eager).status_code == 200


def test_without_tokens_nothing_is_counted(open_client: Callable[..., TestClient]) -> None:
    """On loopback, while there is no token, any number of requests is served."""
    client = open_client(rate_limit="1/hour")
    assert {client.post("/api/search", json=QUESTION).status_code for _ in range(4)} == {200}
