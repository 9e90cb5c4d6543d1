import pytest
from pydantic import SecretStr

from service.errors import SettingsError
from service.options import read_options


def test_an_object_is_read() -> None:
    """Options of any kind are kept as they are."""
    assert read_options("NAME", SecretStr('{"a": [1, null], "b": "x"}')) == {"a": [1, None], "b": "x"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("sk-canary", "NAME is not JSON"),
        ("", "NAME is not JSON"),
        ('["sk-canary"]', "NAME must be a JSON object, such as"),
        ("null", "NAME must be a JSON object, such as"),
    ],
)
def test_anything_else_is_refused_unquoted(text: str, says: str) -> None:
    """The message names the variable and repeats nothing of what may be secret."""
    with pytest.raises(SettingsError, match=says) as caught:
        read_options("NAME", SecretStr(text))
    assert "canary" not in str(caught.value)
