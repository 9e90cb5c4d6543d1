from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import sleep

import pytest

from index.articles import Article, make_article
from index.encoders import FakeEncoder
from index.errors import ArticleNotFoundError, EncoderError, IdTakenError, StorageError, VersionGoneError
from index.ingest import Added, Change
from index.keys import sentence_keys
from index.library import Library
from index.reading import Read, read_articles
from index.search import Filters

Search = Callable[..., list[str]]
Make = Callable[..., Article]


def texts(library: Library, question: str) -> list[str]:
    """Return the evidence for a question as strings."""
    return [evidence.text for evidence in library.search([question]).evidence]


def test_add_makes_an_article_searchable(library: Library, article: Make, encoder: FakeEncoder) -> None:
    """An added article is read back whole and found by its sentences."""
    bridge = article("bridge", title="Gannet Bridge", published_at="2022-06", outlet="Courier")
    assert library.add(bridge) == Added("bridge", bridge.version, Change.ADDED, 1)
    assert encoder.encoded == 1
    assert library.reader.article("bridge") == bridge
    assert texts(library, "What did it cost?")
    assert library.check() == 3


def test_an_unchanged_article_is_not_encoded_again(library: Library, article: Make, encoder: FakeEncoder) -> None:
    """The same article, even from another place, changes and encodes nothing."""
    library.add(article("bridge"))
    encoded = encoder.encoded
    assert library.add(article("bridge")).change is Change.UNCHANGED
    assert encoder.encoded == encoded


def test_changed_text_replaces_the_old_version(library: Library, article: Make) -> None:
    """After a change only the new sentences are found, and the old version is gone."""
    old = library.add(article("bridge", "The xylophone played."))
    added = library.add(article("bridge", "The bridge opened. It is long."))
    assert (added.change, added.encoded) == (Change.UPDATED, 1)
    assert set(texts(library, "xylophone")) == {"The bridge opened.", "It is long."}
    with pytest.raises(VersionGoneError, match="the live version is"):
        library.reader.article("bridge", old.version)
    assert library.check() == 2
    assert library.reader.totals().articles == 1


def test_changed_metadata_encode_nothing(library: Library, article: Make, encoder: FakeEncoder) -> None:
    """New metadata are stored without the encoder, and filters know them at once."""
    library.add(article("bridge", title="Bridge", outlet="Courier", published_at="2022"))
    before = library.search(["bridge"]).evidence
    encoded = encoder.encoded
    added = library.add(article("bridge", title="Bridge", outlet="Herald", author="Abara", url="https://example.org"))
    assert (added.change, added.encoded, encoder.encoded) == (Change.UPDATED, 0, encoded)
    assert library.reader.article("bridge").author == "Abara"
    assert [e.text for e in library.search(["bridge"]).evidence] == [e.text for e in before]
    for filters, n in (
        (Filters(outlets=["Courier"]), 0),
        (Filters(outlets=["Herald"]), 1),
        (Filters(published_to="2023"), 0),
    ):
        assert library.search(["bridge"], filters=filters).articles_searched == n


def test_a_changed_title_is_read_anew(library: Library, article: Make, encoder: FakeEncoder, found_ids: Search) -> None:
    """Passages are read with their title, so that a new one makes them anew; the old one's words are gone."""
    library.add(article("bridge", title="Old xylophone"))
    for i in range(3):
        library.add(article(f"other{i}", f"Ferries stopped on day {i}."))
    encoded = encoder.encoded
    added = library.add(article("bridge", title="New zeppelin", author="Abara"))
    assert (added.change, added.encoded, encoder.encoded) == (Change.UPDATED, 1, encoded + 1)
    assert found_ids(library, "zeppelin")[0] == "bridge"
    with library._database.begin() as connection:
        words = connection.exec_driver_sql("SELECT term FROM lexicon_words").scalars().all()
    assert "zeppelin" in words
    assert "xylophon" not in words


def test_a_changed_title_scores_like_a_new_one(
    open_library: Callable[..., Library], article: Make, tmp_path: Path
) -> None:
    """An article whose title was changed is scored like one that was added with that title."""
    changed, fresh = open_library(), open_library(folder=tmp_path / "fresh")
    for library in (changed, fresh):
        library.add(article("other", "Ferries stopped.", title="Harbour"))
    changed.add(article("bridge", title="Bridge"))
    for library in (changed, fresh):
        library.add(article("bridge", title="A long new title of the long old bridge of the town"))
    assert changed.search(["bridge"]) == fresh.search(["bridge"])


