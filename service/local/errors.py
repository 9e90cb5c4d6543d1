"""Errors of the local chat model.

LocalModelError
├── LocalModelStartError     the child process did not become ready
└── LocalModelBackoffError   it failed too often; the next try is later
"""

__all__ = ["LocalModelBackoffError", "LocalModelError", "LocalModelStartError"]


class LocalModelError(Exception):
    """Anything that keeps the local model from answering; the message names the cause and the remedy."""


class LocalModelStartError(LocalModelError):
    """The child process did not become ready; the message ends with the last lines of its log."""


class LocalModelBackoffError(LocalModelError):
    """The child process failed too often in a row; `retry_in_s` says when the next try may be made."""

    def __init__(self, message: str, *, retry_in_s: float) -> None:
        super().__init__(message)
        self.retry_in_s = retry_in_s
