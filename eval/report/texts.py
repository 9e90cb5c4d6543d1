"""Text, dates and settings as a report shows them."""

import re

__all__ = ["moment", "printable", "setting", "shortened"]

_UNSHOWN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\U000e0000-\U000e007f]")


def printable(text: str) -> str:
    """Return `text` with U+FFFD for controls, halves of characters, and marks that hide text or turn it round."""
    return _UNSHOWN.sub("\ufffd", text)


def shortened(text: str, limit: int) -> str:
    """Return `text` in one line of at most `limit` characters, cut between words where that is near."""
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    head, _, _ = line[:limit].rpartition(" ")
    return (head if 2 * len(head) > limit else line[: limit - 1]) + "…"


def setting(value: object) -> str:
    """Return the value of a setting or a version; a float that is whole without decimals."""
    if value is None:
        return "none"
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def moment(iso: str) -> str:
    """Return an ISO 8601 date as it is, and a moment with a space and UTC by its name."""
    day, _, rest = iso.partition("T")
    return f"{day} {rest.replace('+00:00', ' UTC').removesuffix('Z')}{' UTC' if rest.endswith('Z') else ''}".strip()