def test_a_changed_language_is_indexed_anew(library: Library, article: Make, encoder: FakeEncoder) -> None:
    """Sentences and words depend on the language, so that another one makes them anew."""
    library.add(article("bridge"))
    added = library.add(article("bridge", language="de"))
    assert (added.change, added.encoded, encoder.encoded) == (Change.UPDATED, 1, 2)


def test_remove(library: Library, article: Make, found_ids: Search) -> None:
    """A removed article is neither read nor found, and can be added again."""
    library.add(article("bridge"))
    library.add(article("ferry", "Ferries stopped."))
    library.remove("bridge")
    assert found_ids(library, "bridge") == ["ferry"]
    assert library.reader.find("bridge") is None
    assert library.check() == 1
    with pytest.raises(ArticleNotFoundError, match="there is no article 'bridge'"):
        library.remove("bridge")
    assert library.add(article("bridge")).change is Change.ADDED


def test_everything_is_kept_when_reopened(open_library: Callable[..., Library], article: Make) -> None:
    """Articles, sentences and scores are the same after closing and opening, and nothing is encoded."""
    library = open_library()
    for i in range(4):
        library.add(article(f"a{i}", f"The bridge number {i} opened.", title=f"Bridge {i}", outlet="Courier"))
    before = library.search(["bridge number 2"])
    library.close()
    encoder = FakeEncoder()
    reopened = open_library(encoder)
    assert reopened.search(["bridge number 2"]) == before
    assert encoder.encoded == 0


@pytest.fixture
def without_encoder(open_library: Callable[..., Library], article: Make, tmp_path: Path) -> Iterator[Library]:
    """Return a library of one article whose encoder cannot be made."""
    library = open_library()
    library.add(article("bridge"))
    library.close()

    def refuse() -> FakeEncoder:
        raise EncoderError("no model")

    without = Library(tmp_path / "data", refuse)
    yield without
    without.close()


def test_reading_needs_no_encoder(without_encoder: Library) -> None:
    """A list of articles is read without an encoder, which is made by the first call that needs it."""
    assert [row.id for row in without_encoder.reader.articles()] == ["bridge"]
    with pytest.raises(EncoderError, match="no model"):
        without_encoder.search(["bridge"])


def test_a_removal_needs_no_encoder(without_encoder: Library, open_library: Callable[..., Library]) -> None:
    """Where the encoder cannot be made an article can still be removed, and its vectors go with it."""
    without_encoder.remove("bridge")
    assert without_encoder.reader.articles() == []
    without_encoder.close()
    assert open_library().check() == 0


def test_articles_are_read_while_others_are_added(library: Library, article: Make) -> None:
    """Other threads read while one writes, and see whole articles only."""
    with ThreadPoolExecutor(2) as threads:
        reads = [threads.submit(_read_until, library, "a14") for _ in range(2)]
        for i in range(15):
            library.add(article(f"a{i}", f"The bridge number {i} opened. It is long."))
        assert all(read.result(timeout=10) for read in reads)


def _read_until(library: Library, article_id: str) -> bool:
    """List articles until one of `article_id` is there; tell whether each was whole."""
    while library.reader.find(article_id) is None:
        if any(row.sentences != 2 for row in library.reader.articles()):
            return False
        sleep(0.001)  # or the two that read leave the one that writes no time
    return True


def test_a_quote_equals_the_stored_text(library: Library, article: Make) -> None:
    """Offsets count code points of the stored text, with emoji, combining marks and right-to-left text in it."""
    given = "Cafe\u0301 👨‍👩‍👧‍👦 opened.\r\nשלום עולם. The z\u0335 stays!"
    library.add(article("mixed", given))
    stored = library.reader.article("mixed").text
    assert stored != given
    evidence = library.search(["cafe opened"]).evidence
    assert [e.text for e in evidence] == ["Café 👨‍👩‍👧‍👦 opened.", "שלום עולם.", "The z\u0335 stays!"]
    assert all(stored[e.start : e.end] == e.text for e in evidence)


@pytest.mark.parametrize("unit", ["word ", "a", "语"])
def test_a_hundred_thousand_characters_without_an_end(library: Library, article: Make, unit: str) -> None:
    """One sentence of any length is stored whole and found in pieces that fit the encoder."""
    text = (unit * 100_000)[:100_000].strip()
    library.add(article("long", text))
    assert library.reader.article("long").text == text
    assert library.search([unit]).evidence
    library.check()


