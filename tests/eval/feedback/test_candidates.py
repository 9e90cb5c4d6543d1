import json
import stat
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from eval.cases.model import Case
from eval.feedback.candidates import CandidatesError, DraftCase, candidates, write_candidates
from service.contract import Answer, AskIn, FeedbackBody, FeedbackIn
from service.errors import JournalError
from service.journal import Kept, read_kept
from service.journal.file import JournalFile

MakeKept = Callable[..., Kept]
QUOTE = "The ferry sails at nine."


def answered(answer_id: str) -> Answer:
    """Make an answer with one citation."""
    unknown = dict.fromkeys(("url", "title", "author", "outlet", "published_at"))
    citation = {**unknown, "article_id": "ferry", "version": "v", "quote": QUOTE, "start": 0, "end": len(QUOTE)}
    body: dict[str, object] = {name: [] for name in ("statements", "dropped", "nearest", "searched", "degraded")}
    body |= {name: {} for name in ("model", "prompts", "usage", "timings_ms")}
    body |= {"id": answer_id, "outcome": "answered", "answer": "At nine.[1]", "reason": None, "as_of": None}
    return Answer.model_validate({**body, "citations": [{**citation, "id": "c1", "marker": 1}]})


def kept(answer_id: str, rating: str | None, *, note: str | None = None, **request: object) -> Kept:
    """Make a kept answer of a moment in May 2024."""
    at = "2024-05-03T09:12:44Z"
    feedback = rating and FeedbackBody.model_validate(
        {"answer_id": answer_id, "rating": rating, "note": note, "given_at": "2024-05-04T00:00:00Z"}
    )
    asked = AskIn.model_validate({"question": "When does it sail?", **request})
    return Kept(at, asked, answered(answer_id), redacted=False, feedback=feedback or None)


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    """Return a journal with one answer liked, one disliked, and one without a rating."""
    path = tmp_path / "data" / "journal.db"
    file = JournalFile(path, days=30, now=lambda: datetime(2024, 5, 3, tzinfo=UTC))
    for name in ("ans_up", "ans_down", "ans_none"):
        file.keep(AskIn(question=f"Is it {name}?"), answered(name))
    file.rate(FeedbackIn(answer_id="ans_up", rating="up"))
    file.rate(FeedbackIn(answer_id="ans_down", rating="down", note="wrong\nhour"))
    file.close()
    return path


def test_disliked_answers_become_drafts() -> None:
    """Of three only the one rated down, with all that is known of a case, and nothing of what only a person knows."""
    request = {
        "history": [{"role": "user", "content": "Tell me of the ferry."}],
        "filters": {"outlets": ["Apex"]},
        "asked_at": "2024-05",
        "search_as": ["ferry sails"],
    }
    rows = [kept("ans_1", None), kept("ans_2", "down", note="wrong hour", **request), kept("ans_3", "up", note="good")]
    (draft,) = candidates(rows)
    assert json.loads(draft.model_dump_json()) == {
        "draft": True,
        "id": "ans_2",
        "slice": "",
        "question": "When does it sail?",
        "history": [{"role": "user", "content": "Tell me of the ferry."}],
        "asked_at": "2024-05",
        "filters": {
            "article_ids": [],
            "outlets": ["Apex"],
            "authors": [],
            "languages": [],
            "published_from": None,
            "published_to": None,
        },
        "outcome": "",
        "answers": [],
        "note": "wrong hour",
        "given": {
            "at": "2024-05-03T09:12:44Z",
            "outcome": "answered",
            "reason": None,
            "answer": "At nine.[1]",
            "citations": [{"article": "ferry", "quote": QUOTE}],
            "search_as": ["ferry sails"],
            "redacted": False,
        },
    }


def test_the_moment_of_answering_stands_in_for_that_of_asking() -> None:
    """A question asked "now" is asked again at that moment; a missing note is an empty one."""
    (draft,) = candidates([kept("ans_1", "down")])
    assert (draft.asked_at, draft.note, draft.given.search_as) == ("2024-05-03T09:12:44Z", "", None)


