"""`pullquote mcp`."""

import asyncio
import signal

import typer

from service.cli.output import errors_shown
from service.settings import Settings, load_settings

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command()(mcp)


def mcp() -> None:
    """Serve an assistant on standard input and output, by the Model Context Protocol; the assistant starts this itself.

    It works through the running service where there is one, which also has the protocol at /mcp. An assistant starts
    it in a folder of its own, so that the command and PULLQUOTE_DATA_DIR have to be absolute paths.

    Example: `claude mcp add pullquote -e PULLQUOTE_DATA_DIR=/srv/news/data -- /srv/news/.venv/bin/pullquote mcp`
    """
    with errors_shown():
        settings = load_settings()
        _run(settings)


def _run(settings: Settings) -> None:
    from service.log import configure_logging  # noqa: PLC0415  (what only this command needs)
    from service.mcp_door.stdio import serve_stdio  # noqa: PLC0415

    configure_logging(settings.log_level)
    # what waits for standard input cannot be interrupted; to end at once, as SIGTERM does, leaves nothing behind
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    asyncio.run(serve_stdio(settings))