def test_wordless_rulers_between_paragraphs(library: Library, article: Make) -> None:
    """An article with long rulers is added, and the sentences on both sides are found."""
    library.add(article("ruled", "One paragraph.\n\n" + "-" * 400 + "\n\nAnother one."))
    assert set(texts(library, "paragraph")) == {"One paragraph.", "Another one."}


def test_a_second_file_of_the_same_relative_path_is_refused(library: Library, tmp_path: Path) -> None:
    """A file that would take the id of one from another folder is refused, and the first is kept."""
    for folder, text in (("one", "First text."), ("two", "Second text.")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.txt").write_text(text)
    first, second = (
        next(found.article for found in read_articles(tmp_path / folder, max_bytes=99) if isinstance(found, Read))
        for folder in ("one", "two")
    )
    library.add(first)
    with pytest.raises(IdTakenError, match=r"two/a.txt: its id .* already belongs to .*one/a.txt; give it an `id`"):
        library.add(second)
    assert library.reader.article(first.id).text == "First text."
    assert texts(library, "text") == ["First text."]


@pytest.mark.parametrize("line", ["---\nid: given\n---\n{}", "---\nurl: https://example.org/a\n---\n{}"])
def test_a_file_with_an_id_or_url_may_move(library: Library, tmp_path: Path, line: str) -> None:
    """An article with an id or URL of its own is the same article wherever its file lies."""
    for folder, text in (("one", "First text."), ("two", "Second text.")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.md").write_text(line.format(text))
        for found in read_articles(tmp_path / folder, max_bytes=99):
            assert isinstance(found, Read)
            library.add(found.article)
    assert texts(library, "text") == ["Second text."]


def test_the_last_line_of_an_id_counts(library: Library, tmp_path: Path) -> None:
    """Where an id stands twice in a file the later line replaces the earlier."""
    (tmp_path / "a.jsonl").write_text('{"id": "a", "text": "First."}\n{"id": "a", "text": "Second."}\n')
    changes = [
        library.add(found.article).change
        for found in read_articles(tmp_path / "a.jsonl", max_bytes=99)
        if isinstance(found, Read)
    ]
    assert changes == [Change.ADDED, Change.UPDATED]
    assert texts(library, "first") == ["Second."]


def test_a_file_name_that_is_not_utf8(library: Library, tmp_path: Path) -> None:
    """A file is added whatever bytes its name has."""
    file = tmp_path / "caf\udce9.txt"
    file.write_text("The bridge opened.")
    (found,) = read_articles(tmp_path / "caf\udce9.txt", max_bytes=99)
    assert isinstance(found, Read)
    assert library.add(found.article).change is Change.ADDED


def test_check_mends_a_difference(library: Library, article: Make, encoder: FakeEncoder) -> None:
    """A vector index that lost something is made anew, and nothing is encoded for that."""
    library.add(article("bridge"))
    encoded = encoder.encoded
    library._vectors.remove(sentence_keys(1, 1))
    assert len(library._vectors) == 2
    assert (library.check(), len(library._vectors), encoder.encoded) == (3, 3, encoded)


def test_a_file_in_the_way_is_a_storage_error(tmp_path: Path) -> None:
    """A data directory that cannot be made is named."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(StorageError, match=r"ledger\.db cannot be read or written"):
        Library(tmp_path / "file", FakeEncoder)


def test_an_empty_library_is_closed(open_library: Callable[..., Library], article: Make) -> None:
    """A library without articles lets its files go, so that it can be opened again and filled."""
    library = open_library()
    assert library.check() == 0
    library.close()
    reopened = open_library()
    assert reopened.check() == 0
    assert reopened.add(article("bridge")).change is Change.ADDED
    assert reopened.check() == 3


def test_closing_twice_is_no_error(library: Library) -> None:
    """A closed library can be closed again."""
    library.close()
    library.close()


def test_pages_are_stored(library: Library) -> None:
    """The pages of a printed document come back as they were given, also where they come later than its text."""
    text = "The bridge was closed. It opened again."
    plain = make_article({"id": "report", "text": text}, place="report.pdf")
    paged = make_article({"id": "report", "text": text}, place="report.pdf", pages=[(1, 0), (2, 23)])
    assert library.add(plain).change == "added"
    added = library.add(paged)
    assert (added.change, added.encoded) == ("updated", 0)
    assert library.reader.article("report").pages == ((1, 0), (2, 23))
    (found,) = library.search(["opened again"]).evidence[-1:]
    assert found.article.page_at(found.start) == 2
