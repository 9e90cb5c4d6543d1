import pytest

from index.fetching import Policy


@pytest.mark.parametrize(
    "wrong",
    [
        {"max_bytes": -1},
        {"max_seconds": float("nan")},
        {"max_seconds": float("inf")},
        {"host_delay": -0.5},
        {"ports": ()},
        {"ports": (0,)},
        {"ports": (70_000,)},
        {"allow_private": "10.0.0.0/8"},
        {"content_types": "text/html"},
        {"allow_private": ("not a host",)},
    ],
)
def test_a_policy_that_cannot_be_meant_is_refused(wrong: dict[str, object]) -> None:
    """A wrong bound is an error when the policy is made, not a surprise when something is fetched."""
    with pytest.raises(ValueError, match=next(iter(wrong)) if "not a host" not in str(wrong) else "neither"):
        Policy(**wrong)


def test_nothing_private_is_allowed_by_default() -> None:
    """The default opens no private host, and has the bounds that its documentation tells."""
    policy = Policy()
    assert policy.allow_private == ()
    assert (policy.max_bytes, policy.max_seconds, policy.max_redirects) == (10_000_000, 20.0, 5)
    assert policy.ports == (80, 443, 8080, 8443)
