from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.fetching import safe_xml
from index.fetching.errors import XmlError

LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha">{}]><x>&k;</x>'.format(
    "".join(f'<!ENTITY {chr(98 + i)} "{("&" + chr(97 + i) + ";") * 10}">' for i in range(10))
)


def test_a_feed_is_read() -> None:
    """Elements, attributes, namespaces, CDATA and characters by number come through; comments do not."""
    root = safe_xml(b'<r xmlns:a="urn:a"><!-- c --><a:i k="v&amp;">&#252;<![CDATA[<b>]]></a:i></r>')
    (item,) = root
    assert (item.tag, item.get("k"), item.text) == ("{urn:a}i", "v&", "ü<b>")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1"])
def test_encodings_are_believed(encoding: str) -> None:
    """The encoding that the XML declares is used."""
    text = f'<?xml version="1.0" encoding="{encoding}"?><x>ü</x>'
    assert safe_xml(text.encode(encoding)).text == "ü"


@pytest.mark.parametrize(
    "text",
    [
        LAUGHS,
        "<!DOCTYPE x><x/>",
        '<!DOCTYPE x SYSTEM "{file}"><x/>',
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file://{file}">]><x>&e;</x>',
        '<!DOCTYPE x [<!ENTITY % e SYSTEM "http://127.0.0.1/"> %e;]><x/>',
        '<!DOCTYPE x [<!ENTITY e "text">]><x>&e;</x>',
        '<!DOCTYPE x [<!ATTLIST x y CDATA "z">]><x/>',
        '<!DOCTYPE x PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://127.0.0.1/x.dtd"><x/>',
    ],
)
def test_dtds_and_entities_are_refused(text: str, tmp_path: Path, dialled: list[object]) -> None:
    """No DTD is read, so no entity can grow, read a file or ask the network."""
    file = tmp_path / "secret"
    file.write_text("secret")
    with pytest.raises(XmlError, match="DTD"):
        safe_xml(text.replace("{file}", str(file)).encode())
    assert dialled == []


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"text",
        b"<x>",
        b"<x></y>",
        b"<x>&e;</x>",
        b"<x>\x00</x>",
        b"<x/><y/>",
        b"\xff\xfe<",
        b'<?xml version="1.0" encoding="no"?><x/>',
        b'<?xml version="1.0" encoding="utf-7"?><x/>',
        b'<?xml version="1.0" encoding="big5"?><x/>',
    ],
)
def test_what_is_not_well_formed_is_refused(data: bytes) -> None:
    """Broken XML and unknown encodings are errors of ours."""
    with pytest.raises(XmlError):
        safe_xml(data)


def test_xinclude_is_text() -> None:
    """An inclusion is an element like any other; nothing is included."""
    root = safe_xml(b'<x xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="/etc/passwd"/></x>')
    assert len(root[0]) == 0
    assert root[0].text is None


def test_depth_size_and_number_have_bounds() -> None:
    """XML that is deeper, larger or of more elements than allowed is refused."""
    assert safe_xml(b"<x>" * 64 + b"</x>" * 64).tag == "x"
    for data, said in ((b"<x>" * 100_000, "deep"), (b"<x>" + b"<y/>" * 101 + b"</x>", "elements")):
        with pytest.raises(XmlError, match=said):
            safe_xml(data, max_elements=100)
    with pytest.raises(XmlError, match="larger than 10 bytes"):
        safe_xml(b"<x>12345678</x>", max_bytes=10)


@given(st.binary(max_size=200) | st.text(max_size=100).map(lambda text: f"<x>{text}</x>".encode("utf-8", "replace")))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    """No input ends in an error of another kind."""
    try:
        safe_xml(data)
    except XmlError as exc:
        assert "XML" in str(exc)  # noqa: PT017
