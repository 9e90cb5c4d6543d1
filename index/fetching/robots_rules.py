"""What a robots.txt says (RFC 9309): whose rules are ours, and which of them decides.

The parser of Python 3.11 lets the first rule that fits decide and takes `*` for a letter, so that `Allow: /` before
`Disallow: /private` forbids nothing, and `Disallow: /*?print` neither. Here the longest rule decides, and among equally
long ones the one that allows.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

__all__ = ["ALLOW_ALL", "DISALLOW_ALL", "RobotsRules", "Rule", "parse_robots"]

_LINE = re.compile(r"\r\n|\r|\n")
_TOKEN = re.compile(r"[a-z_-]+|\*")
_ESCAPED = re.compile(r"%([0-9A-Fa-f]{2})")
_SECONDS = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})?")
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")
_MAX_PATTERN = 2_000
_NAMES = {"useragent": "user-agent", "dissallow": "disallow", "crawldelay": "crawl-delay"}


@dataclass(frozen=True)
class Rule:
    """A path pattern, in which `*` is any text and a final `$` the end, and whether it allows."""

    pattern: str
    allows: bool

    def fits(self, target: str) -> bool:
        """Tell whether a target begins as the pattern says; takes time linear in the target for each `*`."""
        anchored = self.pattern.endswith("$")
        first, *rest = self.pattern.removesuffix("$").split("*")
        if not target.startswith(first):
            return False
        at = len(first)
        for number, part in enumerate(rest, 1):
            if anchored and number == len(rest):
                return target.endswith(part) and len(target) - len(part) >= at
            found = target.find(part, at)
            if found < 0:
                return False
            at = found + len(part)
        return not anchored or at == len(target)


@dataclass(frozen=True)
class RobotsRules:
    """The rules for one crawler on one origin, the longest first, and the seconds asked for between requests."""

    rules: tuple[Rule, ...] = ()
    delay: float = 0.0

    def allows(self, target: str) -> bool:
        """Tell whether a path with its query may be fetched."""
        plain = _plain(target)
        return target == "/robots.txt" or next((rule.allows for rule in self.rules if rule.fits(plain)), True)


ALLOW_ALL = RobotsRules()
"""For origins without a robots.txt."""

DISALLOW_ALL = RobotsRules((Rule("/", allows=False),))
"""For origins whose robots.txt cannot be read now."""


def parse_robots(text: str, agent: str) -> RobotsRules:
    """Return the rules of a robots.txt for a crawler's product token, or those for all where it has none."""
    groups: dict[str, tuple[list[Rule], list[float]]] = {}
    agents: list[str] = []
    open_group = False
    for name, value in _lines(text):
        if name == "user-agent":
            token = _TOKEN.match(value.lower())
            agents = [*(agents if open_group else ()), token[0] if token else ""]
            open_group = True
            groups.setdefault(agents[-1], ([], []))
        elif name in ("allow", "disallow", "crawl-delay"):
            open_group = False
            for group in {id(groups[agent]): groups[agent] for agent in agents}.values():
                _add(group, name, value)
    rules, delays = groups.get(agent.lower()) or groups.get("*") or ([], [])
    ordered = sorted(rules, key=lambda rule: (-len(rule.pattern), not rule.allows))
    return RobotsRules(tuple(ordered), max(delays, default=0.0))


def _add(group: tuple[list[Rule], list[float]], name: str, value: str) -> None:
    rules, delays = group
    if name == "crawl-delay":
        if _SECONDS.fullmatch(value):
            delays.append(float(value))
    elif value.startswith(("/", "*")):
        rules.append(Rule(_plain(value[:_MAX_PATTERN]), allows=name == "allow"))


def _lines(text: str) -> Iterator[tuple[str, str]]:
    for line in _LINE.split(text.removeprefix("\ufeff")):
        name, colon, value = line.partition("#")[0].partition(":")
        if colon:
            plain = name.strip().lower()
            yield _NAMES.get(plain, plain), value.strip()


def _plain(path: str) -> str:
    """Return a path in the one escaping in which paths are compared (RFC 9309, 2.2.2)."""
    return _ESCAPED.sub(_unescaped, quote(path, safe="/?:@!$&'()*+,;=-._~%[]", errors="replace"))


def _unescaped(match: re.Match[str]) -> str:
    char = chr(int(match[1], 16))
    return char if _UNRESERVED.fullmatch(char) else match[0].upper()
