"""The official repository of a model, read over HTTP."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import SourceError
from index.weights.catalogue import HubSource, WeightFile, Weights
from index.weights.disk import size_of
from index.weights.progress import OnBytes
from index.weights.sources import UnreachableError

if TYPE_CHECKING:
    import httpx

__all__ = ["HUB_URL", "Hub"]

HUB_URL = "https://huggingface.co"

_OK, _PARTIAL_CONTENT, _RANGE_NOT_SATISFIABLE = 200, 206, 416


class Hub:
    """Fetch files from a hub repository; a broken transfer goes on where it stopped."""

    name = "hub"

    def __init__(self, source: HubSource, base_url: str = HUB_URL) -> None:
        self._url = f"{base_url.rstrip('/')}/{source.repo}/resolve/{source.revision}"
        self._opened: httpx.Client | None = None

    def fetch(self, weights: Weights, file: WeightFile, into: Path, on_bytes: OnBytes) -> None:  # noqa: ARG002
        """Stream the file to `into`, as often as a dropped connection has still brought bytes."""
        import httpx  # noqa: PLC0415  # a third of a second that only a pull should pay

        into.touch()
        while (before := size_of(into)) != file.size:
            try:
                self._go_on(file, into, on_bytes)
            except (httpx.HTTPError, httpx.InvalidURL) as exc:
                if size_of(into) <= before:
                    raise SourceError(f"{self._url}/{file.path}: {_words(exc)}") from exc

    def close(self) -> None:
        """Close the connection."""
        if self._opened is not None:
            self._opened.close()

    def _go_on(self, file: WeightFile, into: Path, on_bytes: OnBytes) -> None:
        start = size_of(into) if size_of(into) < file.size else 0
        with self._response(file, start) as response:
            resumed = response.status_code == _PARTIAL_CONTENT
            self._refuse(response, file, start if resumed else 0, into)
            done = start if resumed else 0
            with into.open("ab" if resumed else "wb") as out:
                for chunk in response.iter_bytes():
                    done += len(chunk)
                    if done > file.size:
                        raise SourceError(f"{response.url} is longer than the {file.size:,} bytes it should have")
                    out.write(chunk)
                    on_bytes(done)
        if done < file.size:
            raise SourceError(f"{response.url} ended after {done:,} of {file.size:,} bytes")

    def _refuse(self, response: "httpx.Response", file: WeightFile, start: int, into: Path) -> None:
        """Raise SourceError unless the answer holds the bytes from `start` on."""
        if response.status_code == _RANGE_NOT_SATISFIABLE:
            into.unlink()  # what lies here does not fit what the hub has: begin anew next time
        if response.status_code not in {_OK, _PARTIAL_CONTENT}:
            raise SourceError(f"{response.url} answered {response.status_code} {response.reason_phrase}")
        span = response.headers.get("content-range", "")
        if response.status_code == _PARTIAL_CONTENT and not span.startswith(f"bytes {start}-"):
            raise SourceError(f"{response.url} sent {span or 'an unnamed part'} of {file.path}, not from {start:,} on")

    @contextmanager
    def _response(self, file: WeightFile, start: int) -> Iterator["httpx.Response"]:
        """Ask for the file from byte `start` on; no answer at all is an UnreachableError."""
        import httpx  # noqa: PLC0415

        # A compressed body has other byte offsets than the file.
        headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={start}-"} if start else {})
        client = self._client()
        request = client.build_request("GET", f"{self._url}/{file.path}", headers=headers)
        try:
            response = client.send(request, stream=True, follow_redirects=True)
        except httpx.TransportError as exc:
            raise UnreachableError(f"{self._url} cannot be reached: {_words(exc)}") from exc
        try:
            yield response
        finally:
            response.close()

    def _client(self) -> "httpx.Client":
        import httpx  # noqa: PLC0415

        if self._opened is None:
            try:
                self._opened = httpx.Client(timeout=httpx.Timeout(30, connect=5))
            except (
                ImportError,
                OSError,
                ValueError,
            ) as exc:  # proxy or certificate settings of the environment
                raise UnreachableError(f"{self._url} cannot be reached: {_words(exc)}") from exc
        return self._opened


def _words(exc: Exception) -> str:
    return str(exc) or type(exc).__name__