def test_drafts_come_in_the_order_given() -> None:
    """Each with its own id; none is merged with another, though they ask the same."""
    assert [draft.id for draft in candidates(kept(f"ans_{n}", "down") for n in (3, 1, 2))] == [
        "ans_3",
        "ans_1",
        "ans_2",
    ]
    assert candidates([]) == []


def test_a_draft_is_no_case_until_a_person_completes_it() -> None:
    """A set refuses it as it is, and with only its marks taken out; completed, it is a case."""
    draft = json.loads(candidates([kept("ans_1", "down", note="hour")])[0].model_dump_json())
    with pytest.raises(ValidationError) as caught:
        Case.model_validate(draft)
    assert {error["loc"][0] for error in caught.value.errors()} == {"draft", "given", "slice", "outcome"}
    unmarked = {name: value for name, value in draft.items() if name not in ("draft", "given")}
    with pytest.raises(ValidationError):
        Case.model_validate(unmarked)
    case = Case.model_validate({**unmarked, "slice": "single", "outcome": "answered", "answers": [["nine"]]})
    assert (case.question, case.note) == ("When does it sail?", "hour")


def test_drafts_are_written_as_lines(tmp_path: Path, journal: Path) -> None:
    """One line a draft, for this user alone, and the number of them."""
    out = tmp_path / "drafts" / "may.jsonl"
    assert write_candidates(journal, out) == 1
    (line,) = out.read_text(encoding="utf-8").splitlines()
    draft = DraftCase.model_validate_json(line)
    assert (draft.id, draft.question, draft.note) == ("ans_down", "Is it ans_down?", "wrong\nhour")
    assert [draft] == candidates(read_kept(journal))
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


def test_no_draft_is_written_into_a_set(tmp_path: Path, journal: Path) -> None:
    """A folder with set.toml, one within it, and a link into it are refused, and nothing is written."""
    fixed = tmp_path / "set"
    (fixed / "cases").mkdir(parents=True)
    (fixed / "set.toml").write_text("")
    (tmp_path / "link").symlink_to(fixed / "cases")
    for folder in (fixed, fixed / "cases", fixed / "new" / "deep", tmp_path / "link"):
        with pytest.raises(CandidatesError, match=r"lies in the set .*set; write drafts elsewhere"):
            write_candidates(journal, folder / "drafts.jsonl")
    assert sorted(each.name for each in fixed.rglob("*")) == ["cases", "set.toml"]


def test_drafts_in_work_are_not_overwritten(tmp_path: Path, journal: Path) -> None:
    """A file that exists is refused, and left as it is."""
    out = tmp_path / "drafts.jsonl"
    out.write_text("half done")
    with pytest.raises(CandidatesError, match="exists, perhaps with drafts in work; name another file"):
        write_candidates(journal, out)
    assert out.read_text() == "half done"


def test_without_a_journal_nothing_is_written(tmp_path: Path) -> None:
    """The error is the journal's, and no file is made."""
    with pytest.raises(JournalError):
        write_candidates(tmp_path / "journal.db", tmp_path / "drafts.jsonl")
    assert list(tmp_path.iterdir()) == []


def test_what_was_redacted_is_told(tmp_path: Path, journal: Path) -> None:
    """Of an answer whose article was deleted since, the draft holds the question and says that words are gone."""
    file = JournalFile(journal, days=30, now=lambda: datetime(2024, 5, 3, tzinfo=UTC))
    file.redact(frozenset(["ferry"]))
    file.close()
    out = tmp_path / "drafts.jsonl"
    write_candidates(journal, out)
    draft = DraftCase.model_validate_json(out.read_text())
    assert draft.given.redacted
    assert (draft.question, draft.given.answer, draft.given.citations[0].quote) == ("Is it ans_down?", "", "")
