"""Ask a child whether it is there."""

import asyncio
import contextlib
from urllib.parse import urlsplit

from service.local.config import Endpoint

__all__ = ["is_healthy"]


async def is_healthy(endpoint: Endpoint, *, timeout_s: float) -> bool:
    """Return whether `/health` answers 200 in time.

    Spoken by hand: one request line needs no client library, and no proxy from the environment gets between.
    """
    try:
        async with asyncio.timeout(timeout_s):
            return await _status(endpoint) == b"200"
    except (OSError, TimeoutError):
        return False


async def _status(endpoint: Endpoint) -> bytes:
    url = urlsplit(endpoint.base_url)
    reader, writer = await asyncio.open_connection(url.hostname, url.port)
    try:
        writer.write(
            f"GET /health HTTP/1.1\r\nHost: {url.netloc}\r\nConnection: close\r\n"
            f"Authorization: Bearer {endpoint.api_key}\r\n\r\n".encode()
        )
        await writer.drain()
        words = (await reader.readline()).split()
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
    return words[1] if len(words) > 1 else b""
