import hashlib
from pathlib import Path

import httpx
import pytest

from index.errors import SourceError
from index.weights import HubSource, UnreachableError, Weights
from index.weights.hub import Hub


@pytest.fixture
def into(tmp_path: Path) -> Path:
    """Name the file that a fetch fills."""
    return tmp_path / "hub.part"


@pytest.fixture
def hub(hub_url: str) -> Hub:
    """Make the source that asks the loopback hub."""
    return Hub(HubSource("pullquote-tests/tiny", "r1"), hub_url)


def test_a_file_is_streamed(
    hub: Hub, tiny: Weights, into: Path, files: dict[str, bytes], hub_asked: list[tuple[str, str | None]]
) -> None:
    """The whole file comes, through the hub's redirect, with a count that ends at its size."""
    counts: list[int] = []

    hub.fetch(tiny, tiny.files[0], into, counts.append)
    hub.close()

    assert into.read_bytes() == files["model.bin"]
    assert counts[-1] == len(files["model.bin"])
    assert hub_asked == [("model.bin", None)]


def test_a_partial_file_is_resumed(
    hub: Hub, tiny: Weights, into: Path, files: dict[str, bytes], hub_asked: list[tuple[str, str | None]]
) -> None:
    """Only the bytes that are not there yet are asked for."""
    into.write_bytes(files["model.bin"][:70_000])
    counts: list[int] = []

    hub.fetch(tiny, tiny.files[0], into, counts.append)

    assert into.read_bytes() == files["model.bin"]
    assert hub_asked == [("model.bin", "bytes=70000-")]
    assert counts[0] > 70_000


def test_a_whole_file_is_not_asked_for(
    hub: Hub, tiny: Weights, into: Path, files: dict[str, bytes], hub_asked: list[tuple[str, str | None]]
) -> None:
    """An interruption after the last byte costs no request."""
    into.write_bytes(files["model.bin"])

    hub.fetch(tiny, tiny.files[0], into, lambda _: None)

    assert hub_asked == []


def test_a_dropped_connection_is_taken_up_again(
    hub: Hub,
    tiny: Weights,
    into: Path,
    hub_asked: list[tuple[str, str | None]],
    hub_cuts: list[int],
) -> None:
    """As long as each attempt brings bytes, the next one goes on after them."""
    hub_cuts.extend([30_000, 20_000])

    hub.fetch(tiny, tiny.files[0], into, lambda _: None)

    assert hashlib.sha256(into.read_bytes()).hexdigest() == tiny.files[0].sha256
    assert [span for _, span in hub_asked] == [None, "bytes=30000-", "bytes=50000-"]


def test_a_connection_that_brings_nothing_is_given_up(hub: Hub, tiny: Weights, into: Path, hub_cuts: list[int]) -> None:
    """An attempt without a byte ends the fetch and keeps what has come."""
    hub_cuts.extend([30_000, 0])

    with pytest.raises(SourceError, match=r"model\.bin"):
        hub.fetch(tiny, tiny.files[0], into, lambda _: None)

    assert into.stat().st_size == 30_000


def test_an_unknown_file_is_an_error_of_that_file(
    hub: Hub, tiny: Weights, into: Path, hub_files: dict[str, bytes]
) -> None:
    """A 404 is said as such; the hub itself did answer."""
    del hub_files["model.bin"]

    with pytest.raises(SourceError, match="404") as caught:
        hub.fetch(tiny, tiny.files[0], into, lambda _: None)

    assert not isinstance(caught.value, UnreachableError)


def test_a_longer_file_is_cut_off(
    hub: Hub, tiny: Weights, into: Path, files: dict[str, bytes], hub_files: dict[str, bytes]
) -> None:
    """A hub that sends more than the file has cannot fill the disk."""
    size = len(files["model.bin"])
    hub_files["model.bin"] += b"x" * 1_000_000

    with pytest.raises(SourceError, match="longer than"):
        hub.fetch(tiny, tiny.files[0], into, lambda _: None)

    assert into.stat().st_size <= size


def test_a_shorter_file_is_refused(hub: Hub, tiny: Weights, into: Path, hub_files: dict[str, bytes]) -> None:
    """A body that ends early in good order is named with its length."""
    hub_files["model.bin"] = hub_files["model.bin"][:400]

    with pytest.raises(SourceError, match=r"ended after 400 of 102,400 bytes"):
        hub.fetch(tiny, tiny.files[0], into, lambda _: None)


def test_a_range_beyond_the_hubs_file_begins_anew(
    hub: Hub, tiny: Weights, into: Path, hub_files: dict[str, bytes]
) -> None:
    """What lies here does not fit the hub's file: it goes, so that the next attempt is not stuck."""
    hub_files["model.bin"] = hub_files["model.bin"][:400]
    into.write_bytes(b"x" * 500)

    with pytest.raises(SourceError, match="416"):
        hub.fetch(tiny, tiny.files[0], into, lambda _: None)

    assert not into.exists()


def test_another_range_than_asked_for_is_refused(tiny: Weights, into: Path) -> None:
    """A part that does not begin where the file here ends is not appended to it."""
    into.write_bytes(b"x" * 500)
    answer = httpx.Response(206, headers={"Content-Range": "bytes 0-9/102400"}, content=b"y" * 10)
    hub = Hub(HubSource("pullquote-tests/tiny", "r1"))
    hub._opened = httpx.Client(transport=httpx.MockTransport(lambda _: answer))

    with pytest.raises(SourceError, match=r"sent bytes 0-9/102400 of model\.bin, not from 500 on"):
        hub.fetch(tiny, tiny.files[0], into, lambda _: None)
    hub.close()

    assert into.stat().st_size == 500


def test_no_answer_is_unreachable(tiny: Weights, into: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A refused connection is told apart from a refused file."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    hub = Hub(HubSource("pullquote-tests/tiny", "r1"), "http://127.0.0.1:1")

    with pytest.raises(UnreachableError, match="cannot be reached"):
        hub.fetch(tiny, tiny.files[0], into, lambda _: None)
    hub.close()


def test_a_proxy_setting_that_cannot_be_used_is_unreachable(
    tiny: Weights, into: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy of a kind that the client does not know is an answer of this source, not a crash."""
    monkeypatch.setenv("ALL_PROXY", "gopher://127.0.0.1:70")
    hub = Hub(HubSource("pullquote-tests/tiny", "r1"))

    with pytest.raises(UnreachableError, match="cannot be reached"):
        hub.fetch(tiny, tiny.files[0], into, lambda _: None)
