import re
from collections.abc import Callable
from html import escape, unescape

import pytest

from index.fetching import FakeClock, FakeResolver, Fetcher, FetchError, Policy, safe_xml
from index.fetching.errors import AddressRefusedError, RobotsUnreachableError, UrlRefusedError

LOOPBACK = (
    "127.0.0.1",
    "127.0.0.1.",
    "127.0.0.53",
    "127.255.255.254",
    "2130706433",
    "0x7f000001",
    "0x7F.0x0.0x0.0x1",
    "0x7f.1",
    "017700000001",
    "0177.0.0.1",
    "0177.0.0.01",
    "127.000.000.001",
    "127.1",
    "127.0.1",
    "0",
    "0.0.0.0",  # noqa: S104
    "0x0",
    "00.0.0.0",
    "0.0.0.1",
    "127.0.0.1:80@localhost",
    "[::1]",
    "[::]",
    "[0:0:0:0:0:0:0:1]",
    "[0000::0001]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::ffff:0:127.0.0.1]",
    "[::127.0.0.1]",
    "[::1%lo]",
    "[::1%25lo]",
)
SPELLINGS = (
    "１２７.０.０.１",
    "127。0。0。1",
    "127．0．0．1",
    "127｡0｡0｡1",
    "①②⑦.⓪.⓪.①",
    "0x7f。1",
    "𝟏𝟐𝟕.𝟎.𝟎.𝟏",
    "%31%32%37.0.0.1",
    "127%2e0%2e0%2e1",
    "127.0.0.1%00.good.test",
    "localhost",
    "LOCALHOST.",
    "ｌｏｃａｌｈｏｓｔ",
    "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ",
    "local\u00adhost",
    "local\u200bhost",
    "ℓocalhost",
    "127.0.0.1.nip.test",
    "xn--127-0",
    "good.test@127.0.0.1",
    "user:password@127.0.0.1",
    "good.test\\@127.0.0.1",
    "127.0.0.1\\@good.test",
    "127.0.0.1\t",
    "\t127.0.0.1",
    "local\thost",
    "127.0.0.1 .good.test",
    "127.0.0.1;good.test",
    "[v1.127.0.0.1]",
    "[127.0.0.1]",
)
PRIVATE = (
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.0.1",
    "100.64.0.1",
    "100.127.255.255",
    "169.254.0.1",
    "169.254.169.254",
    "0xa9fea9fe",
    "2852039166",
    "169.254.43518",
    "100.100.100.200",
    "168.63.129.16",
    "192.0.0.1",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "[64:ff9b::7f00:1]",
    "[64:ff9b:1::7f00:1]",
    "[100::1]",
    "[2001::7f00:1]",
    "[2001:0:7f00:1::]",
    "[2001:2::1]",
    "[2001:10::1]",
    "[2001:db8::1]",
    "[2002:7f00:1::]",
    "[2002:a9fe:a9fe::]",
    "[3fff::1]",
    "[5f00::1]",
    "[fc00::1]",
    "[fd00:ec2::254]",
    "[fd20:ce::254]",
    "[fe80::1]",
    "[fe80::1%25eth0]",
    "[fec0::1]",
    "[ff02::1]",
    "[::ffff:169.254.169.254]",
    "[4000::1]",
)
FORMS = (*LOOPBACK, *SPELLINGS, *PRIVATE)
REFUSED = (UrlRefusedError, AddressRefusedError)
WAYS = ("direct", "hop one", "hop two", "hop three", "rebinding", "mixed", "linked")
DOCUMENTS = ("feed", "sitemap", "canonical")


def redirect(target: str) -> bytes:
    """Return a redirect as it goes over the wire."""
    return b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + target.encode() + b"\r\n\r\n"


def lead(server: object, target: str, hops: int) -> str:
    """Let the server redirect from /1 over `hops` hops to a target, and return where it begins."""
    for hop in range(1, hops):
        server.replies[f"/{hop}"] = redirect(f"/{hop + 1}")
    server.replies[f"/{hops}"] = redirect(target)
    return server.url("/1")


def linked(fetcher: Fetcher, server: object, kind: str, link: str, make_page: Callable[..., bytes]) -> str:
    """Return a link out of a document that was fetched."""
    templates = {
        "feed": ("application/rss+xml", "<rss><channel><item><link>{}</link></item></channel></rss>"),
        "sitemap": ("application/xml", "<urlset><url><loc>{}</loc></url></urlset>"),
        "canonical": ("text/html", '<link rel="canonical" href="{}">'),
    }
    content_type, template = templates[kind]
    server.replies["/document"] = make_page(template.format(escape(link)).encode(), content_type=content_type)
    body = fetcher.fetch(server.url("/document")).body
    if kind == "canonical":
        return unescape(re.search('href="([^"]*)"', body.decode())[1])
    return next(element.text for element in safe_xml(body).iter() if element.tag in ("link", "loc"))


