import builtins
from collections.abc import Callable
from xml.sax.saxutils import escape

import pytest

from index.fetching.errors import XmlError
from index.listings import Entry, Listing, read_listing

URL = "https://news.example/feeds/all.xml"
RSS = """<?xml version="1.0"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel><title>News</title><link>https://news.example/</link><description>All</description>{}</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://news.example/base/"><title>News</title>
<id>urn:x</id><updated>2024-05-04T10:00:00Z</updated>{}</feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://news.example/"><title>News</title>
<link>https://news.example/</link><items><rdf:Seq><rdf:li rdf:resource="https://news.example/a"/></rdf:Seq></items>
</channel>{}</rdf:RDF>"""
ITEM = """<item><title>Ferry sails</title><link>https://News.example/ferry?utm_source=rss#top</link>
<dc:creator>A. Writer</dc:creator><pubDate>Thu, 02 May 2024 08:30:00 +0200</pubDate><guid>1</guid></item>"""


def read(text: str | bytes, content_type: str = "application/rss+xml") -> Listing:
    """Return the listing in a text."""
    data = text if isinstance(text, bytes) else text.encode()
    found = read_listing(data, url=URL, content_type=content_type)
    assert found is not None
    return found


def test_rss_2() -> None:
    """An item gives its address in its one form, title, author, and its date at the precision given."""
    found = read(RSS.format(ITEM))
    assert (found.kind, found.warnings) == ("feed", ())
    assert found.entries == (
        Entry("https://news.example/ferry", "feed", "Ferry sails", "A. Writer", "2024-05-02T08:30:00+02:00"),
    )


def test_atom() -> None:
    """Relative links count from xml:base, alternates go before others, published and updated are kept apart."""
    entry = """<entry><title type="html">A &amp;lt;b&gt; &lt;b&gt;bold&lt;/b&gt; one</title>
    <link rel="self" href="/api/1"/><link href="ferry"/><author><name>A. Writer</name></author>
    <published>2024-05-02T08:30:00Z</published>
    <updated>2024-05-03T09:00:00Z</updated><id>urn:1</id></entry>"""
    (found,) = read(ATOM.format(entry), "application/atom+xml").entries
    assert found.url == "https://news.example/base/ferry"
    assert (found.published_at, found.modified_at) == ("2024-05-02T08:30:00Z", "2024-05-03T09:00:00Z")
    assert (found.title, found.author) == ("A <b> bold one", "A. Writer")


def test_an_atom_entry_that_was_only_updated() -> None:
    """A date of change is no date of publication."""
    (found,) = read(ATOM.format("<entry><link href='/a'/><updated>2024-05-03</updated></entry>"), "text/xml").entries
    assert (found.published_at, found.modified_at) == (None, "2024-05-03")


def test_rss_1() -> None:
    """Its items stand beside the channel, and dc:date is their date of publication."""
    item = """<item rdf:about="https://news.example/a"><title>One</title><link>https://news.example/a</link>
    <dc:date>2024-05-02</dc:date></item>"""
    (found,) = read(RDF.format(item), "application/rdf+xml").entries
    assert (found.url, found.published_at, found.modified_at) == ("https://news.example/a", "2024-05-02", None)


@pytest.mark.parametrize(
    ("written", "read_as", "warnings"),
    [
        ("Thu, 02 May 2024 08:30:00 GMT", "2024-05-02T08:30:00+00:00", ()),
        ("2024-05-02", "2024-05-02", ()),
        ("2 May 2024", "2024-05-02", ()),
        ("", None, ()),
        ("yesterday", None, ("1 dates left out that cannot be read",)),
        ("Thu, 32 May 2024 08:30:00 GMT", None, ("1 dates left out that cannot be read",)),
        ("1970-01-01T00:00:00Z", None, ("1 dates left out that cannot be read",)),
        ("9" * 500, None, ("1 dates left out that cannot be read",)),
    ],
)
def test_dates(written: str, read_as: str | None, warnings: tuple[str, ...]) -> None:
    """A date is kept as it is given; one that is none is left out and counted."""
    found = read(RSS.format(f"<item><link>/a</link><pubDate>{written}</pubDate></item>"))
    assert (found.entries[0].published_at, found.warnings) == (read_as, warnings)


