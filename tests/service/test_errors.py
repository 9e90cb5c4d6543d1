import re
from collections.abc import Iterator

import pytest

from index import errors as index_errors
from service import errors
from service.contract import Reason
from service.errors import STATUS, ServiceError, status_of

NEVER_OVER_HTTP = {
    index_errors.IndexingError,  # roots and branches of the trees are never raised themselves
    index_errors.LibraryBusyError,  # at the start of a process
    index_errors.BackupError,  # of the command line
    errors.ServiceError,
    errors.SettingsError,  # at the start of a process
    errors.AccessError,
    errors.RemoteError,  # of the command line
    errors.TokenError,  # a garbled file of tokens, which only the server's operator can mend
    *(kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.ChatError)),
}


def tree(kind: type[Exception]) -> Iterator[type[Exception]]:
    """Yield a class and all that descend from it in our packages."""
    yield kind
    for child in kind.__subclasses__():
        yield from tree(child)


@pytest.mark.parametrize("kind", sorted({*tree(index_errors.IndexingError), *tree(ServiceError)}, key=str))
def test_every_domain_error_has_a_status(kind: type[Exception]) -> None:
    """What a request can end in has a status of its own, and nothing of ours is an internal error by oversight."""
    status, code = status_of(kind("x"))
    if kind.__module__ in ("index.errors", "service.errors") and kind not in NEVER_OVER_HTTP:
        assert 400 <= status < 600
        assert status != 500
        assert re.fullmatch(r"[a-z_]+", code)


def test_codes_tell_errors_apart() -> None:
    """Each row of the table has a code of its own."""
    assert len({code for _, code in STATUS.values()}) == len(STATUS)


def test_a_subclass_has_its_bases_row() -> None:
    """Errors without a row are told as what they are kinds of."""
    assert status_of(index_errors.WeightsMissingError("x")) == (503, "model_files")
    assert status_of(index_errors.ChecksumError("x")) == (503, "model_files")
    assert status_of(index_errors.StorageFullError("x")) == (507, "storage_full")
    assert status_of(index_errors.StorageError("x")) == (503, "storage")


@pytest.mark.parametrize("error", [ValueError("x"), KeyError("x"), ServiceError("x"), index_errors.IndexingError("x")])
def test_what_has_no_row_is_internal(error: Exception) -> None:
    """Whatever is not in the table is the server's own fault."""
    assert status_of(error) == (500, "internal")


def test_errors_of_the_model_carry_the_answers_reason() -> None:
    """Each fault of a chat model has a reason that an answer may give."""
    reasons = {kind.reason for kind in tree(errors.ChatError)}
    assert reasons == {"model_unavailable", "model_timeout", "model_invalid", "token_limit"}
    assert reasons <= set(Reason.__args__)  # type: ignore[attr-defined]


def test_each_error_of_the_model_has_its_own_reason() -> None:
    """A reader can tell a model that is down from one that is slow, talks nonsense, or was stopped for its cost."""
    kinds = [errors.ChatUnavailableError, errors.ChatTimeoutError, errors.ChatInvalidError, errors.TokenLimitError]
    assert [kind.reason for kind in kinds] == ["model_unavailable", "model_timeout", "model_invalid", "token_limit"]


def test_every_error_is_exported_and_explained() -> None:
    """Every class of the tree stands in `__all__` and in the picture of the tree."""
    kinds = {kind.__name__ for kind in tree(ServiceError) if kind.__module__ == "service.errors"}
    assert kinds <= set(errors.__all__)
    assert all(re.search(rf"\b{name}\b", errors.__doc__ or "") for name in kinds)
