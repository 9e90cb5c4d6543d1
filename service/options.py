"""Options of a provider, which are set as JSON and may hold a key."""

import json

from pydantic import SecretStr

from service.errors import SettingsError

__all__ = ["read_options"]


def read_options(variable: str, value: SecretStr) -> dict[str, object]:
    """Return the object in `value`. Raises SettingsError naming `variable`, and nothing of what may be secret."""
    try:
        options = json.loads(value.get_secret_value())
    except ValueError as exc:
        raise SettingsError(f"{variable} is not JSON ({exc})") from exc
    if not isinstance(options, dict):
        raise SettingsError(f'{variable} must be a JSON object, such as {{"base_url": "..."}}')
    return options
