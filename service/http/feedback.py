"""The route for feedback on answers."""

from fastapi import APIRouter

from service.contract import FeedbackBody, FeedbackIn
from service.http.deps import Asker, CurrentDesk
from service.http.errors import refusal, responses
from service.http.examples import FEEDBACK

__all__ = ["feedback"]

_NOT_KEPT = refusal(
    "answer_not_kept",
    "no answer 'ans_x' is kept; answers are kept for 30 days (PULLQUOTE_KEEP_ANSWERS_DAYS), so ask again and rate the "
    "new answer",
)
_OFF = refusal(
    "feedback_off",
    "answers are not kept here (PULLQUOTE_KEEP_ANSWERS_DAYS is 0), so that there is none to rate; "
    "set it to a number of days",
)
feedback = APIRouter(prefix="/api")


@feedback.post(
    "/feedback",
    tags=["ask"],
    dependencies=[Asker],
    responses={**responses(422, 503), 404: _NOT_KEPT, 409: _OFF, 200: FEEDBACK},
)
async def give_feedback(body: FeedbackIn, desk: CurrentDesk) -> FeedbackBody:
    """Store what somebody thinks of an answer; sent again, it replaces what was sent before."""
    return await desk.feedback(body)
