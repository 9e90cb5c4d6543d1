"""What keeps a run from being made or read."""

from eval.errors import EvalError

__all__ = ["RunError", "RunFormatError"]


class RunError(EvalError):
    """A run that cannot be made as asked; the message names what is wrong and the remedy."""


class RunFormatError(RunError):
    """A file that is no run, or one of another kind."""
