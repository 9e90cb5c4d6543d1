from collections.abc import Callable
from io import BytesIO

import pytest
from pypdf import PdfReader, PdfWriter

from index.documents import Documents
from index.extracting import Extracted, Limits
from index.extracting.errors import BrokenDocumentError, DocumentError, EncryptedDocumentError, ScannedDocumentError
from index.extracting.pdf import extract_pdf
from index.extracting.printed import join_pages

MakePdf = Callable[..., bytes]
LONG = [
    "The ferry between the two islands sails again from Monday, as the har-",
    "bour master said on Friday evening, after so many weeks of waiting",
    "without it.",
    "Repairs of the pier took longer than planned, because a well-known",
    "storm had washed away the scaffolding.",
]
SECOND = [
    "Tickets cost as much as before, and whoever bought one in March may use",
    "it until the end of the year.",
]


def read(data: bytes, limits: Limits | None = None) -> Extracted:
    """Extract a PDF."""
    return extract_pdf(data, name="paper.pdf", limits=limits or Limits())


def test_lines_become_paragraphs(make_pdf: MakePdf) -> None:
    """Lines are joined, a hyphen at the end of one goes, and a short line that ends a sentence ends a paragraph."""
    first, second = read(make_pdf([LONG])).text.split("\n\n")
    assert first.endswith("as the harbour master said on Friday evening, after so many weeks of waiting without it.")
    assert second.startswith("Repairs of the pier took longer than planned, because a well-known storm")


def test_pages(make_pdf: MakePdf) -> None:
    """Each page has its number, and its span in the text."""
    found = read(make_pdf([LONG, [], SECOND]))
    assert [page.number for page in found.pages] == [1, 2, 3]
    first, second, third = (found.text[page.start : page.end] for page in found.pages)
    assert first.startswith("The ferry")
    assert first.rstrip().endswith("scaffolding.")
    assert second == ""
    assert third.strip() == " ".join(SECOND)
    assert found.pages[-1].end == len(found.text)


def test_metadata(make_pdf: MakePdf) -> None:
    """Title, author, language and dates are those of the file, and say so."""
    info = "/Title (Ferry report) /Author (Ada Byron; Grace Murray) /CreationDate (D:20190428060107-07'00') "
    found = read(make_pdf([LONG], info + "/ModDate (D:20200102)", "/Lang (en-GB)"))
    assert (found.title, found.author, found.language) == ("Ferry report", "Ada Byron, Grace Murray", "en")
    assert (found.published_at, found.modified_at) == ("2019-04-28T06:01:07-07:00", "2020-01-02")
    assert set(found.origins.values()) == {"pdf"}


@pytest.mark.parametrize("title", ["untitled", "Microsoft Word - a.doc", "report_final.docx", ""])
def test_titles_that_programs_write(make_pdf: MakePdf, title: str) -> None:
    """The name of a file is no title."""
    assert read(make_pdf([LONG], f"/Title ({title})")).title is None


def test_a_change_that_is_none(make_pdf: MakePdf) -> None:
    """A date of change that is that of creation is none."""
    assert read(make_pdf([LONG], "/CreationDate (D:20190428) /ModDate (D:20190428)")).modified_at is None


