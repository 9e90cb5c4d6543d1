from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import date

import numpy as np
import pytest

from index.articles import Article
from index.encoders import FakeEncoder, PassageVectors
from index.keys import passage_key
from index.ledger import Database, Indexed, Reader, Totals, Writer
from index.manifest import Manifest
from index.passages import Passage, Segments
from index.preparing import Prepared
from index.sentences import Sentence
from index.stories import sign

Make = Callable[..., Article]
Write = Callable[..., list[int]]
MANIFEST = Manifest.of(FakeEncoder())
OTHER = replace(MANIFEST, revision="2")


def one_sentence(article: Article) -> Indexed:
    """Return an index of one passage with one sentence for `article`."""
    segments = Segments((Sentence(0, len(article.text), 0),), (Passage(0, 0),), (3,))
    row = np.ones((1, 4), dtype=np.float32)
    prepared = Prepared(segments, (("word",),), (), (1,), (), sign(["word"]))
    return Indexed(article, prepared, (PassageVectors(row[0], row),))


def test_a_new_ledger_has_no_generation(reader: Reader) -> None:
    """Before anything is added nothing is live."""
    assert Writer(reader._database).live_generation() is None


def test_generations_are_counted_and_switched(writer: Writer) -> None:
    """A new generation has the next number, and is live once switched to, alone."""
    fresh = writer.new_generation(OTHER, live=False)
    assert (fresh.number, fresh.manifest) == (2, asdict(OTHER))
    live = writer.live_generation()
    assert live
    assert (live.number, live.manifest) == (1, asdict(MANIFEST))
    writer.switch_generation(2)
    assert writer.live_generation() == fresh


def test_a_version_is_unseen_until_published(writer: Writer, reader: Reader, write: Write, article: Make) -> None:
    """Readers see a version once it is published, and the one before it until then."""
    first = article("a", "The first text.")
    write(first, publish=False)
    assert (reader.find("a"), reader.totals()) == (None, Totals(0, 0, 0))
    write(first)
    assert reader.find("a") == first
    write(article("a", "The second. And more."), publish=False)
    assert (reader.find("a"), reader.totals()) == (first, Totals(1, 1, 1))
    assert len(writer.leftovers(["a"])) == 3


def test_sweep_of_one_article_leaves_the_others_unfinished(
    writer: Writer, reader: Reader, write: Write, article: Make
) -> None:
    """Sweeping after one article was published touches no unfinished version of another."""
    old = write(article("a", "The old text."))
    unfinished = write(article("b", "Unfinished."), publish=False)
    write(article("a", "The new text."))
    assert writer.leftovers(["a"]) == old
    assert writer.leftovers(["a", "b"]) == [*old, *unfinished]
    writer.sweep(["a"])
    assert writer.leftovers(["a", "b"]) == unfinished
    assert reader.totals() == Totals(1, 1, 1)


def test_sweep_of_everything(writer: Writer, reader: Reader, write: Write, article: Make) -> None:
    """A full sweep deletes old, unfinished and removed versions, and generations that were never finished."""
    kept = article("a", "The kept text.")
    write(article("a", "The old text."))
    write(kept)
    write(article("b", "Unfinished."), publish=False)
    write(article("c", "Removed."))
    writer.hide("c")
    writer.new_generation(OTHER, live=False)
    writer.write_again(writer.live_versions()[0][1], 2, one_sentence(kept))
    writer.sweep()
    assert writer.leftovers(["a", "b", "c"]) == []
    assert writer.live_versions() == [("a", 2)]
    assert reader.totals() == Totals(1, 1, 1)
    assert writer.new_generation(OTHER, live=False).number == 2


