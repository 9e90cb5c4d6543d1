"""What was removed is off the disk: not a byte of its words is in any file of the library."""

from collections.abc import Callable
from pathlib import Path

import pytest

from index.articles import Article
from index.errors import ArticleNotFoundError
from index.library import Library
from index.words import index_words

pytestmark = pytest.mark.slow

Make = Callable[..., Article]
MARKER = "Xylophonist Quaggaville"


def stored_forms(text: str) -> set[bytes]:
    """Return a text's words as typed, in lower case, and as the full-text index has them."""
    return {form.encode() for word in text.split() for form in (word, word.lower(), *index_words(word, "en"))}


def files_with(folder: Path, words: set[bytes]) -> dict[str, list[bytes]]:
    """Return the files that hold any of `words`, however typed."""
    found = {}
    for file in folder.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            found[file.name] = [word for word in words if word in content or word.lower() in content.lower()]
    return {name: held for name, held in found.items() if held}


def marked(number: int) -> str:
    """Return a text of some sentences with the marker in one of them."""
    before = " ".join(f"The council met on day {i} in hall {number}." for i in range(number % 37))
    return f"{before} {MARKER} opened hall {number} with a speech.".strip()


def test_words_are_on_the_disk_before(library: Library, article: Make, tmp_path: Path) -> None:
    """The search for bytes finds them while the article is there."""
    library.add(article("m", marked(3), title=MARKER))
    assert "ledger.db-wal" in files_with(tmp_path / "data", stored_forms(MARKER))
    library.close()
    assert "ledger.db" in files_with(tmp_path / "data", stored_forms(MARKER))


def test_removed_articles_leave_no_byte(library: Library, article: Make, tmp_path: Path) -> None:
    """While the library is open, and after many changes that moved rows about, no word of a removed one is left."""
    for i in range(30):
        library.add(article(f"m{i}", marked(i), title=f"{MARKER} {i}", author=MARKER, url=f"https://x.example/{i}"))
        library.add(article(f"n{i}", f"The bridge number {i} opened. It is long."))
    for i in range(30):
        library.remove(f"m{i}")
    assert files_with(tmp_path / "data", stored_forms(MARKER)) == {}
    assert library.check() == 60


def test_a_large_library_is_scrubbed_when_it_is_closed(
    library: Library, article: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where writing the ledger anew takes long, the file is scrubbed at closing."""
    monkeypatch.setattr("index.library._SCRUBBED_AT_ONCE", 0)
    library.add(article("m", marked(3), title=MARKER))
    library.add(article("n"))
    library.remove("m")
    library.close()
    assert files_with(tmp_path / "data", stored_forms(MARKER)) == {}


def test_an_interrupted_scrub_is_done_at_the_next_start(
    library: Library, open_library: Callable[..., Library], article: Make, tmp_path: Path
) -> None:
    """What was hidden when the process was killed is swept and scrubbed by the next opening."""
    library.add(article("m", marked(3), title=MARKER))
    library.add(article("n"))
    library._writer.hide("m")
    library._vectors.close()
    library._database.close()
    assert files_with(tmp_path / "data", stored_forms(MARKER)) != {}
    reopened = open_library()
    assert [p.article.id for p in reopened.search([MARKER]).passages] == ["n"]
    assert files_with(tmp_path / "data", stored_forms(MARKER)) == {}


def test_a_removal_that_was_cut_short_is_done_by_the_same_again(
    library: Library, article: Make, tmp_path: Path
) -> None:
    """An article that was hidden when the disk filled is no unknown one: removing it again takes it off the disk."""
    library.add(article("m", marked(3), title=MARKER))
    library._writer.hide("m")
    library.remove("m")
    assert files_with(tmp_path / "data", stored_forms(MARKER)) == {}
    with pytest.raises(ArticleNotFoundError):
        library.remove("m")


def test_removals_without_end_wear_nothing_out(
    library: Library, article: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The levels of the full-text index, of which SQLite bears 2,000, do not grow with what was ever removed."""
    monkeypatch.setattr("index.ledger.database._MERGES", 3)
    structure = "SELECT length(block) FROM lexicon_data WHERE id = 10"
    sizes = []
    for i in range(20):
        library.add(article("m", marked(3), title=MARKER))
        library.add(article(f"kept{i}", " ".join(f"quay{i}x{j}" for j in range(200))))
        library.remove("m")
        with library._database.begin() as connection:
            sizes.append(connection.exec_driver_sql(structure).scalar_one())
    assert max(sizes[10:]) <= max(sizes[:10])
    assert library.reader.n_articles() == 20
