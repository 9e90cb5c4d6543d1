import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from index.errors import ArticleNotFoundError, IdTakenError, InvalidArticleError, StorageError, VersionGoneError
from service.answering import Style
from service.chat.fake import FakeChatModel
from service.checking.features import FEATURES, MOST
from service.checking.support import ChatVerifier
from service.contract import Answer, ArticleBody, ArticleIn, AskIn, Part, SearchIn
from service.desk import Desk
from service.errors import OverloadedError, QuestionError, SettingsError
from service.settings import Settings
from service.shelf import open_library

AtDesk = Callable[..., object]
Story = Callable[[Desk], Awaitable[None]]
TEXT = "The northern bridge opened. It is long."


def body(text: str = TEXT, **fields: object) -> ArticleIn:
    """Make the body of an article in English."""
    return ArticleIn.model_validate({"text": text, "language": "en", **fields})


def test_an_article_comes_and_goes(at_desk: AtDesk) -> None:
    """Added, unchanged, updated in its outlet, updated in its text, removed."""

    async def story(desk: Desk) -> None:
        first = await desk.put("a", body())
        assert (first.id, first.change, first.encoded) == ("a", "added", 1)
        assert (await desk.put("a", body())).change == "unchanged"
        titled = await desk.put("a", body(outlet="The Courier"))
        assert (titled.change, titled.version, titled.encoded) == ("updated", first.version, 0)
        longer = await desk.put("a", body(TEXT + " Two ferries stopped."))
        assert (longer.change, longer.encoded) == ("updated", 1)
        assert longer.version != first.version
        with pytest.raises(VersionGoneError):
            await desk.article("a", first.version)
        assert (await desk.article("a", longer.version)).text == TEXT + " Two ferries stopped."
        await desk.remove("a")
        for call in (desk.article("a"), desk.remove("a")):
            with pytest.raises(ArticleNotFoundError):
                await call

    at_desk(story)


def test_pages_of_articles(at_desk: AtDesk) -> None:
    """Articles come by id, page by page, with the total."""

    async def story(desk: Desk) -> None:
        for name in ("c", "a", "b"):
            await desk.put(name, body())
        page = await desk.articles(offset=1, limit=1)
        assert [article.id for article in page.articles] == ["b"]
        assert (page.total, page.offset, page.limit) == (3, 1, 1)
        assert (await desk.articles(offset=3, limit=5)).articles == []

    at_desk(story)


def test_an_article_says_where_its_dates_came_from(at_desk: AtDesk) -> None:
    """A date came with the request unless the request says otherwise, and the source is kept."""

    async def story(desk: Desk) -> ArticleBody:
        dates = {"published_at": "2022-06", "modified_at": "2023"}
        await desk.put("a", body(**dates, source="news/a.md", origins={"modified_at": "front matter"}))
        return await desk.article("a")

    stored = at_desk(story)
    assert isinstance(stored, ArticleBody)
    assert (stored.source, stored.published_at) == ("news/a.md", "2022-06")
    assert stored.origins == {"published_at": "request", "modified_at": "front matter"}


def test_articles_are_refused_with_their_place(at_desk: AtDesk) -> None:
    """A bad article and another file's id are refused, and nothing is stored."""

    async def story(desk: Desk) -> None:
        with pytest.raises(InvalidArticleError, match="article a: is empty"):
            await desk.put("a", body(" \n"))
        with pytest.raises(InvalidArticleError, match="the id 'a b' is not allowed"):
            await desk.put("a b", body())
        await desk.put("a", body(source="/news/1.md", origins={"id": "path"}))
        with pytest.raises(IdTakenError, match=r"/other/1\.md: its id 'a' already belongs to /news/1\.md"):
            await desk.put("a", body("Other.", source="/other/1.md", origins={"id": "path"}))
        assert (await desk.articles(offset=0, limit=9)).total == 1

    at_desk(story)


@pytest.mark.parametrize("question", ["", " \n\t", "?!…", "🎉🎉", "\u202e", "\x00"])
def test_questions_without_a_word_are_refused(at_desk: AtDesk, question: str) -> None:
    """Asked, searched, or given to be searched, such a question is refused."""

    async def story(desk: Desk) -> None:
        for call in (
            desk.ask(AskIn(question=question)),
            desk.ask(AskIn(question="Who?", search_as=["who", question])),
            desk.search(SearchIn(question=question)),
        ):
            with pytest.raises(QuestionError, match="the question is empty; ask something with words in it"):
                await call

    at_desk(story)