def test_switching_drops_the_other_generation(writer: Writer, reader: Reader, write: Write, article: Make) -> None:
    """After a switch the passages of the old generation are gone, and those of the new one are counted."""
    one = article("a", "The first. The second.")
    write(one)
    writer.new_generation(OTHER, live=False)
    writer.write_again(1, 2, one_sentence(one))
    assert reader.totals() == Totals(1, 1, 2)
    assert reader.articles()[0].sentences == 2
    writer.switch_generation(2)
    assert reader.totals() == Totals(1, 1, 1)
    assert reader.articles()[0].sentences == 1
    assert list(writer.sentence_vectors(4, 1)) == []


def published_days(database: Database) -> list[int | None]:
    """Return the publication days of all versions, as windows are compared with them."""
    with database.begin() as connection:
        return list(connection.exec_driver_sql("SELECT published_day FROM versions ORDER BY key").scalars())


def test_metadata_of_the_live_version(
    writer: Writer, reader: Reader, database: Database, write: Write, article: Make
) -> None:
    """New metadata replace all the old ones, the day that windows are compared with too, and nothing else."""
    write(article("a", title="Bridge", author="Abara", published_at="2022"))
    assert published_days(database) == [date(2022, 1, 1).toordinal()]
    changed = article("a", title="Bridge", url="https://example.org/", published_at="2023-02-01T00:30+01:00")
    writer.update_metadata(changed)
    assert reader.find("a") == changed
    assert published_days(database) == [date(2023, 1, 31).toordinal()]
    writer.update_metadata(article("a", title="Bridge"))
    assert published_days(database) == [None]


def test_sentence_vectors_of_what_is_live(writer: Writer, write: Write, article: Make) -> None:
    """Each live passage gives its sentence keys and vectors, as they were, in half precision."""
    long = "\n\n".join(" ".join(f"Sentence {i} of paragraph {j} is here." for i in range(25)) for j in range(2))
    keys = write(article("a", long))
    assert [passage_key(key) for key in keys] == [1] * 25 + [2] * 25
    write(article("b", "Unfinished."), publish=False)
    found = list(writer.sentence_vectors(4, 1))
    assert [len(group) for group, _ in found] == [25, 25]
    assert [key for group, _ in found for key in group] == keys
    assert np.concatenate([rows for _, rows in found])[:, 0].tolist() == list(range(50))
    assert found[0][1].dtype == np.float32


def test_keys_are_never_used_twice(writer: Writer, write: Write, article: Make) -> None:
    """The key of a deleted sentence is given to no other, so that a stale vector cannot mean another sentence."""
    gone = write(article("a", "Gone."))
    writer.hide("a")
    writer.sweep()
    assert min(write(article("b", "New."))) > max(gone)


def test_vectors_and_passages_must_agree(writer: Writer, article: Make) -> None:
    """Passages without their vectors are refused, and nothing of them is written."""
    whole, torn = one_sentence(article("a", "Text.")), replace(one_sentence(article("b", "Text.")), vectors=())
    with pytest.raises(ValueError, match="shorter"):
        writer.write_versions([whole, torn], 1)
    assert writer.leftovers(["a", "b"]) == []


def test_several_articles_are_written_and_published_at_once(
    writer: Writer, reader: Reader, indexed: Callable[[Article], Indexed], article: Make
) -> None:
    """The keys of versions come in the order of the articles, those of their sentences likewise."""
    keys, sentences = writer.write_versions([indexed(article("b", "One. Two.")), indexed(article("a", "Three."))], 1)
    assert keys == [1, 2]
    assert [passage_key(key) for key in sentences] == [1, 1, 2]
    assert reader.totals() == Totals(0, 0, 0)
    writer.publish([("b", 1), ("a", 2)])
    assert reader.totals() == Totals(2, 2, 3)
    assert writer.live_versions() == [("a", 2), ("b", 1)]


def test_more_dead_versions_than_a_statement_takes(
    writer: Writer, reader: Reader, write: Write, article: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Any number of unfinished versions is swept, some at a time."""
    monkeypatch.setattr("index.ledger.writing._GROUP", 3)
    for _ in range(10):
        write(article("a", "Text."), publish=False)
    writer.sweep()
    assert writer.leftovers(["a"]) == []
    assert reader.find("a") is None
