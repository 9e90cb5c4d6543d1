"""Packed documents, unpacked no further than they may be."""

import re
import zipfile
import zlib
from io import BytesIO

from index.extracting.errors import BrokenDocumentError, DocumentTooLargeError, EmptyDocumentError, WrongKindError
from index.extracting.limits import Limits

__all__ = ["check_archive", "gunzip"]

_DECLARATION = re.compile(rb"<!(DOCTYPE|ENTITY)")
_CHUNK = 1 << 16
_XML_NAMES = (".xml", ".rels")
_MOST_MEMBERS = 100  # a page has one
_GZIP_MARK = b"\x1f\x8b"


def gunzip(data: bytes, *, name: str, limits: Limits) -> bytes:
    """Return the bytes in a gzip file, all of its members. Raises DocumentError naming `name`."""
    if not data:
        raise EmptyDocumentError(f"{name}: is empty; there is no page to read")
    if not data.startswith(_GZIP_MARK):
        raise WrongKindError(f"{name}: is not packed by gzip; add it as what it is")
    unpacked = bytearray()
    rest = data
    for _ in range(_MOST_MEMBERS):
        if not rest.startswith(_GZIP_MARK):
            break
        reader = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
        try:
            unpacked += reader.decompress(rest, limits.unpacked_bytes + 1 - len(unpacked))
        except zlib.error as exc:
            raise BrokenDocumentError(f"{name}: its gzip data is damaged ({exc}); fetch it again") from exc
        if len(unpacked) > limits.unpacked_bytes:
            raise DocumentTooLargeError(
                f"{name}: unpacks to more than {limits.unpacked_bytes:,} bytes, which are not read"
            )
        if not reader.eof:
            raise BrokenDocumentError(f"{name}: its gzip data is cut off; fetch it again")
        rest = reader.unused_data
    if unpacked.startswith(_GZIP_MARK):
        raise WrongKindError(f"{name}: is packed twice; unpack it once")
    return bytes(unpacked)


def check_archive(data: bytes, *, name: str, limits: Limits) -> None:
    """Refuse a ZIP that is damaged, unpacks to more than it may, or holds XML with declarations of its own.

    Sizes are checked as declared, then by unpacking, a piece at a time. Office never declares types or entities.
    Raises DocumentError naming `name`.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            members = archive.infolist()
            declared = sum(member.file_size for member in members)
            if len(members) > limits.archive_members or declared > limits.archive_bytes:
                raise _too_large(name, limits)
            if any(member.flag_bits & 1 for member in members):
                raise BrokenDocumentError(f"{name}: is a ZIP with a password; unpack it first")
            left = limits.archive_bytes
            for member in members:
                left -= _unpacked(archive, member, left, name, limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError, RuntimeError) as exc:
        raise BrokenDocumentError(f"{name}: is damaged or cut off ({str(exc)[:100]}); save it again") from exc


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo, left: int, name: str, limits: Limits) -> int:
    """Read a member and return its size."""
    size = 0
    tail = b""
    markup = member.filename.lower().endswith(_XML_NAMES)
    with archive.open(member) as stream:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > left:
                raise _too_large(name, limits)
            if markup and _DECLARATION.search((tail + chunk).replace(b"\x00", b"")):  # in UTF-16 too
                raise BrokenDocumentError(f"{name}: declares types or entities in its XML; save it again with Word")
            tail = chunk[-32:]
    return size


def _too_large(name: str, limits: Limits) -> DocumentTooLargeError:
    return DocumentTooLargeError(
        f"{name}: unpacks to more than {limits.archive_bytes:,} bytes or {limits.archive_members:,} parts; "
        "cut it into several documents"
    )