def test_what_is_left_out_is_counted() -> None:
    """Items without an address of a page and items that come again are no entries; the first of its kind counts."""
    items = (
        "<item><title>none</title></item><item><link> </link></item><item><link>javascript:alert(1)</link></item>"
        "<item><link>mailto:a@example.org</link></item><item><guid isPermaLink='false'>x</guid></item>"
        "<item><link>/a</link><title>First</title></item><item><link>/a#again</link><title>Second</title></item>"
        "<item><guid>https://news.example/by-guid</guid></item>"
    )
    found = read(RSS.format(items))
    assert [entry.url for entry in found.entries] == ["https://news.example/a", "https://news.example/by-guid"]
    assert found.entries[0].title == "First"
    assert found.warnings == (
        "5 entries without the address of a page left out",
        "1 entries left out that name the same page again",
    )


def test_html_in_character_data() -> None:
    """What an item holds as HTML is not looked at, and its title comes as text."""
    item = """<item><title><![CDATA[<b>Ferry</b> &amp; bridge]]></title><link>/a</link>
    <description><![CDATA[<p>See <a href="https://elsewhere.example/">this</a><script>x</script>]]></description>
    <content:encoded><![CDATA[<img src="http://127.0.0.1/">]]></content:encoded></item>"""
    (found,) = read(RSS.format(item)).entries
    assert (found.url, found.title) == ("https://news.example/a", "Ferry & bridge")


@pytest.mark.parametrize("content_type", ["text/html", "text/plain", "application/xml", "text/xml"])
def test_it_is_known_by_its_root(content_type: str) -> None:
    """Whatever the server calls a feed, its root element tells."""
    assert len(read("\ufeff" + RSS.format(ITEM), content_type).entries) == 1


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1", "windows-1252"])
def test_encodings(encoding: str) -> None:
    """A feed is read in the encoding that it declares."""
    text = RSS.format(ITEM.replace("Ferry", "Fähre")).replace('"1.0"?', f'"1.0" encoding="{encoding}"?')
    assert read(text.encode(encoding)).entries[0].title == "Fähre sails"


def test_a_page_is_no_listing() -> None:
    """A page is told from a feed, and XHTML too."""
    for text in ("<!doctype html><p>rss</p>", "<html xmlns='http://www.w3.org/1999/xhtml'><body/></html>", ""):
        assert read_listing(text.encode(), url=URL, content_type="text/html") is None
    assert read_listing(b"<html><body/></html>", url=URL, content_type="text/xml") is None


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
HOSTILE = {
    "billion laughs": f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]>' + RSS.format("<item><title>&l9;</title></item>")[22:],
    "external entity": '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + RSS.format("&e;")[22:],
    "external DTD": '<!DOCTYPE rss SYSTEM "http://127.0.0.1/x.dtd">' + RSS.format(ITEM)[22:],
    "nested tags": RSS.format("<item><link>/a</link>" + "<b>" * 200_000 + "</b>" * 200_000 + "</item>"),
    "many items": RSS.format("<item><link>/a</link></item>" * 60_000),
    "more than 10 MB": RSS.format(f"<item><title>{'a' * 10_000_000}</title></item>"),
    "cut off": RSS.format(ITEM)[:-20],
    "a name that is not bound": RSS.format("<item><foo:link>/a</foo:link></item>"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_feeds_are_refused(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is refused by an error that names its address, and no file is opened on the way."""
    opened: list[object] = []
    with monkeypatch.context() as watched:
        watched.setattr(builtins, "open", lambda name, *_, **__: opened.append(name))
        with pytest.raises(XmlError, match=r"^https://news\.example/feeds/all\.xml: "):
            read(HOSTILE[kind])
    assert opened == []


def test_bytes_that_are_the_name_of_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was fetched is never taken for a name: feedparser is given a stream."""
    opened: list[object] = []
    real = builtins.open
    with monkeypatch.context() as watched:
        watched.setattr(builtins, "open", lambda name, *a, **k: opened.append(name) or real(name, *a, **k))
        read(RSS.format(ITEM))
    assert [name for name in opened if isinstance(name, bytes)] == []


@pytest.mark.parametrize("unit", ["<b>", "<", "&", "&amp;", " ", "a", "]]>", "<p>x", "1", "Mon, ", "-:"])
@pytest.mark.parametrize("field", ["title", "description", "link", "pubDate", "author"])
def test_time_grows_with_the_text(unit: str, field: str, grows_linearly: Callable[..., bool]) -> None:
    """However an element is filled, reading it takes time that grows with it, not with its square."""
    assert grows_linearly(lambda text: read(RSS.format(f"<item><{field}>{escape(text)}</{field}></item>")), unit)


def test_what_it_says_is_kept_and_given_back() -> None:
    """An entry can be built again from what is kept of it."""
    (entry,) = read(RSS.format(ITEM)).entries
    assert Entry.of(entry.url, entry.told) == entry
