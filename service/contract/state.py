"""The state of the service, and errors."""

from typing import Literal

from service.contract.base import Out

__all__ = ["ErrorBody", "HealthBody", "Part", "ReadyBody"]


class Part(Out):
    """The state of one part of the service; `detail` is empty for those who may not ask questions."""

    ok: bool
    detail: str


class HealthBody(Out):
    """The process answers."""

    status: Literal["ok"] = "ok"


class ReadyBody(Out):
    """Whether the service can answer: ledger, index and model were really touched; without the journal it can."""

    ready: bool
    parts: dict[str, Part]


class ErrorBody(Out):
    """An error: a code for programs, and words for people."""

    error: str
    detail: str