def test_a_question_may_be_as_long_as_set(at_desk: AtDesk) -> None:
    """The limit counts characters, and the message tells both numbers."""

    async def story(desk: Desk) -> None:
        await desk.search(SearchIn(question="x" * 20))
        with pytest.raises(QuestionError, match="the question has 21 characters; at most 20 are read"):
            await desk.search(SearchIn(question="x" * 21))

    at_desk(story, max_question_chars=20)


def test_half_a_character_is_refused(at_desk: AtDesk) -> None:
    """A lone surrogate is told as such."""

    async def story(desk: Desk) -> None:
        with pytest.raises(QuestionError, match="a lone surrogate"):
            await desk.ask(AskIn.model_construct(**{**AskIn(question="x").__dict__, "question": "who \ud800"}))

    at_desk(story)


def test_more_questions_than_the_limit_are_turned_away(at_desk: AtDesk) -> None:
    """Questions beyond the limit are refused at once, searches are not, and each that ends frees its place."""

    async def story(desk: Desk) -> None:
        await desk.put("a", body())
        hanging = [asyncio.ensure_future(desk.ask(AskIn(question="northern bridge"))) for _ in range(2)]
        await asyncio.sleep(0.05)
        with pytest.raises(OverloadedError, match="2 questions are in work, which is the limit"):
            await desk.ask(AskIn(question="northern bridge"))
        assert (await desk.search(SearchIn(question="bridge"))).evidence
        hanging[0].cancel()
        await asyncio.gather(hanging[0], return_exceptions=True)
        third = asyncio.ensure_future(desk.ask(AskIn(question="northern bridge")))
        await asyncio.sleep(0.05)
        assert not third.done()
        for task in (hanging[1], third):
            task.cancel()
        await asyncio.gather(*hanging, third, return_exceptions=True)

    at_desk(story, chat_model="fake:hang", max_asks=2)


def test_a_refused_question_takes_no_place(at_desk: AtDesk) -> None:
    """Questions that were refused or failed leave the limit as it was."""

    async def story(desk: Desk) -> None:
        for _ in range(3):
            with pytest.raises(QuestionError):
                await desk.ask(AskIn(question=""))
        for _ in range(3):
            assert (await desk.ask(AskIn(question="bridge"))).reason == "index_empty"

    at_desk(story, max_asks=1)


def test_a_desk_that_is_ready_says_what_it_holds(at_desk: AtDesk) -> None:
    """Ledger, index and model are touched, and tell their state."""

    async def story(desk: Desk) -> None:
        await desk.put("a", body())
        ready = await desk.ready()
        assert ready.ready
        assert ready.parts == {
            "ledger": Part(ok=True, detail="1 articles"),
            "index": Part(ok=True, detail="2 sentences, encoder fake"),
            "model": Part(ok=True, detail="fake:extract answers"),
            "journal": Part(ok=True, detail="0 answers of the last 30 days"),
        }

    at_desk(story)


def test_each_part_that_fails_is_told_by_itself(at_desk: AtDesk, settings: Settings) -> None:
    """A broken ledger, a missing encoder, a model that is down: all are told at once, and none is raised."""

    async def story(desk: Desk) -> None:
        with sqlite3.connect(settings.data_dir / "ledger.db") as ledger:
            ledger.execute("DROP TABLE contents")
            ledger.execute("DROP TABLE articles")
        ledger.close()
        ready = await desk.ready()
        assert not ready.ready
        assert [part.ok for part in ready.parts.values()] == [False, False, False, True]
        assert "ledger.db cannot be read or written" in ready.parts["ledger"].detail
        assert "PULLQUOTE_ENCODER" in ready.parts["index"].detail
        assert ready.parts["model"].detail == "fake:down cannot be asked (ConnectionError)"
        with pytest.raises(StorageError):
            await desk.articles(offset=0, limit=1)

    at_desk(story, chat_model="fake:down", encoder="nowhere")


