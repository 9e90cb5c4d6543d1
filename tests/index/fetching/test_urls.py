from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.fetching.errors import UrlRefusedError
from index.fetching.urls import join_url, parse_url, plain_host

PORTS = (80, 443, 8080, 8443)
BASE = parse_url("https://a.test/news/today?x=1", PORTS)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("http://a.test", "http://a.test/"),
        ("  HTTPS://A.Test./Path \n", "https://a.test/Path"),
        ("http://a.test:80/", "http://a.test/"),
        ("http://a.test:/", "http://a.test/"),
        ("https://a.test:8443/x#part", "https://a.test:8443/x"),
        ("https://bücher.test/ä b?ö=ü", "https://xn--bcher-kva.test/%C3%A4%20b?%C3%B6=%C3%BC"),
        ("https://ｅｘａｍｐｌｅ.test/", "https://example.test/"),
        ("http://a_b.test/%7Eme/100%", "http://a_b.test/%7Eme/100%25"),
        ("http://a.test/x/../y/./z/%2e%2E/w/..", "http://a.test/y/"),
        ("http://a.test/../../x", "http://a.test/x"),
        ("http://a.test?q=http://user@b.test/", "http://a.test/?q=http://user@b.test/"),
        ("http://[2606:4700:0:0::1111]:8080/", "http://[2606:4700::1111]:8080/"),
        ("http://93.184.216.34/", "http://93.184.216.34/"),
        ("http://９３。184.216.34./", "http://93.184.216.34/"),
        ("http://a.test/@name", "http://a.test/@name"),
    ],
)
def test_urls_have_one_spelling(text: str, plain: str) -> None:
    """Case, escapes, dots, ports and foreign letters are made plain, and stay so."""
    assert str(parse_url(text, PORTS)) == plain
    assert str(parse_url(plain, PORTS)) == plain


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a.test/x",
        "//a.test/x",
        "http:/a.test/",
        "http:a.test",
        "http:///x",
        "http://",
        "ftp://a.test/",
        "file:///etc/passwd",
        "gopher://a.test/",
        "data:text/plain,x",
        "javascript://a.test/%0aalert(1)",
        "unix://a.test/",
        "http://user@a.test/",
        "http://user:pass@a.test/",
        "http://@a.test/",
        "http://a.test:22/",
        "http://a.test:0/",
        "http://a.test:999999/",
        "http://a.test:-80/",
        "http://a.test:８０/",
        "http://a.test:80:80/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0x7f.1/",
        "http://0177.0.0.1/",
        "http://127.1/",
        "http://127.0.0.1../",
        "http://1.2.3.4.5/",
        "http://1.2.3.256/",
        "http://a.test.1/",
        "http://a.0x/",
        "http://①②⑦.1/",
        "http://a..test/",
        "http://a.test../",
        "http://.a.test/",
        "http://-a.test/",
        "http://a b.test/",
        "http://a%2etest/",
        "http://a\\b.test/",
        "http://a.test/\\x",
        "http://a.te\tst/",
        "http://a.test/\r\nHost: b",
        "http://a.test/\x00",
        "http://a.test/\x85",
        "http://a.test/\ud800",
        "http://℀.test/",
        "http://a.test／x/",
        "http://a.test＠b.test/",
        "http://a.test：80/",
        "http://xn--a-é.test/",
        "http://[::1",
        "http://::1/",
        "http://[::1]x/",
        "http://[[::1]]/",
        "http://" + "a" * 64 + ".test/",
        "http://" + "a." * 130 + "test/",
        "http://" + "ä" * 3_000 + ".test/",
        "http://a.test/" + "x" * 4_100,
    ],
)
def test_what_is_not_plainly_a_url_is_refused(text: str) -> None:
    """Other schemes, credentials, other ports and whatever two programs could read differently are refused."""
    with pytest.raises(UrlRefusedError):
        parse_url(text, PORTS)


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("/x", "https://a.test/x"),
        ("y?z", "https://a.test/news/y?z"),
        ("?z", "https://a.test/news/today?z"),
        ("//b.test/x", "https://b.test/x"),
        ("https://b.test", "https://b.test/"),
        (" /x ", "https://a.test/x"),
        ("../ä", "https://a.test/%C3%A4"),
    ],
)
def test_redirects_may_be_relative(location: str, target: str) -> None:
    """A target is read from where the redirect was."""
    assert str(join_url(BASE, location, PORTS)) == target


@pytest.mark.parametrize(
    "location", ["//user@b.test/", "ht\ttp://b.test", "//b\n.test", "\\\\b.test", "//[::1", "x" * 5_000]
)
def test_odd_targets_are_refused(location: str) -> None:
    """A redirect's target is read as strictly as a URL."""
    with pytest.raises(UrlRefusedError):
        join_url(BASE, location, PORTS)


@given(st.text(max_size=40))
def test_a_host_is_plain_or_nothing(host: str) -> None:
    """Whatever a host is made of, its plain spelling is ASCII, in lower case, and its own plain spelling."""
    plain = plain_host(host)
    if plain is not None:
        assert plain.isascii()
        assert plain == plain.lower()
        assert plain_host(f"[{plain}]" if ":" in plain else plain) == plain


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text ends in another error, and no URL that is read has an odd character or credentials."""
    try:
        url = str(parse_url(f"http://{text}", PORTS))
    except UrlRefusedError:
        return
    assert url.isascii()
    assert url.isprintable()
    assert " " not in url
    assert "@" not in url.split("/")[2].partition("?")[0]


def test_reading_takes_time_linear_in_the_text(grows_linearly: Callable[..., bool]) -> None:
    """A long URL is refused or read without going back."""
    assert grows_linearly(lambda text: parse_url(f"http://a.test/{text[:4_000]}", PORTS), "%2e/../x@")
