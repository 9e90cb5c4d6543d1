"""What can go wrong with a set of questions.

CasesError
├── SetMissingError   there is no set, or no source of one, where one is looked for
├── SetFormatError    a file of a set or of a source is not what it should be
└── SetExistsError    a set would be written over another
"""

from eval.errors import EvalError

__all__ = ["CasesError", "SetExistsError", "SetFormatError", "SetMissingError"]


class CasesError(EvalError):
    """A set of questions cannot be read or written."""


class SetMissingError(CasesError):
    """There is no set, or no source of one, where one is looked for."""


class SetFormatError(CasesError):
    """A file of a set or of a source is not what it should be."""


class SetExistsError(CasesError):
    """A set would be written over another."""
