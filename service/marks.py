"""Marks around evidence: no article can foresee them, and the same prompt has the same one.

A mark drawn anew for each request changes the prompt, and with it what a small model says to the same question. So it
is made of what it marks off and of a secret of this data folder.
"""

import contextlib
import hmac
import secrets
from collections.abc import Callable
from pathlib import Path

from index.storage import storage_errors, write_private

__all__ = ["keyed_marks"]

_SECRET_BYTES = 32
_MARK_CHARS = 8


def keyed_marks(file: Path) -> Callable[[str], str]:
    """Return what makes the mark of a text, eight hex digits, by the secret in `file`; where there is none it is made.

    Raises StorageError where the file cannot be read or written.
    """
    secret = _secret(file).encode()
    return lambda text: hmac.digest(secret, text.encode(errors="surrogatepass"), "sha256").hex()[:_MARK_CHARS]


def _secret(file: Path) -> str:
    with storage_errors(file, missing_ok=True), contextlib.suppress(FileNotFoundError):
        kept = file.read_text(encoding="ascii", errors="replace").strip()
        if len(kept) == 2 * _SECRET_BYTES:
            return kept
    fresh = secrets.token_hex(_SECRET_BYTES)
    write_private(file, fresh)
    return fresh
