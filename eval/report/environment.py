"""The templates, in which all that is shown is escaped, and the policy that lets the page load nothing."""

import base64
import hashlib
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from eval.report import formats, links, texts, verdict

__all__ = ["environment", "policy", "source"]

_FILTERS = (
    formats.counted,
    formats.interval,
    formats.number,
    formats.p_value,
    formats.signed,
    links.fragment,
    links.web_address,
    texts.moment,
    texts.setting,
    texts.shortened,
    verdict.held_to,
)


@cache
def environment() -> Environment:
    """Return the templates of this package."""
    made = Environment(
        loader=PackageLoader("eval.report", ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_printable,
    )
    made.filters |= {shown.__name__: shown for shown in _FILTERS}
    return made


@cache
def source(name: str) -> Markup:
    """Return a style or a script of this package, as it is."""
    return Markup(files("eval.report").joinpath(name).read_text(encoding="utf-8"))  # noqa: S704  (our own file)


def policy(style: str, script: str) -> str:
    """Return a Content-Security-Policy that allows this style and this script, by their hashes, and nothing else."""
    return (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; img-src data:; base-uri 'none'; "
        "form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )


def _hash(text: str) -> str:
    """Return the hash of what stands between the tags, as CSP level 2 has it."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _printable(value: object) -> object:
    """Return what is put into the page, before it is escaped."""
    return texts.printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value
