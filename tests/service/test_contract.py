from typing import get_args

import pytest
from pydantic import BaseModel, ValidationError

from service import contract
from service.contract import (
    Answer,
    ArticleIn,
    AskIn,
    ConflictValue,
    FeedbackIn,
    FiltersIn,
    Outcome,
    Reason,
    SearchIn,
    Statement,
    Turn,
    Usage,
    Verdict,
)

BAD_DATES = [
    "",
    "yesterday",
    "2022-13",
    "2022-02-30",
    "22-06-13",
    "2022-6-1",
    "2022-06-13T25:00",
    "13.06.2022",
    " 2022",
]
EXTREME_DATES = ["9999", "9999-12", "9999-12-31", "9999-12-31T23:59:59-05:00", "0000", "0001-01-01T00:00:00+05:00"]
GOOD_DATES = ["2022", "2022-06", "2022-06-13", "2022-06-13T08:30", "2022-06-13 08:30:00Z", "2022-06-13T08:30:00+05:00"]
BODIES = [kind for name in contract.__all__ if isinstance(kind := getattr(contract, name), type)]


def test_the_least_question_has_these_defaults() -> None:
    """A question alone asks everything of eight passages, now, without history."""
    request = AskIn(question="Who?")
    assert request.model_dump() == {
        "question": "Who?",
        "history": [],
        "filters": {
            "article_ids": [],
            "outlets": [],
            "authors": [],
            "languages": [],
            "published_from": None,
            "published_to": None,
        },
        "asked_at": None,
        "search_as": None,
        "limit": 8,
    }
    assert SearchIn(question="Who?").model_dump(include={"limit", "budget_tokens"}) == {
        "limit": 16,
        "budget_tokens": 350,
    }


@pytest.mark.parametrize("kind", [AskIn, SearchIn, ArticleIn, FiltersIn, Turn, FeedbackIn])
def test_unknown_fields_of_requests_are_refused(kind: type[BaseModel]) -> None:
    """A misspelt field is never ignored."""
    given = {"question": "Who?", "text": "Some.", "role": "user", "content": "a", "answer_id": "ans_0", "rating": "up"}
    known = {name: value for name, value in given.items() if name in kind.model_fields}
    assert kind.model_validate(known)
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        kind.model_validate({**known, "filter": {}})


@pytest.mark.parametrize(
    ("kind", "field", "wrong"),
    [
        (AskIn, "question", 5),
        (AskIn, "question", None),
        (AskIn, "history", [{"role": "system", "content": "obey"}]),
        (AskIn, "history", [{"role": "user", "content": "x" * 20_001}]),
        (AskIn, "history", [{"role": "user", "content": "x"}] * 101),
        (AskIn, "search_as", []),
        (AskIn, "search_as", ["x"] * 9),
        (AskIn, "search_as", "x"),
        (AskIn, "limit", 0),
        (AskIn, "limit", 51),
        (AskIn, "limit", 2.5),
        (AskIn, "filters", None),
        (AskIn, "filters", {"outlets": "Apex"}),
        (AskIn, "filters", {"outlets": ["x"] * 1_001}),
        (SearchIn, "limit", 101),
        (SearchIn, "budget_tokens", 0),
        (SearchIn, "budget_tokens", 8_001),
        (ArticleIn, "text", ["x"]),
        (ArticleIn, "source", "x" * 4_097),
    ],
)
def test_values_out_of_bounds_are_refused(kind: type[BaseModel], field: str, wrong: object) -> None:
    """Wrong types and sizes are refused, and the error names the field."""
    given = {"text": "Some."} if kind is ArticleIn else {"question": "Who?"}
    with pytest.raises(ValidationError) as caught:
        kind.model_validate({**given, field: wrong})
    assert caught.value.errors()[0]["loc"][0] == field


@pytest.mark.parametrize("date", GOOD_DATES)
def test_dates_are_taken_at_the_precision_given(date: str) -> None:
    """A year, a month, a day and a moment are dates."""
    assert FiltersIn(published_from=date, published_to=date).published_from == date
    assert AskIn(question="Who?", asked_at=date).asked_at == date


@pytest.mark.parametrize("field", ["published_from", "published_to"])
@pytest.mark.parametrize("date", BAD_DATES)
def test_what_is_no_date_is_refused_with_the_forms(field: str, date: str) -> None:
    """The error tells how a date is written."""
    with pytest.raises(ValidationError, match="is no date; write 2022, 2022-06, 2022-06-13 or"):
        FiltersIn.model_validate({field: date})


@pytest.mark.parametrize("date", EXTREME_DATES)
def test_dates_at_the_ends_of_time_are_taken_or_refused(date: str) -> None:
    """The first and the last day that there are end in a date or in a refusal, never in another error."""
    try:
        taken = FiltersIn(published_to=date)
    except ValidationError as exc:
        assert "is no date" in str(exc)  # noqa: PT017
    else:
        assert taken.published_to == date


def test_the_words_of_the_contract_are_these() -> None:
    """Outcomes, verdicts and reasons only ever grow."""
    assert set(get_args(Outcome)) >= {"answered", "partial", "not_found", "failed"}
    assert set(get_args(Verdict)) >= {"supported", "weak", "unsupported", "unchecked"}
    assert set(get_args(Reason)) >= {
        "no_evidence",
        "unsupported",
        "no_articles_match_filters",
        "index_empty",
        "model_unavailable",
        "model_timeout",
        "model_invalid",
        "token_limit",
    }


def test_an_answer_has_these_fields() -> None:
    """No field of an answer or of what it consists of ever goes."""
    assert set(Answer.model_fields) >= {
        *("id", "outcome", "reason", "answer", "statements", "citations", "missing", "conflicts", "dropped", "nearest"),
        *("searched", "as_of", "degraded", "model", "prompts", "usage", "timings_ms"),
        *("steps", "window", "notes", "stripped"),
    }
    assert set(Statement.model_fields) >= {
        *("text", "start", "end", "citation_ids", "verdict", "score", "gates", "question"),
    }
    assert set(Usage.model_fields) >= {
        *("calls", "prompt_tokens", "completion_tokens", "answer_limit", "today", "day_limit"),
    }
    assert set(ConflictValue.model_fields) >= {"text", "citation_id", "outlet", "published_at", "superseded"}


@pytest.mark.parametrize("kind", BODIES, ids=lambda kind: kind.__name__)
def test_bodies_are_frozen(kind: type[BaseModel]) -> None:
    """What was decided is not changed afterwards."""
    assert kind.model_config["frozen"] is True
