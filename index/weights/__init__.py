"""Model files: what they are, where they come from, and the proof that they are the official ones."""

from index.weights.catalogue import MINILM, HubSource, WeightFile, Weights, WheelMember, WheelSource
from index.weights.progress import OnProgress, Progress
from index.weights.pull import PulledFile, PullReport, open_sources, pull
from index.weights.sources import Source, UnreachableError
from index.weights.store import (
    FileCheck,
    FileState,
    FileStatus,
    WeightsStatus,
    require,
    status,
    verify,
    weights_dir,
)

__all__ = [
    "MINILM",
    "FileCheck",
    "FileState",
    "FileStatus",
    "HubSource",
    "OnProgress",
    "Progress",
    "PullReport",
    "PulledFile",
    "Source",
    "UnreachableError",
    "WeightFile",
    "Weights",
    "WeightsStatus",
    "WheelMember",
    "WheelSource",
    "open_sources",
    "pull",
    "require",
    "status",
    "verify",
    "weights_dir",
]
