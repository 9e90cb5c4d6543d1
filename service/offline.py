"""What libraries would send home is switched off, whatever the environment says."""

import os

__all__ = ["FORCED", "force_offline"]

FORCED = {
    "ANONYMIZED_TELEMETRY": "False",  # chromadb
    "CHROMA_OTEL_COLLECTION_ENDPOINT": "",
    "LANGSMITH_TRACING": "false",
    "LANGSMITH_TRACING_V2": "false",
    "LANGCHAIN_TRACING": "false",
    "LANGCHAIN_TRACING_V2": "false",
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "DO_NOT_TRACK": "1",
    "TOKENIZERS_PARALLELISM": "false",
}
"""Variables that are set in every process of Pullquote, before any of these libraries is imported."""


def force_offline() -> None:
    """Set FORCED in this process and its children."""
    os.environ.update(FORCED)
