"""Access tokens: made by name, shown once, stored as SHA-256.

A token has 256 random bits, so that a slow hash would add nothing.
"""

import hashlib
import hmac
import json
import re
import secrets
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, get_args

from index.storage import write_private
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
    """The tokens in a file, readable by this user alone; read anew for every request."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def all(self) -> tuple[Token, ...]:
        """Return the tokens. Raises TokenError for a file that cannot be read, so that no token is ever ignored."""
        try:
            tokens = tuple(Token(**entry) for entry in json.loads(self._path.read_text()))
        except FileNotFoundError:
            return ()
        except (OSError, ValueError, TypeError) as exc:
            raise TokenError(f"{self._path} cannot be read as a list of tokens ({_kind(exc)}); mend it") from exc
        if any(token.scope not in get_args(Scope) for token in tokens):
            raise TokenError(f"{self._path} holds an unknown scope; known ones are {', '.join(get_args(Scope))}")
        return tokens

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

    def _write(self, tokens: tuple[Token, ...]) -> None:
        write_private(self._path, json.dumps([asdict(token) for token in tokens], indent=1))


def _kind(exc: Exception) -> str:
    """Return what went wrong in few words."""
    return exc.strerror or "unreadable" if isinstance(exc, OSError) else "not the JSON that was written"


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