def warmed(settings: Settings, chat: object) -> None:
    """Warm a desk of this chat."""

    async def story() -> None:
        desk = Desk(settings, open_library(settings), chat, ChatVerifier(chat))  # type: ignore[arg-type]
        try:
            await desk.warm()
        finally:
            await desk.close()

    asyncio.run(story())


def test_a_model_is_made_ready_beforehand(settings: Settings, scripted: Callable[..., object]) -> None:
    """It is told to warm once, and asked nothing."""
    chat = scripted("not found")
    warmed(settings, chat)
    assert (chat._models.warmed, chat.heard) == (1, [])  # type: ignore[attr-defined]


def test_a_model_that_cannot_be_warmed_is_no_error(settings: Settings, scripted: Callable[..., object]) -> None:
    """Whatever is wrong with it, the first question will tell."""
    chat = scripted(ConnectionError("nobody there"))
    warmed(settings, chat)
    assert chat._models.warmed == 0  # type: ignore[attr-defined]


@pytest.mark.parametrize("thorough", [True, False])
def test_a_thorough_desk_measures_all_that_can_be(
    settings: Settings, scripted: Callable[..., object], *, thorough: bool
) -> None:
    """Without a calibration the second question is asked for making one alone, and its cost is counted."""
    chat = scripted(FakeChatModel(behaviour="extract"))

    async def story() -> Answer:
        style = Style(thorough=thorough)
        desk = Desk(settings, open_library(settings), chat, ChatVerifier(chat), style)  # type: ignore[arg-type]
        try:
            await desk.put("a", body())
            return await desk.ask(AskIn(question="Which northern bridge opened?"))
        finally:
            await desk.close()

    found = asyncio.run(story())
    (statement,) = found.statements
    assert statement.gates
    assert set(statement.gates.features) == set(FEATURES) - (set() if thorough else set(MOST))
    assert (found.outcome, found.usage.calls) == ("answered", 3 if thorough else 2)


@pytest.mark.parametrize("n", [1, 3])
def test_every_answer_counts_for_the_day(at_desk: AtDesk, n: int) -> None:
    """The tokens of the day grow with each answer, and the limits of the settings are told."""

    async def story(desk: Desk) -> None:
        await desk.put("a", body())
        answers = [await desk.ask(AskIn(question="Which northern bridge opened?")) for _ in range(n)]
        cost = answers[0].usage.prompt_tokens + answers[0].usage.completion_tokens
        assert [answer.usage.today for answer in answers] == [cost * (i + 1) for i in range(n)]
        assert {(answer.usage.answer_limit, answer.usage.day_limit) for answer in answers} == {(9_000, 90_000)}

    at_desk(story, max_answer_tokens=9_000, max_day_tokens=90_000)


def test_reindexing_makes_everything_anew(at_desk: AtDesk) -> None:
    """Every article is counted, and is found as before."""

    async def story(desk: Desk) -> None:
        await desk.put("a", body())
        before = await desk.search(SearchIn(question="bridge"))
        assert await desk.reindex() == 1
        assert await desk.search(SearchIn(question="bridge")) == before

    at_desk(story)


def test_what_was_stored_is_there_after_reopening(at_desk: AtDesk) -> None:
    """A desk that was closed leaves everything behind for the next one."""
    at_desk(lambda desk: desk.put("a", body()))
    found = at_desk(lambda desk: desk.search(SearchIn(question="bridge")))
    assert found.evidence[0].text == "The northern bridge opened."  # type: ignore[attr-defined]


def test_a_model_that_cannot_be_is_refused_before_anything_is_made(tmp_path: Path, settings: Settings) -> None:
    """A wrong model name is an error of the settings, and leaves no library behind."""
    with pytest.raises(SettingsError, match="PULLQUOTE_CHAT_MODEL is 'nothing'"):
        Desk.open(settings.model_copy(update={"chat_model": "nothing"}))
    assert list(tmp_path.iterdir()) == []


def test_a_library_opens_without_its_encoder(settings: Settings) -> None:
    """What only lists articles needs no encoder."""
    library = open_library(settings.model_copy(update={"encoder": "nowhere"}))
    assert library.reader.n_articles() == 0
    library.close()
