from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.fetching.robots_rules import ALLOW_ALL, DISALLOW_ALL, Rule, parse_robots


def rules(*lines: str) -> str:
    """Return a robots.txt for everybody."""
    return "\n".join(["User-agent: *", *lines])


@pytest.mark.parametrize(
    ("text", "target", "allowed"),
    [
        ("", "/x", True),
        (rules("Disallow:"), "/x", True),
        (rules("Disallow: /"), "/x", False),
        (rules("Disallow: /"), "/robots.txt", True),
        (rules("Disallow: /private"), "/private/x", False),
        (rules("Disallow: /private"), "/Private", True),
        (rules("Allow: /", "Disallow: /private"), "/private", False),
        (rules("Disallow: /", "Allow: /public"), "/public/x", True),
        (rules("Disallow: /x", "Allow: /x"), "/x", True),
        (rules("Disallow: /*?print"), "/news?print=1", False),
        (rules("Disallow: /*?print"), "/news?page=1", True),
        (rules("Disallow: /*.pdf$"), "/a/b.pdf", False),
        (rules("Disallow: /*.pdf$"), "/a/b.pdf?x", True),
        (rules("Disallow: /x$"), "/x", False),
        (rules("Disallow: /x$"), "/xy", True),
        (rules("Disallow: *x*y"), "/axby", False),
        (rules("Disallow: *x*y"), "/ayb", True),
        (rules("Disallow: /a*a$"), "/a", True),
        (rules("Disallow: /ü"), "/%C3%BC", False),
        (rules("Disallow: /%7eme"), "/~me", False),
        (rules("Disallow: /a%2Fb"), "/a/b", True),
        (rules("Disallow: private"), "/private", True),
        (rules("disallow : /x # comment"), "/x", False),
        ("\ufeffUser-agent: *\rDisallow: /x\r", "/x", False),
        ("User-agent: *\n\nDisallow: /x", "/x", False),
        ("Disallow: /x\nUser-agent: *", "/x", True),
        ("User-agent: Pullquote\nDisallow: /x\n\nUser-agent: *\nDisallow: /", "/y", True),
        ("User-agent: *\nDisallow: /\n\nUser-agent: pullQUOTE/2.0\nDisallow: /x", "/y", True),
        ("User-agent: a\nUser-agent: pullquote\nUser-agent: b\nDisallow: /x", "/x", False),
        (
            "User-agent: pullquote\nDisallow: /x\nUser-agent: a\nDisallow: /y\nUser-agent: pullquote\nDisallow: /z",
            "/z",
            False,
        ),
        (
            "User-agent: pullquote\nDisallow: /x\nUser-agent: a\nDisallow: /y\nUser-agent: pullquote\nDisallow: /z",
            "/y",
            True,
        ),
        ("User-agent: pull\nDisallow: /", "/x", True),
        ("User-agent: pullquotes\nDisallow: /", "/x", True),
        ("User-agent: a\nSitemap: http://a.test/s\nUser-agent: pullquote\nDisallow: /x", "/x", False),
        ("<html>User-agent: *</html>", "/x", True),
    ],
)
def test_the_longest_rule_of_our_group_decides(text: str, target: str, *, allowed: bool) -> None:
    """Groups, precedence, wildcards and escapes are as RFC 9309 has them."""
    assert parse_robots(text, "Pullquote").allows(target) is allowed


@pytest.mark.parametrize(
    ("value", "delay"), [("5", 5.0), ("0.5", 0.5), ("-1", 0.0), ("nan", 0.0), ("1e9", 0.0), ("", 0.0)]
)
def test_the_delay_is_a_plain_number(value: str, delay: float) -> None:
    """A Crawl-delay that is no number of seconds says nothing."""
    assert parse_robots(rules(f"Crawl-delay: {value}"), "Pullquote").delay == delay


def test_the_two_extremes() -> None:
    """One set of rules allows everything, the other nothing but robots.txt itself."""
    assert ALLOW_ALL.allows("/x")
    assert not DISALLOW_ALL.allows("/x")


@given(st.text(), st.text(max_size=30))
def test_any_text_is_read(text: str, target: str) -> None:
    """Nothing that a site puts into its robots.txt is an error."""
    assert parse_robots(text, "Pullquote").allows(f"/{target}") in (True, False)


def test_matching_does_not_go_back(grows_linearly: Callable[..., bool]) -> None:
    """Many stars in a pattern cost no more than one pass over the target each."""
    rule = Rule("/" + "*a" * 50 + "b$", allows=False)
    assert grows_linearly(lambda text: rule.fits(f"/{text}"), "a")
