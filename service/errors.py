"""Errors of the service, and the one table that gives every domain error its HTTP status.

ServiceError
├── SettingsError        a setting is unknown or wrong
├── QuestionError        a question is empty or too long
├── OverloadedError      too many questions at once
├── RateLimitedError     one token sends too many requests
├── AccessError          a token is missing or does not suffice
│   ├── UnauthorizedError
│   └── ForbiddenError
├── TokenError           a token cannot be made or removed
├── JournalError         kept answers cannot be read or written
│   ├── AnswerNotKeptError
│   └── JournalOffError
├── RemoteError          the running server refused or cannot be reached
└── ChatError            nothing was decided: the reason becomes the answer's
    ├── ChatUnavailableError
    ├── ChatTimeoutError
    ├── ChatInvalidError
    └── TokenLimitError
"""

from typing import ClassVar

from index import errors as index_errors
from index.extracting.errors import ExtractionError, ReaderError
from index.fetching.errors import AddressRefusedError, FetchError, RobotsError, UrlRefusedError
from service.contract import Reason

__all__ = [
    "STATUS",
    "AccessError",
    "AnswerNotKeptError",
    "ChatError",
    "ChatInvalidError",
    "ChatTimeoutError",
    "ChatUnavailableError",
    "ForbiddenError",
    "JournalError",
    "JournalOffError",
    "OverloadedError",
    "QuestionError",
    "RateLimitedError",
    "RemoteError",
    "ServiceError",
    "SettingsError",
    "TokenError",
    "TokenLimitError",
    "UnauthorizedError",
    "status_of",
]


class ServiceError(Exception):
    """Anything that the service refuses or cannot do; the message names the input and the remedy."""


class SettingsError(ServiceError):
    """A setting is unknown or wrong."""


class QuestionError(ServiceError):
    """A question is empty or too long."""


class OverloadedError(ServiceError):
    """Too many questions are in work or waiting."""


class RateLimitedError(ServiceError):
    """One token sends too many requests; in `retry_after_s` seconds it may send another."""

    def __init__(self, message: str, retry_after_s: int = 1) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class AccessError(ServiceError):
    """A token is missing or does not suffice."""


class UnauthorizedError(AccessError):
    """No token, or an unknown one."""


class ForbiddenError(AccessError):
    """The token's scope does not cover the request, or the request comes from another site."""


class TokenError(ServiceError):
    """A token cannot be made or removed."""


class JournalError(ServiceError):
    """Kept answers cannot be read or written."""


class AnswerNotKeptError(JournalError):
    """No answer of that id is kept, or not any more."""


class JournalOffError(JournalError):
    """Answers are not kept at all."""


class RemoteError(ServiceError):
    """The running server refused a request, with this status, or cannot be reached (None)."""

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class ChatError(ServiceError):
    """The chat model decided nothing."""

    reason: ClassVar[Reason] = "model_invalid"


class ChatUnavailableError(ChatError):
    """The chat model cannot be reached or refused."""

    reason: ClassVar[Reason] = "model_unavailable"


class ChatTimeoutError(ChatError):
    """The chat model took too long."""

    reason: ClassVar[Reason] = "model_timeout"


class ChatInvalidError(ChatError):
    """The chat model gave something that is no answer."""

    reason: ClassVar[Reason] = "model_invalid"


class TokenLimitError(ChatError):
    """The tokens that an answer or a day may cost are spent."""

    reason: ClassVar[Reason] = "token_limit"


STATUS: dict[type[Exception], tuple[int, str]] = {
    index_errors.InvalidArticleError: (422, "invalid_article"),
    index_errors.ArticleNotFoundError: (404, "article_not_found"),
    index_errors.SourceNotFoundError: (404, "source_not_found"),
    index_errors.VersionGoneError: (410, "version_gone"),
    index_errors.IdTakenError: (409, "id_taken"),
    index_errors.ManifestMismatchError: (503, "index_mismatch"),
    index_errors.EncoderError: (503, "encoder_unavailable"),
    index_errors.RerankerError: (503, "reranker_unavailable"),
    index_errors.WeightsError: (503, "model_files"),
    index_errors.StorageFullError: (507, "storage_full"),
    index_errors.StorageError: (503, "storage"),
    index_errors.JobNotFoundError: (404, "job_not_found"),
    index_errors.JobTooLargeError: (413, "job_too_large"),
    index_errors.JobsFullError: (429, "jobs_full"),
    # what these are about was never asked for directly: they are the codes of a job's failed items
    FetchError: (502, "not_fetched"),
    UrlRefusedError: (422, "url_refused"),
    AddressRefusedError: (422, "address_refused"),
    RobotsError: (403, "robots"),
    ExtractionError: (422, "unreadable_document"),
    ReaderError: (503, "document_reader"),
    QuestionError: (422, "invalid_question"),
    OverloadedError: (503, "overloaded"),
    RateLimitedError: (429, "rate_limited"),
    TokenError: (503, "tokens_unreadable"),
    JournalError: (503, "journal"),
    AnswerNotKeptError: (404, "answer_not_kept"),
    JournalOffError: (409, "feedback_off"),
    UnauthorizedError: (401, "unauthorized"),
    ForbiddenError: (403, "forbidden"),
}
"""Error class -> (status, code); a subclass without a row of its own has its base's."""


def status_of(error: Exception) -> tuple[int, str]:
    """Return the status and code of a domain error; (500, "internal") for one without a row."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), (500, "internal"))
