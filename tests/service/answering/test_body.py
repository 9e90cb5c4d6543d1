from collections.abc import Callable
from typing import get_args

import pytest

from index import Article, Evidence, Found
from prompts import load_prompt
from service.answering.body import Told, make_body
from service.answering.composing import Said, compose
from service.answering.understanding import Understood
from service.answering.work import Work
from service.asking.windows import Window
from service.chat.base import Call, Draft, Support
from service.checking.attribution import Attributed
from service.checking.gate import Wording
from service.checking.judging import Judged
from service.contract import Answer, FiltersIn, Outcome
from service.prompt_names import PROMPTS

MakeWork = Callable[..., Work]
NAMES = {"chat": "a chat", "encoder": "an encoder", "verifier": "a verifier"}
TEXT = "One.\nTwo.\nThree.\nFour.\nFive."


def sentences(published_at: str | None = None) -> tuple[Evidence, ...]:
    """Make five sentences, of which the last ranks best."""
    article = Article("a", TEXT, published_at=published_at)
    starts = (0, 5, 10, 17, 23)
    return tuple(
        Evidence(n, article, start, start + len(TEXT[start:].split("\n", maxsplit=1)[0]), n / 10)
        for n, start in enumerate(starts, 1)
    )


def judged(text: str, *cited: Evidence) -> Judged:
    """Make a statement that holds."""
    return Judged(Draft((), text), Attributed(text, cited), Wording(), Support(0.9, Call()), {}, None, "supported")


def told(outcome: Outcome, published_at: str | None = None) -> Told:
    """Make a decision."""
    if outcome in ("answered", "partial"):
        return Told(outcome, composed=compose([Said(judged("Two", sentences(published_at)[1]))], "a verifier"))
    return Told(outcome, "no_evidence" if outcome == "not_found" else "model_timeout")


def body(work: Work, told: Told, asked_at: str = "2024-06-01", window: Window | None = None) -> Answer:
    """Make the body of an answer to "Who?"."""
    return make_body(work, Understood("Who?", ("Who?",), FiltersIn(), window), told, NAMES, asked_at)


@pytest.mark.parametrize("outcome", get_args(Outcome))
def test_all_but_a_whole_answer_shows_what_is_nearest(work: MakeWork, outcome: Outcome) -> None:
    """The three sentences that ranked best, the best first, also where only a part was answered."""
    done = work()
    done.found = Found((), sentences(), ("Who?",), 1, 1)
    answer = body(done, told(outcome))
    assert [item.quote for item in answer.nearest] == ([] if outcome == "answered" else ["Five.", "Four.", "Three."])
    assert all(TEXT[item.start : item.end] == item.quote for item in answer.nearest)


def test_an_answer_says_what_made_it(work: MakeWork) -> None:
    """An id of its own, the models, and each prompt with its fingerprint."""
    answer, again = body(work(), told("answered")), body(work(), told("answered"))
    assert answer.id.startswith("ans_")
    assert answer.id != again.id
    assert answer.model == NAMES
    assert answer.prompts == {name: load_prompt(name).fingerprint for name in PROMPTS}
    assert set(answer.prompts) == {"answer.v2", "answerable.v2", "reread.v2", "rewrite.v1", "subquestions.v1"}


def test_usage_tells_the_answers_tokens_and_the_days(work: MakeWork) -> None:
    """Calls and tokens of this answer, and those of the day with the limits."""
    done = work(answer=1_000, day=5_000)
    done.spending.count(Call(300, 40))
    done.spend(Call(100, 20))
    done.spend(Call(10, 1))
    assert body(done, told("answered")).usage.model_dump() == {
        "calls": 2,
        "prompt_tokens": 110,
        "completion_tokens": 21,
        "answer_limit": 1_000,
        "today": 471,
        "day_limit": 5_000,
    }


def test_an_old_answer_says_so(work: MakeWork) -> None:
    """Where the newest cited article is more than a year older than the question, a note tells how much."""
    answer = body(work(), told("answered", "2020-03-01"))
    assert answer.as_of == "2020-03-01"
    (note,) = answer.notes
    assert note == "the newest cited article is from 2020-03-01, 4 years and 3 months before the question"


@pytest.mark.parametrize("published_at", ["2024-05-02", "2023-06-02", "2025-01-01", None])
def test_an_answer_of_its_time_has_no_note(work: MakeWork, published_at: str | None) -> None:
    """Within a year, after the question, or of unknown age: nothing is said."""
    answer = body(work(), told("answered", published_at))
    assert (answer.as_of, answer.notes) == (published_at, [])


def test_notes_of_the_way_stand_before_that_on_age(work: MakeWork) -> None:
    """What was noticed while answering is kept."""
    done = work()
    done.notes.append("something was corrected")
    notes = body(done, told("answered", "2020")).notes
    assert notes[0] == "something was corrected"
    assert len(notes) == 2


def test_the_window_is_shown_as_dates_and_wording(work: MakeWork) -> None:
    """A reader sees which words narrowed the search, and to what."""
    window = Window("2024-05-01", "2024-06-01", "reported last month", "What happened?")
    shown = body(work(), told("answered"), window=window).window
    assert shown
    assert shown.model_dump() == {
        "published_from": "2024-05-01",
        "published_to": "2024-06-01",
        "wording": "reported last month",
    }
    assert body(work(), told("answered")).window is None


def test_what_was_left_out_is_shown_with_every_outcome(work: MakeWork) -> None:
    """A statement that failed stands among the dropped, and nowhere else."""
    for outcome in get_args(Outcome):
        decided = Told(outcome, left_out=[Judged(Draft((), "Emperor Norton"))])
        answer = body(work(), decided)
        assert [item.text for item in answer.dropped] == ["Emperor Norton"]
        assert "Emperor Norton" not in answer.model_copy(update={"dropped": []}).model_dump_json()


def test_a_failure_has_an_empty_answer(work: MakeWork) -> None:
    """Nothing is said, with the reason."""
    answer = body(work(), told("failed"))
    assert (answer.outcome, answer.reason, answer.answer, answer.as_of) == ("failed", "model_timeout", "", None)
    assert (answer.statements, answer.steps, answer.citations, answer.conflicts, answer.missing) == ([], [], [], [], [])


def test_what_was_kept_from_the_model_is_counted(work: MakeWork) -> None:
    """Stripped characters, times and degraded parts are those of the work."""
    done = work()
    done.stripped = 7
    done.degrade("verifier", "slow")
    with done.timed("answer"):
        pass
    answer = body(done, told("answered"))
    assert (answer.stripped, [item.part for item in answer.degraded], set(answer.timings_ms)) == (
        7,
        ["verifier"],
        {"answer"},
    )
