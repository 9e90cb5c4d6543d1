"""What is sent: unknown fields are refused."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from index.dates import utc_days
from service.contract.patterns import DATE, DATE_OR_NONE, URL_OR_NONE, WORD

__all__ = ["ArticleIn", "AskIn", "FiltersIn", "SearchIn", "Turn", "Utf8", "valid_utf8"]


def _date(value: str) -> str:
    try:
        utc_days(value)
    except ValueError:
        raise ValueError("is no date; write 2022, 2022-06, 2022-06-13 or 2022-06-13T08:30:00Z") from None
    return value


def valid_utf8(value: str) -> str:
    """Return a text that can be stored. Raises ValueError for half a character."""
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError("contains half a character (a lone surrogate); send UTF-8") from None
    return value


def _no_words(value: object) -> object:
    """Refuse what JSON does not call a number, though it could be read as one."""
    if isinstance(value, str | bool):
        raise ValueError("must be a whole number")  # noqa: TRY004  (pydantic takes no other)
    return value


Worded = Annotated[str, Field(json_schema_extra={"pattern": WORD})]
Date = Annotated[str, AfterValidator(_date), Field(json_schema_extra={"pattern": DATE})]
UrlOrNone = Annotated[str, Field(json_schema_extra={"pattern": URL_OR_NONE})]
DateOrNone = Annotated[str, Field(json_schema_extra={"pattern": DATE_OR_NONE})]
Name = Annotated[str, Field(max_length=64)]
Origin = Annotated[str, Field(max_length=32_768)]  # the addresses of all redirects fit in
Page = tuple[
    Annotated[int, Field(ge=1, le=1_000_000), BeforeValidator(_no_words)],
    Annotated[int, Field(ge=0, le=2**31), BeforeValidator(_no_words)],
]
Utf8 = Annotated[str, AfterValidator(valid_utf8)]
Strings = Annotated[list[Utf8], Field(max_length=1_000)]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Turn(_In):
    """One message of the conversation so far."""

    role: Literal["user", "assistant"]
    content: str = Field(max_length=20_000)


class FiltersIn(_In):
    """Which articles to search; an empty field admits all. The window is half-open, in UTC days."""

    article_ids: Strings = []
    outlets: Strings = []
    authors: Strings = []
    languages: Strings = []
    published_from: Date | None = None
    published_to: Date | None = None


class AskIn(_In):
    """A question."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"question": "Who led the Chinese side?"}]})

    question: Worded
    history: Annotated[list[Turn], Field(max_length=100)] = []
    filters: FiltersIn = FiltersIn()
    asked_at: Date | None = Field(None, description="the moment of asking; default: now")
    search_as: Annotated[list[Worded], Field(min_length=1, max_length=8)] | None = Field(
        None, description="what to search for instead of the question"
    )
    limit: int = Field(8, ge=1, le=50, description="passages considered")


class SearchIn(_In):
    """A search."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"question": "police unit for foreigners", "limit": 3}]})

    question: Worded
    limit: int = Field(16, ge=1, le=100, description="passages considered and returned")
    budget_tokens: int = Field(350, ge=1, le=8_000, description="most tokens of evidence")
    filters: FiltersIn = FiltersIn()


class ArticleIn(_In):
    """An article to store. Offsets count code points of its canonical text: NFC, newlines of one character."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "text": "The ferry to Port Ellis sails again. It had been laid up since March.",
                    "title": "Ferry sails again",
                    "outlet": "The Harbour Courier",
                    "published_at": "2024-05-02",
                }
            ]
        }
    )

    text: Worded
    url: UrlOrNone | None = None
    title: str | None = None
    author: str | None = None
    outlet: str | None = None
    language: str | None = None
    published_at: DateOrNone | None = None
    modified_at: DateOrNone | None = None
    fetched_at: DateOrNone | None = None
    source: str | None = Field(None, max_length=4_096, description="where the article was read from")
    pages: Annotated[list[Page], Field(max_length=100_000)] = Field(
        [],
        description="of a printed document: the number of each page, and where in `text` it begins; kept where `text` "
        "is canonical as it is sent",
    )
    origins: Annotated[dict[Name, Origin], Field(max_length=16)] = Field(
        {},
        description="what the id, the URL and the dates were read from, and which addresses redirected to the article; "
        "what is not named came with the request",
    )
