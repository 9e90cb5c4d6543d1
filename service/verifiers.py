"""The verifier that the settings name."""

from service.chat.base import Chat
from service.checking.entailment import EntailmentVerifier
from service.checking.support import ChatVerifier, Verifier
from service.errors import SettingsError
from service.settings import Settings

__all__ = ["make_verifier"]


def make_verifier(settings: Settings, chat: Chat) -> Verifier:
    """Make the verifier of the settings: the chat model where none is set; another is loaded by its first claim.

    Raises SettingsError for a folder that is missing, or that holds no model for entailment.
    """
    folder = settings.verifier
    if folder is None:
        return ChatVerifier(chat)
    if not folder.is_dir():
        raise SettingsError(
            f"PULLQUOTE_VERIFIER is {str(folder)!r}, which is not a folder; "
            "models are never loaded from a hub, so download it first and name its folder"
        )
    return EntailmentVerifier(folder, name=folder.resolve().name)
