"""Logging: one line an event. Questions, answers and article text appear at debug level at most."""

import logging
import re
import sys

import structlog

__all__ = ["configure_logging"]

_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def configure_logging(level: str) -> None:
    """Log `level` and above to standard error; colours only on a terminal."""
    number = logging.getLevelNamesMapping()[level.upper()]
    logging.basicConfig(
        level=max(number, logging.WARNING), stream=sys.stderr, format="%(levelname)s %(name)s %(message)s"
    )
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(number),
        processors=[
            structlog.processors.add_log_level,
            _printable,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def _printable(_: object, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Keep an event on one line, and the terminal out of the hands of whoever made the request."""
    return {
        name: _UNPRINTABLE.sub(lambda found: repr(found[0])[1:-1], value) if isinstance(value, str) else value
        for name, value in event.items()
    }
