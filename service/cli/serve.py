"""`pullquote serve`."""

import socket
from collections.abc import Iterator

import typer

from index.owner import Ownership
from service.cli.output import console, errors_shown, plain
from service.errors import SettingsError
from service.settings import Settings, load_settings
from service.tokens import TokenStore

__all__ = ["register"]

_GRACE_S = 10


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command()(serve)


def serve() -> None:
    """Serve answers over HTTP; PULLQUOTE_BIND says where.

    Example: `PULLQUOTE_BIND=127.0.0.1:9000 pullquote serve`
    """
    with errors_shown():
        settings = load_settings()
        ownership = Ownership(settings.data_dir)
        try:
            _run(settings, ownership)
        finally:
            ownership.release()


def _run(settings: Settings, ownership: Ownership) -> None:
    import uvicorn  # noqa: PLC0415  (what only this command needs)

    from service.http.app import create_app  # noqa: PLC0415
    from service.log import configure_logging  # noqa: PLC0415

    configure_logging(settings.log_level)
    app = create_app(settings, ownership)
    with _bound(settings) as listening:
        for line in _hint(settings):
            console().print(plain(line), soft_wrap=True)
        config = uvicorn.Config(
            app, log_config=None, access_log=False, server_header=False, ws="none", timeout_graceful_shutdown=_GRACE_S
        )
        uvicorn.Server(config).run(sockets=[listening])


def _hint(settings: Settings) -> Iterator[str]:
    """Yield what is said at the start: where the service is, and how it is asked."""
    url = settings.local_url
    needs_token = not settings.loopback or TokenStore(settings.tokens_path).all()
    token = "-H 'Authorization: Bearer TOKEN' " if needs_token else ""
    yield f"Pullquote serves at {url} (the API is described at {url}/openapi.json). Try:"
    yield (
        f"  curl -s {url}/api/ask {token}-H 'Content-Type: application/json' "
        """-d '{"question": "Who led the Chinese side?"}'"""
    )
    if settings.everywhere and not settings.public_url:
        yield (
            f"Others reach it too, but links to articles lead to {url}: set PULLQUOTE_PUBLIC_URL to where others reach "
            "it, and PULLQUOTE_ALLOWED_HOSTS to the name they use."
        )


def _bound(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
        listening.listen()  # who comes while the library is opened waits, and is not turned away
    except OSError as exc:
        listening.close()
        raise SettingsError(
            f"{settings.bind} cannot be bound ({exc.strerror or exc}); stop what uses it, or set PULLQUOTE_BIND"
        ) from exc
    return listening
