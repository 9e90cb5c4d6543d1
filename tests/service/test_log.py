import logging
from collections.abc import Callable, Iterator

import pytest
import structlog

from service.log import configure_logging

Configure = Callable[[str], None]


@pytest.fixture
def configure(monkeypatch: pytest.MonkeyPatch) -> Iterator[Configure]:
    """Return what configures from nothing, and leave nothing configured."""
    level = logging.root.level

    def from_nothing(level: str) -> None:
        monkeypatch.setattr(logging.root, "handlers", [])
        configure_logging(level)

    yield from_nothing
    logging.root.setLevel(level)
    structlog.reset_defaults()


@pytest.mark.parametrize(
    ("level", "shown"),
    [
        ("debug", ["debug", "info", "warning", "error"]),
        ("info", ["info", "warning", "error"]),
        ("warning", ["warning", "error"]),
        ("error", ["error"]),
    ],
)
def test_a_level_and_those_above_are_shown(
    configure: Configure, capsys: pytest.CaptureFixture[str], level: str, shown: list[str]
) -> None:
    """Each event is one line on standard error, without colours, and standard output stays free."""
    configure(level)
    log = structlog.get_logger("pullquote")
    for name in ("debug", "info", "warning", "error"):
        getattr(log, name)(f"said-{name}", detail="a b")
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "\x1b" not in printed.err
    lines = printed.err.splitlines()
    assert len(lines) == len(shown)
    assert all(f"[{name}" in line and f"said-{name}" in line for name, line in zip(shown, lines, strict=True))
    assert all("detail='a b'" in line for line in lines)


@pytest.mark.parametrize(("level", "shown"), [("debug", 1), ("info", 1), ("error", 0)])
def test_libraries_are_heard_from_warnings_on(
    configure: Configure, capsys: pytest.CaptureFixture[str], level: str, shown: int
) -> None:
    """A library's information, which may quote anything, is never shown."""
    configure(level)
    library = logging.getLogger("some.library")
    library.info("a question")
    library.warning("careful")
    printed = capsys.readouterr().err
    assert "a question" not in printed
    assert printed.count("WARNING some.library careful") == shown


@pytest.mark.parametrize("path", ["/a\nb", "/\x1b[2Jx", "/a\r\nb c", "/\x9b31m", "/a\u2028b", "/\x07"])
def test_an_event_is_one_line_whatever_it_holds(
    configure: Configure, capsys: pytest.CaptureFixture[str], path: str
) -> None:
    """Line breaks and control characters of a value, which a request chose, do not reach the terminal."""
    configure("info")
    structlog.get_logger("pullquote").info("request", path=path)
    printed = capsys.readouterr().err
    assert len(printed.splitlines()) == 1
    assert printed.removesuffix("\n").isprintable()


def test_an_unknown_level_is_an_error(configure: Configure) -> None:
    """No level is guessed."""
    with pytest.raises(KeyError):
        configure("verbose")