def encrypted(data: bytes, password: str) -> bytes:
    """Encrypt a PDF."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(data)))
    writer.encrypt(password, "owner", algorithm="AES-256")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def test_encrypted(make_pdf: MakePdf) -> None:
    """A PDF with a password is refused with what to do; one that only restricts printing is read."""
    with pytest.raises(EncryptedDocumentError, match=r"^paper.pdf: needs a password; .*qpdf"):
        read(encrypted(make_pdf([LONG]), "secret"))
    assert "ferry" in read(encrypted(make_pdf([LONG]), "")).text


def test_scanned(make_pdf: MakePdf) -> None:
    """A PDF without text is refused with what to do."""
    with pytest.raises(ScannedDocumentError, match=r"^paper.pdf: has no text on its 2 pages, .*ocrmypdf"):
        read(make_pdf([[], []]))


def test_most_pages(make_pdf: MakePdf) -> None:
    """Pages beyond the limit are left out, and counted."""
    found = read(make_pdf([LONG, SECOND, SECOND]), Limits(pages=1))
    assert "1 pages" not in found.text
    assert "2 pages after the first 1 left out" in found.warnings


@pytest.mark.parametrize("end", [20, 120, 400])
def test_cut_off(make_pdf: MakePdf, end: int) -> None:
    """A PDF that is cut off is refused by its name."""
    with pytest.raises(DocumentError, match=r"^paper.pdf: "):
        read(make_pdf([LONG])[:end])


def test_circles(make_raw_pdf: Callable[..., bytes]) -> None:
    """A tree of pages that contains itself is refused."""
    with pytest.raises(BrokenDocumentError, match=r"^paper.pdf: is damaged"):
        read(make_raw_pdf([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 1 /Kids [2 0 R] >>"]))


def joined(*pages: str, limits: Limits | None = None) -> str:
    """Join pages of lines."""
    return join_pages(pages, limits or Limits())[0]


WIDE = "This line is as wide as the column of the page allows it to be, so it goes on"


def test_paragraphs_by_short_lines() -> None:
    """A sentence that ends well before the margin ends the paragraph."""
    assert joined(f"{WIDE}\nand ends here.\n{WIDE}\nand ends there.") == (
        f"{WIDE} and ends here.\n\n{WIDE} and ends there."
    )


def test_headings_and_items() -> None:
    """A short line before a capital is a heading, and items of lists begin paragraphs."""
    text = joined(f"What changes\n{WIDE}\nand ends here.\n• one item\n• another item\n2. a third")
    assert text.split("\n\n") == [
        "What changes",
        f"{WIDE} and ends here.",
        "• one item",
        "• another item",
        "2. a third",
    ]


def test_over_the_end_of_a_page() -> None:
    """A sentence goes on over the end of a page, within a word too."""
    text, pages, _ = join_pages([f"{WIDE}\nand on the next pa-", f"ge, where it ends.\n{WIDE}."], Limits())
    assert "and on the next page, where it ends." in text
    assert [text[page.start : page.end] for page in pages][1].startswith("ge, where")


def test_running_heads() -> None:
    """Lines that return on every page and numbers of pages go, and are counted."""
    pages = [f"The Paper, 3 May {n}\n{WIDE} {word}.\nPage {n} of 4" for n, word in enumerate(("a", "b", "c", "d"), 1)]
    text, _, warnings = join_pages(pages, Limits())
    assert "The Paper" not in text
    assert "Page" not in text
    assert "8 running heads" in warnings[0]


def test_composed_over_a_border() -> None:
    """Text is NFC even where joining brings an accent to its letter, and pages still meet."""
    text, pages, _ = join_pages([f"{WIDE}\nend with cafe-", "\u0301s and more."], Limits())
    assert pages[0].end == pages[1].start
    assert pages[1].end == len(text)


def test_text_is_cut() -> None:
    """Text beyond the limit is cut, with its pages."""
    text, pages, warnings = join_pages([WIDE, WIDE], Limits(text_chars=20))
    assert text == WIDE[:20]
    assert [(page.start, page.end) for page in pages] == [(0, 20), (20, 20)]
    assert "cut off" in warnings[0]


def test_its_article_knows_the_pages(make_pdf: MakePdf) -> None:
    """A sentence of the article is found on the page that it was printed on."""
    data = make_pdf((["The ferry sails again, its owner said."], [], ["It had been laid up since March."]))
    with Documents() as documents:
        found = documents.file(
            data, "pdf", place="ferry.pdf", relative="ferry.pdf", source="ferry.pdf", max_bytes=1_000
        )
    text = found.article.text
    assert [found.article.page_at(text.index(words)) for words in ("The ferry", "since March")] == [1, 3]
