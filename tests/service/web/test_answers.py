import asyncio
import json
import queue
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING

import pytest
from fastapi import FastAPI
from fastapi.responses import StreamingResponse

from service.contract import Answer, Citation, Conflict, ConflictValue, Dropped, Statement, Step
from service.contract.answers import CopyOut, Gates, WindowOut
from service.http.pages import make_pages

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.service.web.conftest import Seen, Site

pytestmark = pytest.mark.slow

playwright = pytest.importorskip("playwright.sync_api", reason="the page's tests need playwright")
expect = playwright.expect
Visit = Callable[..., "Page"]
Ask = Callable[["Page", str], None]
Answered = Callable[..., "Page"]
Make = Callable[..., Answer]
GATES = Gates(wording="passed", support="passed", probability=0.9, verifier="fake")


def test_the_four_outcomes_look_different(answered: Answered, answer: Make, cited: dict[str, object]) -> None:
    """Each has words, a picture and a colour of its own; what is missing, near or not decided is said."""
    silent: dict[str, object] = {"answer": "", "statements": [], "citations": []}
    page = answered(
        answer(),
        answer(outcome="partial", missing=["Who paid?"], nearest=[cited]),
        answer(outcome="not_found", reason="unsupported", nearest=[cited], **silent),
        answer(
            outcome="failed",
            reason="model_timeout",
            degraded=[{"part": "chat", "reason": "no reply within 240 s"}],
            **silent,
        ),
    )
    words = page.locator(".outcome strong")
    expect(words).to_have_text(["Answered", "Answered in part", "Not in these articles", "No answer"])
    looks = page.eval_on_selector_all(
        ".turn",
        """turns => turns.map(turn => {
            const style = getComputedStyle(turn.querySelector('.outcome'));
            return [style.color, style.backgroundColor, turn.querySelector('.outcome path').getAttribute('d')].join();
        })""",
    )
    assert len(set(looks)) == 4
    turns = page.locator(".turn")
    expect(turns.nth(1).locator(".missing")).to_contain_text("Who paid?")
    expect(turns.nth(1)).to_contain_text("Sentences that come near")
    expect(turns.nth(2)).to_contain_text("The closest sentences")
    expect(turns.nth(3).locator(".degraded")).to_contain_text("No reply within 240 s.")
    expect(turns.nth(3).locator("text=Ask again")).to_be_visible()
    expect(turns.nth(3).locator("text=Copy")).to_have_count(0)


@pytest.fixture
def disputed(answer: Make, statement: Callable[..., Statement], cited: dict[str, object]) -> Answer:
    """Return an answer that two articles give differently, with everything that can stand beside one."""
    text = "Apex (2022-06-13): three people[1] Ledger: 𝟟 people[2]"
    citations = [Citation.model_validate({**cited, "id": f"c{n}", "marker": n}) for n in (1, 2)]
    values = [
        ConflictValue(text="𝟟 people", citation_id="c2", outlet="Ledger", published_at="2022-06-14"),
        ConflictValue(text="three people", citation_id="c1", outlet="Apex", published_at="2022-06-13", superseded=True),
    ]
    copy = CopyOut.model_validate({**cited, "outlet": "Copycat"})
    return answer(
        answer=text,
        statements=[
            statement("three people", text.index("three")),
            statement("𝟟 people", text.index("𝟟"), citation_ids=["c2"], verdict="weak"),
        ],
        citations=[citations[0], citations[1].model_copy(update={"copies": [copy]})],
        conflicts=[Conflict(question="How many?", values=values)],
        dropped=[
            Dropped(text="The dam burst.", reason="the sentences do not say it", verdict="unsupported", nearest=None)
        ],
        notes=["Apex said three people; the same outlet corrected it later"],
        steps=[
            Step(question="Which dam?", text="Hessel", citation_ids=["c1"], verdict="supported", score=1, gates=GATES)
        ],
        window=WindowOut(published_from="2022-06-01", published_to="2022-07-01", wording="last month"),
        stripped=12,
    )


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_what_stands_beside_an_answer(answered: Answered, disputed: Answer, size: str) -> None:
    """Values that differ stand side by side, weak support is marked, and nothing that was found is kept back."""
    page = answered(disputed, size=size)
    expect(page.locator(".statement")).to_have_text(["three people", "𝟟 people"])
    expect(page.locator(".said .doubt")).to_have_text(["weak support"])
    expect(page.locator(".said .marker")).to_have_text(["1", "2"])
    expect(page.locator(".value .worth")).to_have_text(["𝟟 people2", "three people1"])
    boxes = [box for one in page.locator(".value").all() if (box := one.bounding_box())]
    assert (boxes[0]["y"] == boxes[1]["y"]) == (size == "desktop")
    expect(page.locator(".value.old")).to_contain_text("corrected later by the same outlet")
    expect(page.locator(".notes")).to_contain_text("Apex said three people; the same outlet corrected it later.")
    expect(page.locator(".dropped")).to_contain_text("The dam burst.")
    expect(page.locator(".dropped .soft")).to_contain_text("the sentences do not say it")
    expect(page.locator(".steps")).to_contain_text("Hessel")
    expect(page.locator(".quotes")).to_contain_text("The same words: Copycat, 13 June 2022")
    page.click("text=How it was made")
    expect(page.locator(".made")).to_contain_text("Invisible characters kept from the model12")
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width == (page.viewport_size or {})["width"]


