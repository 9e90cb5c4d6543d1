"""Errors of the index.

IndexingError
├── InvalidArticleError      the input cannot become an article
│   └── AddressError         its URL cannot be read; a ValueError too
├── ArticleNotFoundError     no article of that id
├── SourceNotFoundError      no source of that number is followed
├── VersionGoneError         the article exists, that version does not any more
├── IdTakenError             a derived id belongs to an article from elsewhere
├── EncoderError             the encoder cannot be loaded or does not fit
├── JobNotFoundError         no job of that id
├── JobTooLargeError         a job would hold more than any may
├── JobsFullError            jobs are waiting up to their limit
├── RerankerError            the reranker cannot be loaded or does not rank
├── ManifestMismatchError    the index was made by another encoder or chunker
├── LibraryBusyError         another process owns the data directory
├── ExtractionError          a document gives no text; its tree is in index.extracting.errors
├── FetchError               an address is not fetched from, or gives nothing; its tree is in index.fetching.errors
├── BackupError              a backup cannot be read, is not whole, or may not be restored here
├── StorageError             the disk refused
│   ├── LedgerDamagedError   the ledger is not as it was written
│   ├── StorageFullError     the disk is full
│   └── VectorIndexError     the vector index fails, and can be made anew
└── WeightsError             model files
    ├── WeightsMissingError  not pulled yet, or only in part
    ├── ChecksumError        a file has a byte that the official release has not
    └── SourceError          no source gave the file
"""

__all__ = [
    "AddressError",
    "ArticleNotFoundError",
    "BackupError",
    "ChecksumError",
    "EncoderError",
    "IdTakenError",
    "IndexingError",
    "InvalidArticleError",
    "JobNotFoundError",
    "JobTooLargeError",
    "JobsFullError",
    "LedgerDamagedError",
    "LibraryBusyError",
    "ManifestMismatchError",
    "RerankerError",
    "SourceError",
    "SourceNotFoundError",
    "StorageError",
    "StorageFullError",
    "VectorIndexError",
    "VersionGoneError",
    "WeightsError",
    "WeightsMissingError",
]


class IndexingError(Exception):
    """Anything that the index refuses or cannot do; the message names the input and the remedy."""


class InvalidArticleError(IndexingError):
    """The input cannot become an article."""


class AddressError(InvalidArticleError, ValueError):
    """A URL cannot be read, or is not one of a page."""


class ArticleNotFoundError(IndexingError):
    """There is no article of that id."""


class SourceNotFoundError(IndexingError):
    """No source of that number is followed."""


class VersionGoneError(IndexingError):
    """The article exists, but that version of it does not any more."""


class IdTakenError(IndexingError):
    """An id derived from a path belongs to an article that came from another place."""


class EncoderError(IndexingError):
    """The encoder cannot be loaded, or its vectors do not fit the index."""


class JobNotFoundError(IndexingError):
    """There is no job of that id, or not any more."""


class JobTooLargeError(IndexingError):
    """A job would hold more than any may."""


class JobsFullError(IndexingError):
    """As many jobs, items or bytes are waiting as may; there is room once some are done."""


class RerankerError(IndexingError):
    """The reranker cannot be loaded, or gives no score to rank by."""


class ManifestMismatchError(IndexingError):
    """The index was made by another encoder, chunker or normaliser."""


class LibraryBusyError(IndexingError):
    """Another process owns the data directory."""


class BackupError(IndexingError):
    """A backup cannot be read, is not whole, or may not be restored here."""


class StorageError(IndexingError):
    """The disk refused to read or write."""


class LedgerDamagedError(StorageError):
    """The ledger is not as it was written; a backup of it is restored."""


class StorageFullError(StorageError):
    """The disk is full."""


class VectorIndexError(StorageError):
    """The vector index fails; it can be made anew from the ledger."""


class WeightsError(IndexingError):
    """Something about model files."""


class WeightsMissingError(WeightsError):
    """Model files are not there, or only in part."""


class ChecksumError(WeightsError):
    """A model file differs from the official release."""


class SourceError(WeightsError):
    """No source gave a model file."""