@pytest.fixture
def lying(trap: tuple, clock: FakeClock) -> Callable[..., Fetcher]:
    """Return what makes a fetcher whose resolver gives good.test truly, liar.test as told, all else loopback."""
    server, _ = trap
    server.reset()

    def make(*answers: list[str]) -> Fetcher:
        rows = {"good.test": [["127.0.0.2"]], "liar.test": answers or [["127.0.0.1"]]}
        policy = Policy(ports=(server.port,), allow_private=("127.0.0.2",))
        return Fetcher(policy, resolver=FakeResolver(rows, otherwise=["127.0.0.1"]), clock=clock)

    return make


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("form", FORMS)
def test_no_connection_reaches_a_bad_address(  # noqa: PLR0917
    form: str,
    way: str,
    trap: tuple,
    lying: Callable[..., Fetcher],
    dialled: list[object],
    make_page: Callable[..., bytes],
) -> None:
    """However an address is spelled and whatever leads to it, the URL is refused and nothing is connected to."""
    server, canary = trap
    bad, answer = f"http://{form}:{server.port}/", form.strip("[]")
    answers = {"rebinding": (["127.0.0.2"], [answer]), "mixed": (["127.0.0.2", answer],)}.get(way, ())
    fetcher = lying(*answers)
    if way == "linked":
        bad = linked(fetcher, server, DOCUMENTS[FORMS.index(form) % 3], bad, make_page)
    elif way.startswith("hop"):
        bad = lead(server, bad, WAYS.index(way))
    elif way == "rebinding":
        bad = server.url("/1", host="liar.test")
        server.replies["/1"] = redirect(server.url("/2", host="liar.test"))
    elif way == "mixed":
        bad = server.url("/", host="liar.test")
    with pytest.raises(REFUSED):
        fetcher.fetch(bad)
    assert canary.count() == 0
    assert set(dialled) <= {("127.0.0.2", server.port)}


@pytest.mark.parametrize("form", ["127.0.0.1", "127.0.0.53", "１２７.０.０.１", "localhost", "liar.test"])
def test_the_canary_hears(form: str, own_trap: tuple, clock: FakeClock) -> None:
    """The listener counts what a policy lets through: that it counts nothing elsewhere means something."""
    server, canary = own_trap
    policy = Policy(ports=(server.port,), allow_private=("127.0.0.0/8",), max_seconds=0.2)
    fetcher = Fetcher(policy, resolver=FakeResolver({}, otherwise=["127.0.0.1"]), clock=clock)
    with pytest.raises(FetchError):  # it accepts, and says nothing
        fetcher.fetch(f"http://{form}:{server.port}/")
    assert canary.count() == 1


def test_an_answer_for_the_page_is_not_asked_again(trap: tuple, lying: Callable[..., Fetcher]) -> None:
    """robots.txt and the page are fetched from the addresses of one look-up, even if a second would differ."""
    server, canary = trap
    server.replies["/"] = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok"
    fetcher = lying(["127.0.0.2"], ["127.0.0.1"])
    assert fetcher.fetch(server.url("/", host="liar.test")).body == b"ok"
    assert server.paths == ["/robots.txt", "/"]
    assert canary.count() == 0


def test_robots_cannot_lead_to_a_bad_address(trap: tuple, lying: Callable[..., Fetcher], dialled: list[object]) -> None:
    """A robots.txt that redirects inwards is not followed, and then nothing of its site is fetched."""
    server, canary = trap
    server.replies["/robots.txt"] = redirect(f"http://127.0.0.1:{server.port}/")
    with pytest.raises(RobotsUnreachableError):
        lying().fetch(server.url("/"))
    assert canary.count() == 0
    assert set(dialled) == {("127.0.0.2", server.port)}


def test_a_location_cannot_bring_a_header_line(trap: tuple, lying: Callable[..., Fetcher]) -> None:
    """A line break in the target of a redirect ends the header: what follows is no part of it."""
    server, canary = trap
    server.replies["/"] = redirect(f"http://local\nhost:{server.port}/")
    with pytest.raises(FetchError):
        lying().fetch(server.url("/"))
    assert canary.count() == 0
