import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.fetching import Policy
from index.fetching.errors import ContentEncodingError, ContentTypeError, MalformedResponseError
from index.fetching.headers import Headers, is_validator, read_headers
from index.fetching.policy import CONTENT_TYPES
from index.fetching.urls import parse_url

URL = parse_url("http://a.test/", (80,))


def headers(*items: tuple[str, str]) -> Headers:
    """Return headers as they come."""
    return read_headers(URL, [(name.encode(), value.encode("latin-1")) for name, value in items], Policy())


@pytest.mark.parametrize("kind", CONTENT_TYPES)
def test_articles_feeds_and_sitemaps_are_read(kind: str) -> None:
    """Each allowed kind is known in any case and with parameters."""
    assert headers(("Content-Type", f" {kind.upper()} ; charset=utf-8")).content_type(CONTENT_TYPES) == kind


@pytest.mark.parametrize(
    "values",
    [[], [""], ["html"], ["image/png"], ["text/html text/plain"], ["text/html", "text/html"], ["*/*"], ["text/\x00"]],
)
def test_other_kinds_are_refused(values: list[str]) -> None:
    """A kind that is missing, given twice, broken or not of the list is refused: nothing is guessed from the body."""
    with pytest.raises(ContentTypeError, match="not read"):
        headers(*(("Content-Type", value) for value in values)).content_type(CONTENT_TYPES)


@pytest.mark.parametrize(
    ("parameters", "charset"),
    [
        ("charset=utf-8", "utf-8"),
        ('boundary=x; Charset="ISO-8859-1"', "iso8859-1"),
        ("charset=Windows_1252", "cp1252"),
        ("charset=shift_jis", "shift_jis"),
        ("", None),
        ("charset=", None),
        ("charset=nonsense", None),
        ("charset=utf-7", None),
        ("charset=UTF_7", None),
        ("charset=unicode-1-1-utf-7", None),
        ("charset=utf-16", "utf-16"),
        ("charset=hex", None),
        ("charset=zip", None),
        ("charset=rot13", None),
        ("charset=unicode_escape", None),
        ("charset=idna", None),
        ("charset=undefined", None),
        ("charset=../../x", None),
        ("charset=" + "x" * 500, None),
    ],
)
def test_the_charset_is_one_that_texts_are_in(parameters: str, charset: str | None) -> None:
    """A charset that Python does not know, or that is no text's, is none."""
    found = headers(("Content-Type", f"text/html; {parameters}")).charset()
    assert found == charset
    if found is not None:
        assert "ferry".encode(found).decode(found) == "ferry"


@pytest.mark.parametrize(
    ("values", "encoding"),
    [
        ([], "identity"),
        (["GZIP"], "gzip"),
        (["x-gzip"], "gzip"),
        (["deflate"], "deflate"),
        (["identity"], "identity"),
        ([""], "identity"),
    ],
)
def test_one_encoding_is_unpacked(values: list[str], encoding: str) -> None:
    """gzip, deflate and nothing are known."""
    assert headers(*(("Content-Encoding", value) for value in values)).encoding() == encoding


@pytest.mark.parametrize(
    "values",
    [
        ["gzip, gzip"],
        ["gzip", "gzip"],
        ["gzip, identity"],
        ["gzip,"],
        ["br"],
        ["zstd"],
        ["compress"],
        ["gzip;q=1"],
        ["x"],
    ],
)
def test_several_and_unknown_encodings_are_refused(values: list[str]) -> None:
    """Packing in packing, and packing that cannot be undone within a bound here, is refused."""
    with pytest.raises(ContentEncodingError, match="gzip, deflate"):
        headers(*(("Content-Encoding", value) for value in values)).encoding()


def test_headers_have_a_number_and_a_size() -> None:
    """More headers than any article needs are refused."""
    assert headers(*[("A", "b")] * 100).all("a") == ["b"] * 100
    for items in ([("A", "b")] * 101, [("A", "b" * 32_768)]):
        with pytest.raises(MalformedResponseError):
            headers(*items)


@pytest.mark.parametrize(
    ("raw", "location"),
    [(["/x"], "/x"), (["/Ã¼"], "/ü"), (["/ü"], "/ü"), (["/x", "/x"], "/x"), (["/x", "/y"], None), ([], None)],
)
def test_a_location_is_one(raw: list[str], location: str | None) -> None:
    """A redirect leads to one place; its bytes are UTF-8 where they can be."""
    assert headers(*(("Location", value) for value in raw)).location() == location


@given(st.text())
def test_a_validator_is_one_line_of_ascii(text: str) -> None:
    """What is sent as a condition cannot bring a header of its own."""
    if is_validator(text):
        assert text.isascii()
        assert text.isprintable()
        assert text == text.strip()


def test_validators_that_cannot_be_sent_again_are_not_kept() -> None:
    """An ETag given twice, empty, or of foreign letters is none."""
    assert headers(("ETag", 'W/"x"')).validator("etag") == 'W/"x"'
    assert headers(("ETag", "a"), ("ETag", "b")).validator("etag") is None
    assert headers(("ETag", "ü")).validator("etag") is None
    assert headers(("ETag", "")).validator("etag") is None
