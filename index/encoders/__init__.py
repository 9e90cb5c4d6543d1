"""Encoders: the seam, and one module an implementation."""

from index.encoders.base import Encoder, PassageText, PassageVectors, Vector, Vectors
from index.encoders.fake import FakeEncoder

__all__ = ["Encoder", "FakeEncoder", "PassageText", "PassageVectors", "Vector", "Vectors"]
