"""What can go wrong in a benchmark.

BenchError
├── DataMissingError   the question sets are not there
├── CorpusError        an article would not be stored as given, so offsets into it would be wrong
└── ChildError         a measuring process failed, or lacks a package
"""

__all__ = ["BenchError", "ChildError", "CorpusError", "DataMissingError"]


class BenchError(Exception):
    """A benchmark cannot be run."""


class DataMissingError(BenchError):
    """The question sets are not there."""


class CorpusError(BenchError):
    """An article would not be stored as given."""


class ChildError(BenchError):
    """A measuring process failed."""
