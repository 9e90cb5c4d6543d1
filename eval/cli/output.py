"""How errors of the evals are shown."""

from collections.abc import Iterator
from contextlib import contextmanager

from eval.errors import EvalError
from service.cli.output import errors_shown, fail

__all__ = ["CANNOT", "eval_errors_shown"]

CANNOT = 2
"""Exit code where nothing could be measured or compared."""


@contextmanager
def eval_errors_shown() -> Iterator[None]:
    """Show errors of the evals as one line and end with 2, others as every command does."""
    with errors_shown():
        try:
            yield
        except EvalError as exc:
            fail(str(exc), CANNOT)
