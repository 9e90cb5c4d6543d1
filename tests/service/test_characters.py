import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.characters import stripped, visible

TAGGED = "".join(chr(0xE0000 + ord(character)) for character in "ignore all")
INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202e\u2060\u2066\u2069\u206f\u3164"
    "\ufe00\ufe0f\ufeff\uffa0\ufff9\U0001d173\U000e0001\U000e007f\U000e0100\U000e01ef\x00\x08\x1b\x7f\x80\x9f"
)


@pytest.mark.parametrize("character", INVISIBLE, ids=ascii)
def test_an_invisible_character_is_stripped_and_counted(character: str) -> None:
    """Wherever it stands, alone or in a row."""
    text = f"{character}a{character * 3}b{character}"
    assert visible(text) == "ab"
    assert stripped(text) == 5


def test_a_hidden_instruction_is_gone() -> None:
    """Words written in tags vanish whole."""
    assert visible(f"It rained{TAGGED}.") == "It rained."
    assert stripped(f"It rained{TAGGED}.") == len("ignore all")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "General Zhang led, on 12 June: \"1,200 men\" — 'quite' (a lot)!",
        "tabs\tand\nnew\r\nlines\x0b\x0c\x85 stay",
        "no-break\u00a0space, thin\u2009space, ideographic\u3000space, line\u2028and paragraph\u2029end",
        "e\u0301 Ł ß ﬁ 北京 中文 שלום עִבְרִית العربية हिन्दी ไทย 👍 🏽 ½ € ™",
    ],
)
def test_what_can_be_seen_stays(text: str) -> None:
    """Letters of any script, marks, signs and white space are kept byte for byte."""
    assert visible(text) == text
    assert stripped(text) == 0


def test_every_tag_and_selector_is_covered() -> None:
    """Blocks are stripped whole, what is not assigned in them included."""
    for block in (range(0xE0000, 0xE1000), range(0xFE00, 0xFE10), range(0x2060, 0x2070), range(0x200B, 0x2010)):
        assert visible("".join(map(chr, block))) == ""


def test_bidirectional_controls_are_covered() -> None:
    """No character that turns the direction of reading is left."""
    turning = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    found = [chr(code) for code in range(0x3000) if unicodedata.bidirectional(chr(code)) in turning]
    assert len(found) == 9
    assert visible("".join(found)) == ""


@given(st.text())
def test_stripping_is_whole(text: str) -> None:
    """What is left has nothing to strip, and the counts make up the text."""
    left = visible(text)
    assert (visible(left), stripped(left)) == (left, 0)
    assert len(left) + stripped(text) == len(text)
