import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import AddressError, InvalidArticleError
from index.urls import normalise_url

_HOSTS = st.sampled_from(
    [
        "example.org",
        "EXAMPLE.org.",
        "bücher.example",
        "xn--bcher-kva.example",
        "127.0.0.1",
        "[::1]",
        "a_b.example",
        "１２７.0.0.1",
    ]
)
_PORTS = st.sampled_from(["", ":80", ":443", ":8080"])
_PIECES = st.text(st.sampled_from("aZ09-._~!$&'()*+,;=:@/?%#é中 \t2fE|<>\"\\^`{}[]"), max_size=40)
_TRACKED = st.sampled_from(["", "?utm_source=x", "?a=1&fbclid=2", "?%75tm_x=1", "?gclid=3&b"])


@st.composite
def urls(draw: st.DrawFn) -> str:
    """Draw what a page may write."""
    scheme = draw(st.sampled_from(["http://", "https://", "HTTPS://", "http://user:pw@"]))
    return scheme + draw(_HOSTS) + draw(_PORTS) + "/" + draw(_PIECES) + draw(_TRACKED) + draw(_PIECES)


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("HTTP://Example.ORG", "http://example.org/"),
        ("http://example.org:80/a#part", "http://example.org/a"),
        ("https://example.org.:443/a", "https://example.org/a"),
        ("https://example.org:8443/a", "https://example.org:8443/a"),
        ("https://user:secret@example.org/a", "https://example.org/a"),
        ("https://example.org/a?utm_source=x&id=1&UTM_Medium=y", "https://example.org/a?id=1"),
        ("https://example.org/a?fbclid=1&gclid=2&mc_cid=3&%66bclid=4", "https://example.org/a"),
        ("https://example.org/a?b=2&a=1&b=1", "https://example.org/a?b=2&a=1&b=1"),
        ("https://example.org/%7euser/%e2%82%ac", "https://example.org/~user/%E2%82%AC"),
        ("https://example.org/€ x?a=b c", "https://example.org/%E2%82%AC%20x?a=b%20c"),
        ("https://example.org/a%2Fb", "https://example.org/a%2Fb"),
        ("https://example.org/?q=caf%E9", "https://example.org/?q=caf%E9"),
        ("https://example.org/Path?Q=A", "https://example.org/Path?Q=A"),
        ("https://example.org/a/?p=1", "https://example.org/a/?p=1"),
        ("https://example.org/100%", "https://example.org/100%25"),
        ("https://example.org/a/./b/../c/..", "https://example.org/a/"),
        ("https://example.org/../../a", "https://example.org/a"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://BÜCHER.example/", "https://xn--bcher-kva.example/"),
        ("http://[2001:DB8:0:0::1]:80/", "http://[2001:db8::1]/"),
        ("http://１２７.0.0.1/", "http://127.0.0.1/"),
        (" https://exam\nple.org/ ", "https://example.org/"),
        ("https://a_b.example/", "https://a_b.example/"),
    ],
)
def test_one_form(written: str, normal: str) -> None:
    """Every way to write an address becomes the same one."""
    assert normalise_url(written) == normal


@pytest.mark.parametrize(
    "written",
    [
        "",
        "example.org/a",
        "/a",
        "javascript:alert(1)",
        "ftp://example.org/",
        "https://",
        "https://example.org:port/",
        "https://[::1/",
        "https://[zz::1]/",
        "https://exa mple.org\x00/" + "a" * 5_000,
        "https://a<b>.org/",
        "http://../",
    ],
)
def test_no_address_of_a_page(written: str) -> None:
    """What names no page is refused by an error that is a ValueError too."""
    with pytest.raises(AddressError) as caught:
        normalise_url(written)
    assert isinstance(caught.value, ValueError)
    assert isinstance(caught.value, InvalidArticleError)


@given(urls())
def test_idempotent(written: str) -> None:
    """The one form stays as it is, is ASCII, and has no fragment."""
    try:
        once = normalise_url(written)
    except AddressError:
        return
    assert normalise_url(once) == once
    assert once.isascii()
    assert "#" not in once


@given(st.text())
def test_any_text(written: str) -> None:
    """Whatever is written is an address or refused as none."""
    try:
        once = normalise_url(written)
    except AddressError:
        return
    assert normalise_url(once) == once