def test_the_window_can_be_taken_away(answered: Answered, disputed: Answer, answer: Make, seen: "Seen") -> None:
    """The dates that words of the question asked for are shown, and the question is asked without them."""
    page = answered(disputed, answer(), asked=1)
    expect(page.locator(".searched .chip")).to_contain_text("Published 1 June 2022 to 30 June 2022 (“last month”)")
    page.click("[aria-label='Search all dates instead']")
    expect(page.locator(".searched .chip")).to_have_count(0)
    assert seen.asked[-1]["search_as"] == ["Who led?"]
    assert seen.asked[-1]["history"] == []


class Script:
    """A server that says what a test wants, when it wants it."""

    def __init__(self) -> None:
        self._said: queue.Queue[tuple[str, bool]] = queue.Queue()
        self.left = False
        self.app = FastAPI()
        self.app.add_api_route("/api/articles", lambda: {"articles": [], "total": 0, "offset": 0, "limit": 60})
        self.app.add_api_route("/api/ask/stream", self._stream, methods=["POST"])
        self.app.include_router(make_pages())

    def say(self, name: str, body: object) -> None:
        """Send an event; an error and a final one end the stream."""
        last = name in ("error", "final")
        self._said.put((f": comment\nevent: {name}\r\ndata: {json.dumps(body)}\r\n\r\n", last))

    def end(self) -> None:
        """End the stream."""
        self._said.put((": end", True))

    async def _stream(self) -> StreamingResponse:
        return StreamingResponse(self._parts(), media_type="text/event-stream")

    async def _parts(self) -> AsyncIterator[str]:
        try:
            last = False
            while not last:
                while self._said.empty():  # noqa: ASYNC110  (filled from another thread)
                    await asyncio.sleep(0.005)
                part, last = self._said.get()
                for character in (part[:3], part[3:-1], part[-1:]):  # as a network may cut it
                    yield character
        finally:
            self.left = True


@pytest.fixture
def script() -> Script:
    """Return a server that says what the test wants."""
    return Script()


@pytest.fixture
def told(script: Script, serve: Callable[..., "Site"], visit: Visit) -> "Page":
    """Return a page whose question is in work."""
    page = visit(serve(script.app).url)
    expect(page.locator("#examples")).to_contain_text("There are no articles yet")
    page.fill("#question", "Who led?")
    page.press("#question", "Enter")
    return page


EVIDENCE = {
    "n": 1, "article_id": "visit", "start": 0, "end": 4, "text": "Led.", "score": 1, "title": "Visit ends",
    "outlet": "Apex", "published_at": "2022-06-13", "copies": [],
}  # fmt: skip


