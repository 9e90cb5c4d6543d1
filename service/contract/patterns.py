"""What a text has to look like, for the description of the API: the code that refuses it says more to people."""

__all__ = ["ARTICLE_ID", "DATE", "DATE_OR_NONE", "URL_OR_NONE", "WORD"]

WORD = r"[\p{L}\p{N}]"
"""Holds a letter or a digit."""

ARTICLE_ID = r"^(?!\.+$)[A-Za-z0-9._:#~-]{1,128}$"
"""An article's id: dots alone mean something else in a web address."""

_YEAR = r"(?!0000|9999)[0-9]{4}"
_MONTHS = (
    r"(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])",
    r"(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)",
    r"02-(?:0[1-9]|1[0-9]|2[0-8])",
)
_LEAP = r"(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:0[48]|[2468][048]|[13579][26])00)-02-29"
_DAY = rf"(?:{_YEAR}-(?:{'|'.join(_MONTHS)})|{_LEAP})"
_HOUR = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]"
_ZONE = r"(?: ?(?:Z|[+-](?:[01][0-9]|2[0-3]):?[0-5][0-9]))"
_TIME = rf"(?:[T ]{_HOUR}(?::[0-5][0-9](?:\.[0-9]{{1,6}})?)?{_ZONE}?)"
_DATE = rf"(?:{_YEAR}(?:-(?:0[1-9]|1[0-2]))?|{_DAY}{_TIME}?)"

DATE = rf"^{_DATE}$"
"""A year, a month, a day or a moment that there is."""

DATE_OR_NONE = rf"^\s*{_DATE}?\s*$"
"""The same with white space around it, or nothing."""

URL_OR_NONE = r"^\s*(?:[hH][tT][tT][pP][sS]?://[^\s/?#@:\[\]\\]+(?::[0-9]{1,4})?(?:[/?#]\S*)?)?\s*$"
"""A web address with white space around it, or nothing."""

VALIDATOR = r"^[!-~](?:[ -~]{0,998}[!-~])?$"
"""An ETag or Last-Modified, which can be sent again."""
