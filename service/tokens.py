"""Access tokens: made by name, shown once, stored as SHA-256.

A token has 256 random bits, so that a slow hash would add nothing.
"""

import hashlib
import hmac
import json
import os
import re
import secrets
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, get_args

from service.errors import TokenError

__all__ = ["Scope", "Token", "TokenStore"]

Scope = Literal["ask", "admin"]
_NAME = re.compile(r"[A-Za-z0-9._-]{1,64}")


@dataclass(frozen=True)
class Token:
    """A token as stored: `admin` may add and remove articles besides asking."""

    name: str
    scope: Scope
    sha256: str
    created_at: str


class TokenStore:
    """The tokens in a file, readable by this user alone; a change of the file counts from the next request on."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read_at: tuple[int, int] | None = None
        self._tokens: tuple[Token, ...] = ()

    def all(self) -> tuple[Token, ...]:
        """Return the tokens. Raises TokenError for a file that cannot be read, so that no token is ever ignored."""
        try:
            stat = self._path.stat()
        except FileNotFoundError:
            self._read_at, self._tokens = None, ()
            return ()
        if self._read_at != (stat.st_mtime_ns, stat.st_size):
            self._tokens = self._read()
            self._read_at = (stat.st_mtime_ns, stat.st_size)
        return self._tokens

    def find(self, secret: str) -> Token | None:
        """Return the token whose secret this is, or None."""
        digest = _digest(secret)
        return next((token for token in self.all() if hmac.compare_digest(token.sha256, digest)), None)

    def create(self, name: str, scope: Scope) -> str:
        """Make a token and return its secret, which is not kept. Raises TokenError for a name that cannot be."""
        if not _NAME.fullmatch(name):
            raise TokenError(f"the token name {name[:80]!r} is not allowed; use 1 to 64 of A-Z a-z 0-9 . _ -")
        tokens = self.all()
        if any(token.name == name for token in tokens):
            raise TokenError(
                f"there is a token {name!r} already; remove it first with `pullquote tokens remove {name}`"
            )
        secret = f"pq_{secrets.token_urlsafe(32)}"
        created_at = datetime.now(UTC).isoformat(timespec="seconds")
        self._write((*tokens, Token(name, scope, _digest(secret), created_at)))
        return secret

    def remove(self, name: str) -> None:
        """Remove a token. Raises TokenError for an unknown name."""
        tokens = self.all()
        kept = tuple(token for token in tokens if token.name != name)
        if len(kept) == len(tokens):
            raise TokenError(f"there is no token {name[:80]!r}; `pullquote tokens list` shows the names")
        self._write(kept)

    def _read(self) -> tuple[Token, ...]:
        try:
            tokens = tuple(Token(**entry) for entry in json.loads(self._path.read_text()))
        except (OSError, ValueError, TypeError) as exc:
            raise TokenError(f"{self._path} cannot be read as a list of tokens ({exc}); mend or delete it") from exc
        if any(token.scope not in get_args(Scope) for token in tokens):
            raise TokenError(
                f"{self._path} holds a token of an unknown scope; known ones are {', '.join(get_args(Scope))}"
            )
        return tokens

    def _write(self, tokens: tuple[Token, ...]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._path.with_name(self._path.name + ".new")
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump([asdict(token) for token in tokens], file, indent=1)
        fresh.replace(self._path)
        self._read_at = None


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
