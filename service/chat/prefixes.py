"""What a local model has read of its prompts' static parts, kept on disk: reading them anew takes it a minute.

A slot of llama.cpp is saved after its static part and before anything else, so that no question and no article is ever
in a file. A file is named for all that it depends on, and believed only with the checksum beside it: llama.cpp itself
restores a damaged one without a word.
"""

import contextlib
import hashlib
import logging
from pathlib import Path

import httpx

from index.errors import StorageError
from index.storage import write_private
from prompts import load_prompt
from service.local.config import Endpoint

__all__ = ["Prefixes"]

_log = logging.getLogger(__name__)
_SUFFIX, _CHECK = ".slot", ".sha256"


class Prefixes:
    """Have slots know the static parts of prompts: from files in `folder`, else by reading them once.

    `made_with` tells model and engine apart: a state fits one of them only. Without a folder nothing is kept.
    """

    def __init__(self, folder: Path | None, made_with: str) -> None:
        self.folder = folder
        self._made_with = made_with
        self._seen: dict[Path, tuple[int, int]] = {}  # sizes and times of states whose checksums were right

    async def bring(self, client: httpx.AsyncClient, endpoint: Endpoint, prompt: str, slot: int) -> None:
        """Put the static part of `prompt` into `slot`. What fails costs time alone, and is logged."""
        state = self._state(prompt)
        try:
            if (
                state is not None
                and self._is_whole(state)
                and await _order(client, endpoint, slot, "restore", state.name)
            ):
                return
            await _read(client, endpoint, prompt, slot)
            if state is not None and await _order(client, endpoint, slot, "save", state.name):
                self._seal(state)
        except (httpx.HTTPError, OSError, StorageError) as exc:
            _log.warning("the static part of prompt %s is not kept (%s)", prompt, type(exc).__name__)

    async def rewind(self, client: httpx.AsyncClient, endpoint: Endpoint, prompt: str, slot: int) -> None:
        """Have `slot` forget what came after the static part of `prompt`; do nothing where that is not kept.

        llama.cpp computes a token alike only in batches of the same size, and those depend on how much of the request
        before is found again. Without this, the same question may get another answer the second time; it takes 5 ms.
        """
        state = self._state(prompt)
        try:
            if state is not None and self._seen.get(state) == _look(state):
                await _order(client, endpoint, slot, "restore", state.name)
        except (httpx.HTTPError, OSError) as exc:
            _log.warning("the slot of prompt %s is not as it was (%s)", prompt, type(exc).__name__)

    def _is_whole(self, state: Path) -> bool:
        with contextlib.suppress(FileNotFoundError):
            if state.with_suffix(_CHECK).read_text(encoding="ascii", errors="replace") == _checksum(state):
                self._seen[state] = _look(state)
                return True
        return False

    def _state(self, prompt: str) -> Path | None:
        if self.folder is None:
            return None
        depends = f"{self._made_with} {prompt} {load_prompt(prompt).fingerprint}"
        return self.folder / f"{prompt}-{hashlib.sha256(depends.encode()).hexdigest()[:16]}{_SUFFIX}"

    def _seal(self, state: Path) -> None:
        """Write the checksum, and remove what other versions of the same prompt left."""
        state.chmod(0o600)
        write_private(state.with_suffix(_CHECK), _checksum(state))
        self._seen[state] = _look(state)
        name = state.name.partition(".")[0]
        for other in state.parent.glob(f"{name}.*"):
            if other.stem != state.stem:
                other.unlink(missing_ok=True)


def _look(state: Path) -> tuple[int, int]:
    found = state.stat()
    return found.st_size, found.st_mtime_ns


def _checksum(file: Path) -> str:
    with file.open("rb") as lines:
        return hashlib.file_digest(lines, "sha256").hexdigest()


async def _order(client: httpx.AsyncClient, endpoint: Endpoint, slot: int, action: str, name: str) -> bool:
    """Have the server save or restore a slot; return whether it did."""
    url = httpx.URL(endpoint.base_url).copy_with(path=f"/slots/{slot}", params={"action": action})
    reply = await client.post(url, json={"filename": name}, headers=_headers(endpoint))
    return reply.is_success


async def _read(client: httpx.AsyncClient, endpoint: Endpoint, prompt: str, slot: int) -> None:
    """Have a slot read the static part of a prompt."""
    found = load_prompt(prompt)
    turns = [("system", found.system)]
    for example in found.examples:
        turns += [("user", example.user), ("assistant", example.reply)]
    messages = [{"role": role, "content": content} for role, content in (*turns, ("user", "."))]
    body = {"messages": messages, "max_tokens": 1, "temperature": 0, "id_slot": slot, "cache_prompt": True}
    await client.post(f"{endpoint.base_url}/chat/completions", json=body, headers=_headers(endpoint))


def _headers(endpoint: Endpoint) -> dict[str, str]:
    return {"Authorization": f"Bearer {endpoint.api_key}"}
