import pytest

from index.language import UNDETERMINED, detect_language


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The bridge was opened on Monday by the mayor of the town.", "en"),
        ("Die Brücke wurde am Montag vom Bürgermeister eröffnet.", "de"),
        ("Мост был открыт в понедельник мэром города.", "ru"),
        ("这座桥于星期一由市长宣布通车。", "zh"),
        ("افتتح العمدة الجسر يوم الاثنين.", "ar"),
    ],
)
def test_the_language_of_a_sentence(text: str, code: str) -> None:
    """One sentence is enough to tell the language."""
    assert detect_language(text) == code


@pytest.mark.parametrize("text", ["1", "😀", "a"])
def test_too_little_to_tell(text: str) -> None:
    """Where the odds are less than even the language is undetermined."""
    assert detect_language(text) == UNDETERMINED


def test_only_the_beginning_is_read() -> None:
    """What follows the first 4,000 characters does not count, so that length costs no time."""
    english = "The bridge was opened on Monday by the mayor of the town. " * 80
    assert detect_language(english + "Die Brücke wurde am Montag eröffnet. " * 1000) == "en"
