"""The root of the errors of the evals."""

__all__ = ["EvalError"]


class EvalError(Exception):
    """What keeps a command of the evals from its work; the message names what is wrong and the remedy."""
