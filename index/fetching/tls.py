"""What certificates are checked against; read when the first https URL is fetched, which takes a tenth of a second."""

import ssl
import threading

import httpcore

__all__ = ["Trust"]


class Trust:
    """A TLS context that checks certificates and names: the caller's, or one with certifi's authorities."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        if context and (context.verify_mode is not ssl.CERT_REQUIRED or not context.check_hostname):
            raise ValueError("the TLS context must check certificates and host names; authorities can be added to it")
        self._context = context
        self._lock = threading.Lock()

    def context(self) -> ssl.SSLContext:
        """Return the context."""
        with self._lock:
            if self._context is None:
                self._context = httpcore.default_ssl_context()
            return self._context
