"""Rerankers: the seam, and one module an implementation."""

from index.rerankers.base import Reranker
from index.rerankers.fake import FakeReranker

__all__ = ["FakeReranker", "Reranker"]
