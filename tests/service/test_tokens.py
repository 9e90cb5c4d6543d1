import hashlib
import json
import os
import stat
from pathlib import Path

import pytest

from service.errors import TokenError
from service.tokens import Token, TokenStore


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where tokens are kept; neither it nor its folder is there yet."""
    return tmp_path / "secrets" / "tokens.json"


@pytest.fixture
def store(path: Path) -> TokenStore:
    """Return an empty store."""
    return TokenStore(path)


def test_a_store_without_a_file_is_empty(store: TokenStore, path: Path) -> None:
    """No file, no tokens, and looking makes none."""
    assert store.all() == ()
    assert store.find("pq_anything") is None
    assert not path.parent.exists()


def test_a_token_is_found_by_its_secret(store: TokenStore) -> None:
    """The secret that was shown opens its token, and no other string does."""
    secret = store.create("reader", "ask")
    assert secret.startswith("pq_")
    assert len(secret) >= 43
    found = store.find(secret)
    assert found
    assert (found.name, found.scope) == ("reader", "ask")
    for wrong in ("", "pq_", secret + "x", secret[:-1], secret.upper(), found.sha256, "pq_é", "pq_\ud800"):
        assert store.find(wrong) is None


def test_the_hash_is_stored_and_not_the_secret(store: TokenStore, path: Path) -> None:
    """The file holds name, scope, time and SHA-256."""
    secret = store.create("reader", "ask")
    assert secret not in path.read_text()
    assert secret.removeprefix("pq_") not in path.read_text()
    (entry,) = json.loads(path.read_text())
    assert entry.pop("created_at").endswith("+00:00")
    assert entry == {"name": "reader", "scope": "ask", "sha256": hashlib.sha256(secret.encode()).hexdigest()}


def test_the_file_is_readable_by_its_user_alone(store: TokenStore, path: Path) -> None:
    """The mode is 0600 whatever the umask, also after a change and over a leftover of another mode."""
    before = os.umask(0)
    try:
        store.create("a", "ask")
        leftover = path.with_name(path.name + ".new")
        leftover.write_text("left by a crash")
        leftover.chmod(0o666)
        store.create("b", "admin")
        store.remove("a")
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["tokens.json"]


def test_secrets_differ(store: TokenStore) -> None:
    """No two tokens share a secret."""
    assert len({store.create(f"t{i}", "ask") for i in range(20)}) == 20
    assert len(store.all()) == 20


def test_a_name_is_taken_once(store: TokenStore) -> None:
    """A second token of a name is refused with the command that removes the first."""
    secret = store.create("reader", "ask")
    with pytest.raises(TokenError, match="`pullquote tokens remove reader`"):
        store.create("reader", "admin")
    assert store.find(secret)


@pytest.mark.parametrize("name", ["", " ", "a b", "a/b", "ä", "x" * 65, "a\n", "../a"])
def test_other_names_are_refused(store: TokenStore, path: Path, name: str) -> None:
    """The message tells the rule, and nothing is written."""
    with pytest.raises(TokenError, match=r"use 1 to 64 of A-Z a-z 0-9 \. _ -"):
        store.create(name, "ask")
    assert not path.exists()


def test_a_removed_token_opens_nothing(store: TokenStore) -> None:
    """Only the named token goes; an unknown name is refused."""
    gone, kept = store.create("a", "ask"), store.create("b", "admin")
    store.remove("a")
    assert store.find(gone) is None
    assert store.find(kept)
    with pytest.raises(TokenError, match=r"there is no token 'a'; `pullquote tokens list` shows the names"):
        store.remove("a")


def test_a_change_by_another_process_counts_at_once(store: TokenStore, path: Path) -> None:
    """What another store wrote is seen by the next look, added, removed, and all of the file."""
    other = TokenStore(path)
    first = other.create("a", "ask")
    assert store.find(first)
    second = other.create("b", "ask")
    assert store.find(second)
    other.remove("a")
    assert store.find(first) is None
    path.unlink()
    assert store.find(second) is None


def test_a_file_of_the_same_size_and_time_is_read_again(store: TokenStore, path: Path) -> None:
    """A token exchanged for another within one tick of the file system's clock is exchanged here too."""
    other = TokenStore(path)
    first = other.create("a", "ask")
    assert store.find(first)
    stamp = path.stat().st_mtime_ns
    other.remove("a")
    second = other.create("b", "ask")
    os.utime(path, ns=(stamp, stamp))
    assert store.find(first) is None
    assert store.find(second)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "5",
        '{"name": "a"}',
        '["a"]',
        "[{}]",
        '[{"name": "a", "scope": "ask", "sha256": "0", "created_at": "", "more": 1}]',
        '[{"name": "a", "scope": "owner", "sha256": "0", "created_at": ""}]',
        '[{"name": "a", "scope": ["ask"], "sha256": "0", "created_at": ""}]',
        b"\xff\xfe",
    ],
)
def test_a_file_that_cannot_be_read_is_an_error(store: TokenStore, path: Path, content: str | bytes) -> None:
    """A garbled file never counts as a file without tokens, which would open everything."""
    path.parent.mkdir()
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    for call in (store.all, lambda: store.find("x"), lambda: store.create("a", "ask"), lambda: store.remove("a")):
        with pytest.raises(TokenError, match=r"tokens\.json"):
            call()


def test_a_folder_in_the_files_place_is_an_error(store: TokenStore, path: Path) -> None:
    """What is there but cannot be read is an error as well."""
    path.mkdir(parents=True)
    with pytest.raises(TokenError, match="cannot be read as a list of tokens"):
        store.all()


def test_a_file_in_the_folders_place_is_an_error(store: TokenStore, path: Path) -> None:
    """A path that cannot be looked at is an error that names it, not a traceback."""
    path.parent.write_text("a file")
    with pytest.raises(TokenError, match=r"tokens\.json"):
        store.all()


def test_tokens_are_given_as_stored(store: TokenStore) -> None:
    """Tokens stand in the order of their making."""
    store.create("b", "ask")
    store.create("a", "admin")
    tokens = store.all()
    assert [(token.name, token.scope) for token in tokens] == [("b", "ask"), ("a", "admin")]
    assert all(isinstance(token, Token) for token in tokens)
