"""Documents made by hand, and a reading process that a module shares."""

import io
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence

import docx
import pytest

from index.extracting import Extractor

MakePdf = Callable[..., bytes]
MakeDocx = Callable[..., bytes]
MakeZip = Callable[[Mapping[str, bytes]], bytes]


@pytest.fixture(scope="module")
def extractor() -> Iterator[Extractor]:
    """Return an extractor with the limits of the service."""
    with Extractor() as made:
        yield made


@pytest.fixture(scope="session")
def make_pdf() -> MakePdf:
    """Return a function that makes a PDF of pages, each a list of lines."""
    return printed_pdf


def printed_pdf(pages: Sequence[Sequence[str]], info: str = "", catalog: str = "") -> bytes:
    """Make a PDF of pages, each a list of lines."""
    objects = [f"<< /Type /Catalog /Pages 2 0 R {catalog} >>".encode()]
    numbers = [4 + 2 * place for place in range(len(pages))]
    kids = " ".join(f"{number} 0 R" for number in numbers)
    objects.append(f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>".encode())
    objects.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    for number, lines in zip(numbers, pages, strict=True):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {number + 1} 0 R "
            "/Resources << /Font << /F 3 0 R >> >> >>".encode()
        )
        shown = "".join(f"({line}) Tj T*\n" if line else "T*\n" for line in lines)
        stream = f"BT /F 12 Tf 14 TL 72 720 Td\n{shown}ET".encode("latin-1")
        objects.append(b"<< /Length %d >>\nstream\n%b\nendstream" % (len(stream), stream))
    return raw_pdf(objects, info)


@pytest.fixture(scope="session")
def make_raw_pdf() -> Callable[..., bytes]:
    """Return a function that makes a PDF of raw objects, the first of which is the catalog."""
    return raw_pdf


def raw_pdf(objects: Sequence[bytes], info: str = "") -> bytes:
    """Write objects with a table of where they stand."""
    numbered = [*objects, f"<< {info} >>".encode("latin-1")]
    out = io.BytesIO(b"%PDF-1.7\n")
    out.seek(0, io.SEEK_END)
    places = []
    for number, body in enumerate(numbered, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%b\nendobj\n" % (number, body))
    table = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(numbered) + 1))
    out.writelines(b"%010d 00000 n \n" % place for place in places)
    size, last = len(numbered) + 1, len(numbered)
    out.write(b"trailer << /Size %d /Root 1 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF" % (size, last, table))
    return out.getvalue()


@pytest.fixture(scope="session")
def make_zip() -> MakeZip:
    """Return a function that packs named parts."""

    def packed(parts: Mapping[str, bytes]) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in parts.items():
                archive.writestr(name, data)
        return out.getvalue()

    return packed


@pytest.fixture(scope="session")
def make_docx() -> MakeDocx:
    """Return a function that makes a Word document, of which single parts may be replaced."""
    return word_document


def word_document(
    paragraphs: Sequence[tuple[str, str]] = (), *, table: Sequence[Sequence[str]] = (), **parts: bytes
) -> bytes:
    """Make a Word document of (style, text), a table, and parts in place of its own."""
    made = docx.Document()
    made.core_properties.author = "Ada Byron"
    for style, text in paragraphs:
        made.add_paragraph(text, style=style or None)
    if table:
        grid = made.add_table(len(table), len(table[0]))
        for row, cells in zip(grid.rows, table, strict=True):
            for cell, text in zip(row.cells, cells, strict=True):
                cell.text = text
    out = io.BytesIO()
    made.save(out)
    return replaced(out.getvalue(), parts)


def replaced(data: bytes, parts: Mapping[str, bytes]) -> bytes:
    """Replace parts of a Word document by the name of their file without its ending."""
    if not parts:
        return data
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            stem, _, ending = member.filename.rpartition("/")[2].partition(".")
            new.writestr(member.filename, parts.get(stem, old.read(member)) if ending == "xml" else old.read(member))
    return out.getvalue()
