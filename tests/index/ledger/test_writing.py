from collections.abc import Callable
from dataclasses import asdict, replace

import numpy as np
import pytest

from index.articles import Article
from index.encoders import FakeEncoder, PassageVectors
from index.ledger import Indexed, Reader, Totals, Writer
from index.manifest import Manifest
from index.passages import Passage, Segments
from index.sentences import Sentence

Make = Callable[..., Article]
Write = Callable[..., list[int]]
MANIFEST = Manifest.of(FakeEncoder())
OTHER = replace(MANIFEST, revision="2")


def one_sentence(article: Article) -> Indexed:
    """Return an index of one passage with one sentence for `article`."""
    segments = Segments((Sentence(0, len(article.text), 0),), (Passage(0, 0),), (3,))
    row = np.ones((1, 4), dtype=np.float32)
    return Indexed(segments, (("word",),), (), (PassageVectors(row[0], row),))


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
    assert len(writer.leftovers("a")) == 3


def test_sweep_of_one_article_leaves_the_others_unfinished(
    writer: Writer, reader: Reader, write: Write, article: Make
) -> None:
    """Sweeping after one article was published touches no unfinished version of another."""
    old = write(article("a", "The old text."))
    unfinished = write(article("b", "Unfinished."), publish=False)
    write(article("a", "The new text."))
    assert writer.leftovers("a") == old
    writer.sweep("a")
    assert writer.leftovers() == unfinished
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
    writer.write_passages(writer.live_versions()[0][1], 2, one_sentence(kept))
    writer.sweep()
    assert writer.leftovers() == []
    assert writer.live_versions() == [("a", 2)]
    assert reader.totals() == Totals(1, 1, 1)
    assert writer.new_generation(OTHER, live=False).number == 2


def test_switching_drops_the_other_generation(writer: Writer, reader: Reader, write: Write, article: Make) -> None:
    """After a switch the passages of the old generation are gone, and those of the new one are counted."""
    one = article("a", "The first. The second.")
    write(one)
    writer.new_generation(OTHER, live=False)
    writer.write_passages(1, 2, one_sentence(one))
    assert reader.totals() == Totals(1, 1, 2)
    assert reader.articles()[0].sentences == 2
    writer.switch_generation(2)
    assert reader.totals() == Totals(1, 1, 1)
    assert reader.articles()[0].sentences == 1
    assert list(writer.sentence_vectors(4, 1)) == []


def test_metadata_of_the_live_version(writer: Writer, reader: Reader, write: Write, article: Make) -> None:
    """New metadata replace all the old ones, and nothing else."""
    write(article("a", title="Old", author="Abara", published_at="2022"))
    changed = article("a", title="New", url="https://example.org/", fetched_at="2023")
    writer.update_metadata(changed, ["new"])
    assert reader.find("a") == changed


def test_sentence_vectors_of_what_is_live(writer: Writer, write: Write, article: Make) -> None:
    """Each live passage gives its sentence keys and vectors, as they were, in half precision."""
    long = "\n\n".join(" ".join(f"Sentence {i} of paragraph {j} is here." for i in range(25)) for j in range(2))
    keys = write(article("a", long))
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
    one = article("a", "Text.")
    key = writer.write_version(one)
    with pytest.raises(ValueError, match="shorter"):
        writer.write_passages(key, 1, replace(one_sentence(one), vectors=()))
    assert writer.leftovers() == []
