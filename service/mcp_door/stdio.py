"""The protocol over standard input and output, for an assistant that starts `pullquote mcp` itself."""

from mcp.server.stdio import stdio_server

from service.mcp_door.local import LocalSource
from service.mcp_door.server import make_server
from service.settings import Settings

__all__ = ["serve_stdio"]


async def serve_stdio(settings: Settings) -> None:
    """Serve until standard input ends. Meanwhile what is printed goes to standard error, that of children too."""
    source = LocalSource(settings)
    server = make_server(source, settings.own_url, settings.data_dir)
    try:
        async with stdio_server() as (reading, writing):
            await server.run(reading, writing, server.create_initialization_options())
    finally:
        await source.close()
