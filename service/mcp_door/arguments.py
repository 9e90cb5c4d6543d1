"""What the tools take; unknown names are refused, and null means that nothing was given."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from service.contract import AskIn, FiltersIn, Turn

__all__ = ["AskArguments", "FetchArguments", "SearchArguments"]


class _Arguments(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, given: object) -> object:
        # assistants fill in null for what they leave out
        return {k: v for k, v in given.items() if v is not None} if isinstance(given, dict) else given


class SearchArguments(_Arguments):
    """A search."""

    query: str = Field(description="words or a question to search the articles for")


class FetchArguments(_Arguments):
    """An article to read."""

    id: str = Field(description="the id of an article, as `search` gives it")


class AskArguments(_Arguments):
    """A question."""

    question: str = Field(description="the question, as the reader put it")
    history: Annotated[list[Turn], Field(max_length=100)] = Field(
        [], description="the conversation so far, for a question that depends on it"
    )
    filters: FiltersIn = Field(FiltersIn(), description="which articles to answer from; by default all")
    asked_at: str | None = Field(
        None, description="the moment of asking as an ISO 8601 date or time, for words like `last month`; default: now"
    )
    search_as: Annotated[list[str], Field(min_length=1, max_length=8)] | None = Field(
        None, description="what to search for instead of the question"
    )

    @property
    def request(self) -> AskIn:
        """Return the request. Raises pydantic's ValidationError for a moment that is none."""
        return AskIn.model_validate(self.model_dump())
