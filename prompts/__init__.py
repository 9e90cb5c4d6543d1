"""Prompts: versioned templates with declared variables.

A template is `name.vN.jinja`; its first line declares its variables: `{#- variables: question, evidence -#}`. Lines of
`=====` part what the system says, then examples, then what the user says. An example is what a user said and, after a
line of `-----`, the reply to it. System and examples hold no variable: a server reads them once and caches them.
Values are inserted as they are, whatever braces they hold: nothing of a value is ever a template.
"""

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from jinja2 import Environment, StrictUndefined, Template, meta

__all__ = ["Example", "Messages", "Prompt", "PromptError", "load_prompt"]

_DECLARATION = re.compile(r"\{#- variables: ([a-z_, ]*) -#\}\n")

_PART, _REPLY = "\n=====\n", "\n-----\n"


class PromptError(Exception):
    """A template that does not exist, does not declare what it uses, or is given other variables."""


@dataclass(frozen=True)
class Example:
    """An earlier exchange that shows the model what is wanted."""

    user: str
    reply: str


@dataclass(frozen=True)
class Messages:
    """A rendered prompt: the system's message, examples, and the user's message."""

    system: str
    user: str
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True)
class Prompt:
    """A template ready to render; `fingerprint` is the first 12 hex digits of the SHA-256 of its source."""

    name: str
    fingerprint: str
    variables: frozenset[str]
    system: str
    examples: tuple[Example, ...]
    user: Template

    def render(self, **values: object) -> Messages:
        """Render with exactly the declared variables. Raises PromptError for others."""
        if values.keys() != self.variables:
            raise PromptError(f"prompt {self.name} takes {sorted(self.variables)}, not {sorted(values)}")
        return Messages(self.system, self.user.render(values).strip(), self.examples)


@cache
def load_prompt(name: str) -> Prompt:
    """Load the template `name` ("answer.v2"). Raises PromptError where it is missing or its declaration is wrong."""
    try:
        source = files(__name__).joinpath(f"{name}.jinja").read_text(encoding="utf-8")
    except FileNotFoundError as exc:
        raise PromptError(f"there is no prompt {name!r}") from exc
    environment = _environment()
    used = meta.find_undeclared_variables(environment.parse(source))
    declaration = _DECLARATION.match(source)
    declared = {word for word in re.split(r"[, ]+", declaration[1]) if word} if declaration else set()
    if not declaration or declared != used:
        raise PromptError(f"prompt {name} declares {sorted(declared)} but uses {sorted(used)}")
    *static, user = source[declaration.end() :].split(_PART)
    if not static or any(meta.find_undeclared_variables(environment.parse(part)) for part in static):
        raise PromptError(f"prompt {name} needs a line of ===== after a system message without variables")
    examples = tuple(_example(name, part) for part in static[1:])
    fingerprint = hashlib.sha256(source.encode()).hexdigest()[:12]
    return Prompt(name, fingerprint, frozenset(used), static[0].strip(), examples, environment.from_string(user))


def _example(name: str, part: str) -> Example:
    user, parted, reply = part.partition(_REPLY)
    if not parted:
        raise PromptError(f"prompt {name} has an example without a reply after a line of -----")
    return Example(user.strip(), reply.strip())


@cache
def _environment() -> Environment:
    # plain text for a model: escaping for HTML would change what the articles say
    return Environment(undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True)  # noqa: S701
