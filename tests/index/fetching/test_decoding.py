import gzip
import sys
import types
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.fetching import gunzip
from index.fetching.decoding import PackingError, encodings, unpacker
from index.fetching.errors import ContentEncodingError, TooLargeError

TEXT = b"The ferry sails. " * 100


def raw_deflate(data: bytes) -> bytes:
    """Return data packed as servers wrongly but often send it."""
    packing = zlib.compressobj(wbits=-15)
    return packing.compress(data) + packing.flush()


def unpack(encoding: str, packed: bytes, size: int = 10_000) -> bytes:
    """Return what was packed, which comes in pieces of `size`."""
    unpacking = unpacker(encoding)
    pieces = [unpacking.feed(packed[i : i + size], 10_000) for i in range(0, len(packed), size)]
    unpacking.finish()
    return b"".join(pieces)


PACKED = [
    ("gzip", gzip.compress(TEXT, mtime=0)),
    ("deflate", zlib.compress(TEXT)),
    ("deflate", raw_deflate(TEXT)),
    ("identity", TEXT),
]


@pytest.mark.parametrize(("encoding", "packed"), PACKED)
@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_data_comes_out_as_it_went_in(encoding: str, packed: bytes, size: int) -> None:
    """Packed data may come in pieces of any size."""
    assert unpack(encoding, packed, size) == TEXT


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_no_more_than_asked_for_is_produced(encoding: str) -> None:
    """A bomb stops at the byte after the bound."""
    bomb = zlib.compress(b"\0" * 10_000_000, wbits=31 if encoding == "gzip" else 15)
    assert len(unpacker(encoding).feed(bomb, 1_000)) == 1_001


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
@pytest.mark.parametrize(
    "damage", [lambda data: data[:-5], lambda data: data + b"more", lambda data: b"\xff" + data[1:]]
)
def test_broken_packing_is_told(encoding: str, damage: object) -> None:
    """Data that is cut off, goes on, or is not packed at all is refused."""
    packed = damage(gzip.compress(TEXT, mtime=0) if encoding == "gzip" else zlib.compress(TEXT))
    with pytest.raises(PackingError):
        unpack(encoding, packed)


@given(st.binary(max_size=2_000))
def test_gunzip_gives_back_what_was_packed(data: bytes) -> None:
    """A gzip file is read whole or refused."""
    assert gunzip(gzip.compress(data, mtime=0)) == data


def test_gunzip_has_a_bound() -> None:
    """A sitemap that is larger than allowed, or broken, is refused."""
    with pytest.raises(TooLargeError, match="more than 1,000 bytes"):
        gunzip(gzip.compress(b"\0" * 1_000_000, mtime=0), max_bytes=1_000)
    with pytest.raises(ContentEncodingError, match="broken"):
        gunzip(b"<urlset/>")


class FakeBrotli:
    """Unpacks nothing, but hands data on in pieces as brotli 1.2 does."""

    def __init__(self) -> None:
        self.held = b""

    def process(self, data: bytes, /, *, output_buffer_limit: int) -> bytes:
        """Return the next piece."""
        if data == b"broken":
            raise RuntimeError(data)
        self.held += data
        piece, self.held = self.held[:output_buffer_limit], self.held[output_buffer_limit:]
        return piece

    def can_accept_more_data(self) -> bool:
        """Tell whether all was handed on."""
        return not self.held

    def is_finished(self) -> bool:
        """Tell whether all was handed on."""
        return not self.held


def test_brotli_is_used_if_it_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """With brotli 1.2 or later, br is offered and read within the bound."""
    module = types.ModuleType("brotli")
    module.Decompressor = FakeBrotli  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "brotli", module)
    assert encodings() == ("gzip", "deflate", "br")
    unpacking = unpacker("br")
    assert unpacking.feed(b"x" * 200_000, 200_000) == b"x" * 200_000
    unpacking.finish()
    assert 10 < len(unpacker("br").feed(b"x" * 1_000_000, 10)) < 100_000
    with pytest.raises(PackingError):
        unpacker("br").feed(b"broken", 10)


@pytest.mark.parametrize("module", [None, types.ModuleType("brotli")])
def test_brotli_is_not_offered_where_it_has_no_bound(module: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without brotli, or with one that cannot stop, br is not asked for."""
    monkeypatch.setitem(sys.modules, "brotli", module)
    assert encodings() == ("gzip", "deflate")
