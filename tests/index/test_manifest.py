from dataclasses import asdict

import pytest

from index.encoders import FakeEncoder
from index.errors import ManifestMismatchError
from index.manifest import Manifest


def test_a_manifest_fits_itself() -> None:
    """A generation made with the same encoder and versions is accepted."""
    Manifest.of(FakeEncoder()).check(asdict(Manifest.of(FakeEncoder())))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("encoder", "other"),
        ("revision", "2"),
        ("dimension", 32),
        ("max_tokens", 128),
        ("pooling", "cls"),
        ("chunker", "old"),
        ("normaliser", "old"),
        ("words", "old"),
    ],
)
def test_any_difference_is_refused(name: str, value: object) -> None:
    """What differs is named with both values and the command that mends it."""
    stored = {**asdict(Manifest.of(FakeEncoder())), name: value}
    with pytest.raises(
        ManifestMismatchError, match=rf"made with {name} '?{value}'? \(now .*\); run `pullquote reindex`"
    ):
        Manifest.of(FakeEncoder()).check(stored)


def test_an_older_manifest_lacks_a_field() -> None:
    """A field that was not recorded is a difference; one that is not known any more is none."""
    stored = asdict(Manifest.of(FakeEncoder()))
    Manifest.of(FakeEncoder()).check({**stored, "colour": "red"})
    del stored["words"]
    with pytest.raises(ManifestMismatchError, match="words None"):
        Manifest.of(FakeEncoder()).check(stored)
