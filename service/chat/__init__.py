"""Chat models: the seam, and what stands behind it."""

from service.chat.base import Chat, Draft, Reply, Support
from service.chat.factory import make_chat
from service.chat.langchain_chat import LangChainChat

__all__ = ["Chat", "Draft", "LangChainChat", "Reply", "Support", "make_chat"]
