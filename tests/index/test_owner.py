import json
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import index
from index.errors import LibraryBusyError, StorageError
from index.owner import Address, Ownership, find_owner

CHILD = """
import sys, time
from pathlib import Path
from index.owner import Ownership
owner = Ownership(Path(sys.argv[1]))
if len(sys.argv) > 2:
    owner.announce(sys.argv[2])
print("owned", flush=True)
time.sleep(60)
"""


@pytest.fixture
def own_elsewhere(tmp_path: Path) -> Iterator[Callable[..., "subprocess.Popen[str]"]]:
    """Return what starts a process that owns this test's folder (and announces a URL), killed at the end."""
    started: list[subprocess.Popen[str]] = []

    def start(*url: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "-c", CHILD, str(tmp_path), *url]
        root = Path(index.__file__).parents[1]
        child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root)  # noqa: S603
        started.append(child)
        assert child.stdout
        assert child.stdout.readline() == "owned\n"
        return child

    yield start
    for child in started:
        child.kill()
        child.communicate()


@pytest.fixture
def owner(tmp_path: Path) -> Iterator[Ownership]:
    """Own this test's folder."""
    owner = Ownership(tmp_path)
    yield owner
    owner.release()


@pytest.mark.usefixtures("owner")
def test_a_second_owner_is_refused_at_once(tmp_path: Path) -> None:
    """While one owns the folder another is refused without waiting, and told what to do."""
    begun = time.monotonic()
    with pytest.raises(LibraryBusyError, match=f"{tmp_path} is in use by another pullquote command; wait for it"):
        Ownership(tmp_path)
    assert time.monotonic() - begun < 1


def test_a_second_owner_is_told_where_the_first_serves(tmp_path: Path, owner: Ownership) -> None:
    """The refusal names the address and the process once there is one."""
    address = owner.announce("http://127.0.0.1:1234")
    with pytest.raises(LibraryBusyError, match=f"served at http://127.0.0.1:1234 by process {address.pid}; stop"):
        Ownership(tmp_path)


def test_waiting_has_an_end(tmp_path: Path, owner: Ownership) -> None:
    """An owner may be waited for, no longer than asked, and has the folder once it is free."""
    begun = time.monotonic()
    with pytest.raises(LibraryBusyError):
        Ownership(tmp_path, wait_s=0.2)
    assert time.monotonic() - begun >= 0.2
    owner.release()
    Ownership(tmp_path, wait_s=0.2).release()


def test_release_frees_the_folder(tmp_path: Path) -> None:
    """A released folder can be owned again, and its address is gone."""
    first = Ownership(tmp_path / "new" / "folder")
    first.announce("http://127.0.0.1:1")
    first.release()
    assert not (tmp_path / "new" / "folder" / "owner.json").exists()
    Ownership(tmp_path / "new" / "folder").release()


def test_another_process_is_refused(tmp_path: Path, own_elsewhere: Callable[..., "subprocess.Popen[str]"]) -> None:
    """Ownership holds between processes."""
    own_elsewhere()
    with pytest.raises(LibraryBusyError):
        Ownership(tmp_path)


def test_a_killed_owner_lets_go(tmp_path: Path, own_elsewhere: Callable[..., "subprocess.Popen[str]"]) -> None:
    """The folder is free, and its address worth nothing, once the owning process was killed."""
    child = own_elsewhere("http://127.0.0.1:1234")
    found = find_owner(tmp_path)
    assert found
    assert (found.url, found.pid) == ("http://127.0.0.1:1234", child.pid)
    child.kill()
    child.wait()
    assert (tmp_path / "owner.json").exists()
    assert find_owner(tmp_path) is None
    Ownership(tmp_path).release()
    assert not (tmp_path / "owner.json").exists()


def test_the_address_is_for_this_user_alone(tmp_path: Path, owner: Ownership) -> None:
    """The file with the key can be read by its user only, also when announced again."""
    first = owner.announce("http://127.0.0.1:1")
    second = owner.announce("http://127.0.0.1:2")
    assert stat.S_IMODE((tmp_path / "owner.json").stat().st_mode) == 0o600
    assert first.key != second.key
    assert len(second.key) >= 32
    assert find_owner(tmp_path) == second


def test_nobody_owns_an_unknown_folder(tmp_path: Path) -> None:
    """A folder that was never owned has no owner, and looking makes no file."""
    assert find_owner(tmp_path) is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("owner")
def test_an_owner_that_does_not_serve_has_no_address(tmp_path: Path) -> None:
    """Before it announces itself an owner cannot be reached."""
    assert find_owner(tmp_path) is None


@pytest.mark.usefixtures("owner")
@pytest.mark.parametrize("content", ["", "not json", "[]", '{"url": 1}', json.dumps({"a": 1})])
def test_a_torn_address_file_is_no_address(tmp_path: Path, content: str) -> None:
    """An address file that does not hold an address is as good as none."""
    (tmp_path / "owner.json").write_text(content)
    assert find_owner(tmp_path) is None


def test_a_stale_address_goes_with_the_next_owner(tmp_path: Path) -> None:
    """A new owner removes the address of the one before it."""
    (tmp_path / "owner.json").write_text(json.dumps({"url": "http://127.0.0.1:1", "key": "k", "pid": 1}))
    assert find_owner(tmp_path) is None
    owner = Ownership(tmp_path)
    assert not (tmp_path / "owner.json").exists()
    owner.release()


def test_a_file_in_the_way_is_a_storage_error(tmp_path: Path) -> None:
    """A data directory that cannot be made is named."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(StorageError, match=r"owner\.lock cannot be read or written"):
        Ownership(tmp_path / "file" / "data")


def test_an_address_is_a_value() -> None:
    """Addresses compare by what they hold."""
    assert Address("u", "k", 1) == Address("u", "k", 1)
