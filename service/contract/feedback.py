"""Feedback on an answer."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from service.contract.base import Out

__all__ = ["FeedbackBody", "FeedbackIn", "Rating"]

Rating = Literal["up", "down"]


class FeedbackIn(BaseModel):
    """What somebody thinks of an answer; sent again, it replaces what was sent before."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={
            "examples": [
                {
                    "answer_id": "ans_0f6b1c9ad1c04c7e9b1f2a33",
                    "rating": "down",
                    "note": "I asked since when, and was told why.",
                }
            ]
        },
    )

    answer_id: str = Field(min_length=1, max_length=128, description="the `id` of an answer")
    rating: Rating
    note: Annotated[str, Field(max_length=2_000)] | None = Field(None, description="what is wrong with it, or right")


class FeedbackBody(Out):
    """Feedback as it is stored."""

    answer_id: str
    rating: Rating
    note: str | None
    given_at: str = Field(description="when it was given, UTC")
