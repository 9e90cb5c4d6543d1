"""The reranker that the settings name."""

from index.errors import RerankerError
from index.rerankers import Reranker
from index.rerankers.cross_encoder import CrossEncoderReranker
from service.settings import Settings

__all__ = ["make_reranker"]


def make_reranker(settings: Settings) -> Reranker | None:
    """Make the reranker of the settings, or None where none is set; its model is loaded by the first texts.

    Raises RerankerError for a folder that is missing, or that holds no cross-encoder.
    """
    folder = settings.reranker
    if folder is None:
        return None
    if not folder.is_dir():
        raise RerankerError(
            f"PULLQUOTE_RERANKER is {str(folder)!r}, which is not a folder; "
            "models are never loaded from a hub, so download it first and name its folder"
        )
    return CrossEncoderReranker(folder, name=folder.resolve().name)