def test_an_answer_is_shown_as_it_comes(told: "Page", script: Script, answer: Make) -> None:
    """Who is ahead, what is done, the sources and each statement are shown before the answer is whole."""
    script.say("stage", {"stage": "waiting", "ahead": 2})
    expect(told.locator(".stage")).to_have_text("Waiting for its turn: 2 questions ahead")
    expect(told.locator("#live")).to_have_text("Waiting for its turn: 2 questions ahead")
    script.say("stage", {"stage": "searching", "ahead": 0})
    expect(told.locator(".stage")).to_have_text("Searching the articles")
    script.say("sources", {"evidence": [EVIDENCE], "reason": None})
    expect(told.locator("details.read .words")).to_be_visible()
    whole = answer()
    statement = {"statement": whole.statements[0].model_dump(), "answer": whole.answer}
    script.say("statement", {**statement, "citations": [whole.citations[0].model_dump()]})
    expect(told.locator(".said .marker")).to_have_text("1")
    expect(told.locator(".outcome")).to_have_count(0)
    script.say("final", whole.model_dump())
    expect(told.locator(".outcome")).to_contain_text("Answered")
    expect(told.locator("details.read .words")).to_be_hidden()
    expect(told.locator("#live")).to_contain_text("Answered. Zhang Youxia")
    expect(told.locator("#stop")).to_be_hidden()


def test_a_question_is_stopped(told: "Page", script: Script, answer: Make) -> None:
    """Stop ends the request; what was said stays, as unfinished, and the question can be asked again."""
    whole = answer()
    script.say("sources", {"evidence": [EVIDENCE], "reason": None})
    statement = {"statement": whole.statements[0].model_dump(), "answer": whole.answer}
    script.say("statement", {**statement, "citations": [whole.citations[0].model_dump()]})
    expect(told.locator(".statement")).to_have_count(1)
    told.click("#stop")
    expect(told.locator(".turn .notice")).to_contain_text("Stopped.")
    expect(told.locator(".statement")).to_have_count(1)
    expect(told.locator("#send")).to_be_visible()
    told.wait_for_timeout(50)
    assert script.left
    told.click("[data-key=retry]")
    script.say("final", whole.model_dump())
    expect(told.locator(".outcome")).to_contain_text("Answered")
    expect(told.locator(".turn")).to_have_count(1)


def test_an_error_is_said(told: "Page", script: Script, answer: Make) -> None:
    """An error that ends a stream is shown in its words, and a stream without an end is told from an answer."""
    script.say("error", {"error": "storage", "detail": "the index cannot be read; run `pullquote reindex`"})
    expect(told.locator(".turn .notice")).to_contain_text("The index cannot be read; run `pullquote reindex`.")
    told.click("[data-key=retry]")
    script.end()
    expect(told.locator(".turn .notice")).to_contain_text("broke off before its end")
    told.click("[data-key=retry]")
    script.say("final", answer().model_dump())
    expect(told.locator(".turn .notice")).to_have_count(0)


def test_an_answer_stays_until_another_is_whole(told: "Page", script: Script, answer: Make) -> None:
    """Asking anew in vain leaves the answer that was there; a reload meanwhile says that the page was left."""
    script.say("final", answer().model_dump())
    told.click("text=Edit")
    told.click("text=Search again")
    script.say("stage", {"stage": "reading", "ahead": 0})
    expect(told.locator(".stage")).to_have_text("Reading what was found")
    script.say("error", {"error": "overloaded", "detail": "8 questions are in work"})
    expect(told.locator(".turn .notice")).to_contain_text("8 questions are in work.")
    expect(told.locator(".statement")).to_have_text("Zhang Youxia")
    told.fill("#question", "And who else?")
    told.press("#question", "Enter")
    script.say("stage", {"stage": "reading", "ahead": 0})
    expect(told.locator(".stage")).to_have_text("Reading what was found")
    told.reload()
    expect(told.locator(".statement")).to_have_text("Zhang Youxia")
    expect(told.locator(".turn >> nth=1").locator(".notice")).to_contain_text(
        "The page was left before the answer came."
    )


def test_a_server_that_is_gone_is_told(site: "Site", visit: Visit) -> None:
    """Where nobody answers, that is what is said, and the question stays askable."""
    page = visit(site.url)
    page.route("**/api/ask/stream", lambda route: route.abort("connectionrefused"))
    page.fill("#question", "Who led?")
    page.click("#send")
    expect(page.locator(".turn .notice")).to_contain_text("The server cannot be reached.")


def test_another_tab_follows(site: "Site", visit: Visit, ask: Ask) -> None:
    """What is asked in one tab is shown in another."""
    first = visit(site.url)
    second = first.context.new_page()
    second.goto(site.url)
    ask(first, "Which general led the Chinese side of the talks?")
    expect(second.locator(".turn .outcome")).to_contain_text("Answered")
    second.close()
