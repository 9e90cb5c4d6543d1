"""What reads documents and pages, as the settings have it."""

from index.documents import Documents
from index.fetching import Fetcher, Policy
from service.settings import Settings

__all__ = ["make_documents"]


def make_documents(settings: Settings) -> Documents:
    """Return what reads documents and fetches pages; whoever asks for it closes it."""
    policy = Policy(allow_private=settings.fetch_private_hosts)
    return Documents(Fetcher(policy, contact=settings.public_url))
