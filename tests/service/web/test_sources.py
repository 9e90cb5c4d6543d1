import re
from itertools import pairwise
from pathlib import Path

import pytest

from service.http.pages import FIRST

WEB = Path(__file__).parents[3] / "service" / "http" / "web"
SCRIPTS = sorted((WEB / "js").glob("*.js"))
FORBIDDEN = (
    "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "DOMParser", "srcdoc",
    "createContextualFragment", "setHTML", "javascript:", "XMLHttpRequest", "postMessage", "document.cookie",
)  # fmt: skip
IMPORT = re.compile(r"(?:^(?:import|\}).* from |import\()'([^']+)'", re.MULTILINE)
BUDGET_BYTES = 60_000


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_text_is_never_markup(script: Path) -> None:
    """No script has a way from text to markup or code."""
    text = script.read_text(encoding="utf-8")
    assert [word for word in FORBIDDEN if word in text] == []


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_scripts_are_small_and_say_what_they_are(script: Path) -> None:
    """Each is below 250 lines, begins with what it is for, and imports its neighbours alone."""
    text = script.read_text(encoding="utf-8")
    assert len(text.splitlines()) < 250
    assert text.startswith("/** ")
    assert all(re.fullmatch(r"\./[a-z]+\.js", name) for name in IMPORT.findall(text))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_what_is_exported_is_explained(script: Path) -> None:
    """Before every export stands what it does."""
    lines = script.read_text(encoding="utf-8").splitlines()
    bare = [line for before, line in pairwise(lines) if line.startswith("export") and "*/" not in before]
    assert bare == []


def test_nothing_is_loaded_from_elsewhere() -> None:
    """Page and styles name no address but our own; the page has neither inline script nor inline style."""
    page = (WEB / "index.html").read_text(encoding="utf-8")
    assert all(target.startswith(("/", "#")) for target in re.findall(r'(?:href|src)="([^"]*)"', page))
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", page)
    for style in WEB.glob("*.css"):
        assert not re.search(r"url\(|@import|@font-face", style.read_text(encoding="utf-8"))


def _imported(name: str) -> set[str]:
    """Return the scripts that a script loads at once, itself included."""
    found, waiting = set(), [name]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            text = (WEB / "js" / f"{one}.js").read_text(encoding="utf-8")
            waiting += re.findall(r"from '\./([a-z]+)\.js'", text)
    return found


def test_what_is_loaded_first_is_light() -> None:
    """The scripts loaded first are those that are named so, and with page, styles and icon they weigh below 60 kB."""
    assert _imported("main") == set(FIRST)
    files = [WEB / "js" / f"{name}.js" for name in FIRST]
    files += [WEB / "index.html", WEB / "favicon.svg", *WEB.glob("*.css")]
    assert sum(file.stat().st_size for file in files) < BUDGET_BYTES
