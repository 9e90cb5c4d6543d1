"""What can go wrong in comparing.

CompareError
├── CannotCompareError   the two runs have no common ground
└── GateFileError        a file of gates is missing, or says something that means nothing
"""

from eval.errors import EvalError

__all__ = ["CannotCompareError", "CompareError", "GateFileError"]


class CompareError(EvalError):
    """A comparison cannot be made."""


class CannotCompareError(CompareError):
    """The two runs have no common ground."""


class GateFileError(CompareError):
    """A file of gates is missing, or says something that means nothing."""
