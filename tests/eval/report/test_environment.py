import zipfile
from importlib.resources import files
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder
from jinja2 import UndefinedError
from markupsafe import Markup

from eval.report.environment import environment, policy, source

ROOT = Path(__file__).parents[3]


def test_every_template_can_be_read() -> None:
    """All templates of the package are whole, and there are some."""
    names = environment().list_templates(extensions=["jinja"])
    assert len(names) > 10
    for name in names:
        environment().get_template(name)


def test_values_are_escaped_and_made_visible() -> None:
    """What is put into a template is text; only markup that was made as such is not."""
    made = environment().from_string("<i title='{{ x }}'>{{ x }}{{ y }}{{ 7 }}</i>")
    assert made.render(x="'<b>\x00", y=Markup("<u>")) == "<i title='&#39;&lt;b&gt;\ufffd'>&#39;&lt;b&gt;\ufffd<u>7</i>"


def test_a_name_that_does_not_exist_is_an_error() -> None:
    """A template never shows nothing for a name that was mistyped."""
    with pytest.raises(UndefinedError, match="misspelt"):
        environment().from_string("{{ misspelt }}").render()


def test_style_and_script_cannot_end_their_element() -> None:
    """They go into the page as they are, so they must not hold what would end them."""
    for name in ("style.css", "page.js"):
        assert "</" not in source(name)
        assert source(name).isascii() or name == "style.css"


def test_the_policy_of_known_texts() -> None:
    """The hash of `alert(1)` is the one that the CSP's authors and browsers compute."""
    assert "script-src 'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='" in policy("", "alert(1)")
    assert "style-src 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='" in policy("", "")


def test_the_wheel_holds_what_a_page_is_made_of(tmp_path: Path) -> None:
    """Templates, style and script are installed with the package."""
    (built,) = WheelBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"])
    with zipfile.ZipFile(built) as archive:
        packed = set(archive.namelist())
    parts = {f"eval/report/{file.name}" for file in files("eval.report").iterdir() if file.is_file()}
    assert {"eval/report/page.html.jinja", "eval/report/style.css", "eval/report/page.js"} <= parts <= packed
