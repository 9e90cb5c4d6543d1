"""Deleting an article takes every word of it out of the data folder, kept answers and caches included."""

from collections.abc import Callable
from pathlib import Path

from index.words import index_words
from service.contract import AskIn, FeedbackIn, SearchIn
from service.desk import Desk
from service.settings import Settings

TEXT = "Xylophonist Quaggaville opened the concert hall on Sunday. The hall has 900 seats."
WORDS = ("Xylophonist", "Quaggaville")
FORMS = {form.encode() for word in WORDS for form in (word, *index_words(word, "en"))}


def files_with_words(folder: Path) -> list[str]:
    """Return the files that hold a word of the article as typed, in lower case, or as the full-text index has it."""
    contents = {file: file.read_bytes().lower() for file in folder.rglob("*") if file.is_file()}
    return sorted(file.name for file, content in contents.items() if any(form.lower() in content for form in FORMS))


def test_not_a_byte_is_left(at_desk: Callable[..., object], put: Callable[..., object], settings: Settings) -> None:
    """While the desk is open, after it was closed, and after the vector index was made anew."""
    put("hall", TEXT, title="Quaggaville opens hall", author="Xylophonist")
    put("bridge", "The Gannet Bridge opened on Monday.")

    async def story(desk: Desk) -> tuple[list[str], list[str]]:
        answer = await desk.ask(AskIn(question="Who opened the concert hall on Sunday?"))
        assert "Quaggaville" in answer.answer
        await desk.feedback(FeedbackIn(answer_id=answer.id, rating="down", note=f"not so: {answer.citations[0].quote}"))
        before = files_with_words(settings.data_dir)
        await desk.remove("hall")
        after = files_with_words(settings.data_dir)
        found = await desk.search(SearchIn(question="Who opened the concert hall on Sunday?"))
        assert {passage.article_id for passage in found.passages} == {"bridge"}
        again = await desk.ask(AskIn(question="Who opened the concert hall on Sunday?"))
        assert "Quaggaville" not in again.model_dump_json()
        return before, after

    before, after = at_desk(story)
    assert {"ledger.db", "journal.db-wal"} <= set(before)
    assert after == []
    assert files_with_words(settings.data_dir) == []
    (settings.data_dir / "vectors" / "1" / "closed.json").unlink()
    found = at_desk(lambda desk: desk.search(SearchIn(question="Quaggaville")))
    assert {passage.article_id for passage in found.passages} == {"bridge"}
    assert files_with_words(settings.data_dir) == []
