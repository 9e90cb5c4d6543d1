"""What can go wrong in reading the sets; a missing file is eval.bench's DataMissingError.

MeasureError
├── SetFormatError   a line of a set is not what it should be
└── SetSizeError     a set holds fewer cases than are to be drawn
"""

__all__ = ["MeasureError", "SetFormatError", "SetSizeError"]


class MeasureError(Exception):
    """A set cannot be measured on."""


class SetFormatError(MeasureError):
    """A line of a set is not what it should be."""


class SetSizeError(MeasureError):
    """A set holds fewer cases than are to be drawn."""
